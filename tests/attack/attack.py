"""An attack: a hostile input, the command that reads it, and what may happen then."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.attack.hub import State

REFUSED, DONE, GATED, INCOMPLETE = (2,), (0,), (1,), (3,)
ANY = (0, 1, 2, 3)
"""Exit codes: what each command may end with; 70 and signals never are."""
WORK = "@WORK@"
"""Stands for the path of the working folder in arguments."""


@dataclass(frozen=True)
class Ground:
    """The folders of one attack. ``work``: the fresh working folder of the command. ``canary``: a
    file that hostile code would make. ``secret``: a file outside, whose text must not come out.
    ``usage``: what the command took, as the harness writes it down.
    """

    root: Path

    @property
    def work(self) -> Path:
        return self.root / "work"

    @property
    def canary(self) -> Path:
        return self.root / "CANARY"

    @property
    def secret(self) -> Path:
        return self.root / "outside" / "secret.txt"

    @property
    def usage(self) -> Path:
        return self.root / "usage"

    def write(self, name: str, content: str | bytes) -> Path:
        """Writes a file below the working folder; returns its path."""
        path = self.work / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(
            content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content
        )
        return path


@dataclass(frozen=True)
class Ended:
    """How a command ended. ``code`` is negative for a signal, None if it was killed for its time;
    ``sent`` are the requests that changed the emulated GitHub, as (method, path, body);
    ``unanswered`` are the paths that it does not know: then the attack shows nothing.
    """

    code: int | None
    stdout: str
    stderr: str
    seconds: float
    peak_mib: float
    sent: tuple[tuple[str, str, dict], ...] = ()
    unanswered: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return self.stdout + self.stderr


Prepare = Callable[[Ground], object]
Check = Callable[[Ground, Ended], str | None]
"""Returns what is wrong, or None."""


def nothing(ground: Ground, ended: Ended) -> None:
    """The check that finds nothing."""


@dataclass(frozen=True)
class Limits:
    """Seconds of the clock, MiB of address space (None: unlimited, for Paddle)."""

    seconds: float = 60
    memory_mib: int | None = 2048


@dataclass(frozen=True)
class Attack:
    """``command``: arguments of slimgate, run in ``Ground.work``; ``codes``: the exit codes that
    are right; ``says``: texts that its output has to contain, such as the file and the key.
    ``hub`` makes the state of a GitHub, None without one. ``environment`` is added to the
    command's. ``paddle``: whether it starts Paddle.
    """

    name: str
    command: tuple[str, ...]
    prepare: Prepare
    codes: tuple[int, ...] = REFUSED
    says: tuple[str, ...] = ()
    check: Check = nothing
    hub: Callable[[], State] | None = None
    environment: dict[str, str] = field(default_factory=dict)
    limits: Limits = Limits()
    paddle: bool = False
