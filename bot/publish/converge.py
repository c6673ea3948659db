"""Reads GitHub, decides, applies, and reads again until nothing is left to do.

So one rule repairs a write whose answer was lost, two writers at once and what a crash left behind,
and publishing twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from bot.github.actions import Action
from bot.github.errors import GitHubError

MAX_ROUNDS = 10
"""Each other writer that starts at the same time can cost one more round, since what it creates may
become visible between reading and applying; one writer alone needs two.
"""
State = TypeVar("State")


class Hub(Protocol):
    """Applies actions to GitHub."""

    def apply(self, action: Action) -> None: ...


def converge(
    read: Callable[[], State], decide: Callable[[State], Sequence[Action]], hub: Hub
) -> State:
    """Returns the state that was read last; raises GitHubError if actions are still due after
    ``MAX_ROUNDS`` rounds.
    """
    for _ in range(MAX_ROUNDS):
        state = read()
        actions = decide(state)
        if not actions:
            return state
        for action in actions:
            hub.apply(action)
    raise GitHubError(
        f"GitHub still differs from what was written {MAX_ROUNDS} times; run the job again"
    )
