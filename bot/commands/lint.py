"""``slimgate lint``: finds mistakes in recipes and manifests before they run."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer


class LintFormat(str, Enum):
    """For people, for programs, for code scanning, and for annotations by GitHub runners."""

    text = "text"
    json = "json"
    sarif = "sarif"
    github = "github"


def lint(
    files: Annotated[
        list[Path], typer.Argument(help="Recipe files, manifests, or folders of them.")
    ],
    model: Annotated[
        Path | None,
        typer.Option(
            help="Folder with the exported model that the recipes are for, to check its graph too "
            "(default: only files are checked)."
        ),
    ] = None,
    fix: Annotated[
        bool, typer.Option("--fix", help="Correct in the files what can be corrected safely.")
    ] = False,
    output: Annotated[
        LintFormat,
        typer.Option(
            "--format",
            help="Output format: text for people, json for programs, sarif for code scanning, "
            "github for annotations in a workflow.",
        ),
    ] = LintFormat.text,
) -> int:
    """Find mistakes in compression recipes and manifests before they run.

    Exit code: 0 no findings above a note, 1 warnings or errors, 2 bad input.

    Example: slimgate lint --fix deploy/slim/act/configs
    """
    from bot.lint.findings import RENDERERS
    from bot.lint.lint import lint_files
    from bot.text.output import print_command, print_json, print_text
    from core.errors import EXIT_GATE

    report = lint_files(files, model, fix)
    shows: dict[str, Callable[[str], None]] = {"text": print_text, "github": print_command}
    shows.get(output.value, print_json)(RENDERERS[output.value](report))
    return EXIT_GATE if any(finding.severity != "note" for finding in report.findings) else 0


COMMAND = lint
