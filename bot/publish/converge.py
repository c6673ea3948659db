"""Looks at GitHub, decides, applies, and looks again until nothing is left to do.

So a write whose answer was lost, two writers at once and the debris of a crash are all mended by
the same rule, and publishing twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from bot.github.actions import Action
from bot.github.errors import GitHubError

MAX_ROUNDS = 4
State = TypeVar("State")


class Hub(Protocol):
    """The side of GitHub that takes actions."""

    def apply(self, action: Action) -> None: ...


def converge(
    look: Callable[[], State], decide: Callable[[State], Sequence[Action]], hub: Hub
) -> State:
    """Returns what was seen last; raises GitHubError if there is no end to it."""
    for _ in range(MAX_ROUNDS):
        state = look()
        actions = decide(state)
        if not actions:
            return state
        for action in actions:
            hub.apply(action)
    raise GitHubError("GitHub does not keep what is written to it; run the job again")
