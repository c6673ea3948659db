"""``slimgate explain``: what a finding means, what the defect costs and how to fix it."""

from __future__ import annotations

from typing import Annotated

import typer


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
