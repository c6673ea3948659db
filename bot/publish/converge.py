"""Reads GitHub, decides, applies, and reads again until nothing is left to do.

So one rule repairs a write whose answer was lost, two writers at once and what a crash left behind,
and publishing twice changes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from bot.github.actions import Action
from bot.github.errors import GitHubError

MAX_ROUNDS = 10
"""Each other writer that starts at the same time can cost one more round, since what it creates may
become visible between reading and applying; one writer alone needs two.
"""
FIRST_WAIT_S, LONGEST_WAIT_S = 0.25, 4.0
State = TypeVar("State")


class Hub(Protocol):
    """Applies actions to GitHub."""

    def apply(self, action: Action) -> None: ...


def converge(
    read: Callable[[], State], decide: Callable[[State], Sequence[Action]], hub: Hub
) -> State:
    """Returns the state that was read last; raises GitHubError if actions are still due after
    ``MAX_ROUNDS`` rounds. From the third round on it waits before it reads: what was written may
    become visible late, and would be written again.
    """
    for attempt in range(MAX_ROUNDS):
        if attempt > 1:
            time.sleep(min(FIRST_WAIT_S * 2 ** (attempt - 2), LONGEST_WAIT_S))
        state = read()
        actions = decide(state)
        if not actions:
            return state
        for action in actions:
            hub.apply(action)
    raise GitHubError(
        f"GitHub still differs from what was written {MAX_ROUNDS} times; run the job again"
    )
