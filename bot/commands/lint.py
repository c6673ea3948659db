"""``slimgate lint``: what is wrong with recipes and manifests, before they run."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer


class LintFormat(str, Enum):
    """For people, machines, code scanning, and annotations of GitHub's runners."""

    text = "text"
    json = "json"
    sarif = "sarif"
    github = "github"


def lint(
    files: Annotated[list[Path], typer.Argument(help="Recipes, manifests, or folders of them.")],
    model: Annotated[
        Path | None, typer.Option(help="Folder with the exported model, to look at its graph, too.")
    ] = None,
    fix: Annotated[bool, typer.Option("--fix", help="Mend what can be mended safely.")] = False,
    output: Annotated[
        LintFormat, typer.Option("--format", help="Form of the answer.")
    ] = LintFormat.text,
) -> int:
    """Find what is wrong with compression recipes before they run; exit 1 if anything is.

    Example: slimgate lint --fix deploy/slim/act/configs
    """
    from bot.lint.findings import RENDERERS
    from bot.lint.lint import lint_files
    from core.errors import EXIT_GATE

    report = lint_files(files, model, fix)
    typer.echo(RENDERERS[output.value](report))
    return EXIT_GATE if any(one.severity != "note" for one in report.findings) else 0


COMMAND = lint
