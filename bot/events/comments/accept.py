"""``/rebench accept MODEL --reason "…"``: lets a regression pass until its case changes again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.events.comments.base import (
    CommandOutcome,
    Facts,
    ValidNames,
    choose,
    require_write,
    split_arguments,
)
from bot.plan.request import AcceptedModel
from bot.publish.check import run_of
from core.errors import InputError

WORD = "accept"
USAGE = '/rebench accept MODEL --reason "…"'
SUMMARY = "let a regression of this model pass until a push changes its case"

MAX_REASON_CHARACTERS = 500


@dataclass(frozen=True)
class Accept:
    """The model whose regression is accepted, and why."""

    model: str
    reason: str


def parse(words: Sequence[str], names: ValidNames) -> Accept:
    """Reads the words after ``accept``; raises InputError."""
    arguments = split_arguments(words, valued=("--reason",))
    if len(arguments.positional) != 1:
        raise InputError("name one model", hint=f"write {USAGE}")
    reason = (arguments.options.get("--reason") or "").strip()
    if not reason:
        raise InputError("a reason is needed", hint=f"write {USAGE}")
    if len(reason) > MAX_REASON_CHARACTERS:
        problem = f"the reason is longer than {MAX_REASON_CHARACTERS} characters"
        raise InputError(problem, hint="shorten the reason")
    return Accept(choose(arguments.positional[0], names.models, "model"), reason)


def carry_out(command: Accept, facts: Facts) -> CommandOutcome:
    """Records the acceptance; the existing results are judged again with it."""
    require_write(facts)
    if facts.check is None or facts.check.conclusion is None or run_of(facts.check) is None:
        head = facts.pull.head_sha[:12]
        raise InputError(
            f"there are no results at {head} yet that could be accepted",
            hint="wait until the check has failed, read the report, then accept",
        )
    accepted = AcceptedModel(model=command.model, reason=command.reason, author=facts.author)
    text = (
        f"a regression of {command.model} may pass until a push changes its case, if the results "
        f"at {facts.pull.head_sha[:12]} show it"
    )
    return CommandOutcome(text, accepted=accepted)
