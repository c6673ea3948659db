"""``slimgate lint`` and ``slimgate explain``: what is wrong with recipes, why, and the fix."""

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


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command("lint")(lint)
    app.command("explain")(explain)


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
    from bot.lint import lint_files
    from bot.render.findings import RENDERERS
    from compress.errors import EXIT_GATE

    report = lint_files(files, model, fix)
    typer.echo(RENDERERS[output.value](report))
    return EXIT_GATE if any(one.severity != "note" for one in report.findings) else 0


def explain(
    code: Annotated[str, typer.Argument(help="A code such as SG101, or a rule's name.")],
) -> int:
    """Say what a finding means, what the defect costs and how to mend it.

    Example: slimgate explain SG101
    """
    from rich.console import Console
    from rich.markdown import Markdown

    from compress.doctor.diagnose import explained
    from compress.doctor.rules import RULES, find_rule
    from compress.errors import InputError

    rule = find_rule(code)
    if rule is None:
        raise InputError(
            f"unknown code {code!r}",
            given=code,
            choices=tuple(rule.code for rule in RULES),
            hint="give one of these codes",
        )
    Console().print(Markdown("\n".join(explained(rule))))
    return 0
