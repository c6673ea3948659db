"""``slimgate explain``: what a finding means, what it costs and how to fix it."""

from __future__ import annotations

from typing import Annotated

import typer


def explain(
    code: Annotated[
        str, typer.Argument(help="Code of a finding, such as SG101, or the name of its rule.")
    ],
) -> int:
    """Explain a finding of lint or of a report: what it means, what it costs and how to fix it.

    Example: slimgate explain SG101
    """
    from rich.console import Console
    from rich.markdown import Markdown

    from compress.doctor.diagnose import explained
    from compress.doctor.rules import RULES, find_rule
    from core.errors import InputError

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


COMMAND = explain
