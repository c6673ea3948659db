"""Opens what commands work with: the only place that reads the environment and the clock."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.github.client import Client
    from bot.github.environment import Environment
    from bot.records.data_branch import DataBranch
    from compress.artifacts.training_log import Step
    from compress.weights.published import Publisher
    from compress.workshop import Say, Workshop
    from core.store import Store

CACHE = Path("~/.cache/slimgate")
STAGE_TIMEOUT_S = 600.0
"""In seconds, where neither an option nor a budget sets another limit."""


def complain(text: str) -> None:
    """Prints a line on standard error."""
    from bot.text.output import print_text

    print_text(text, err=True)


def absolute(path: Path) -> Path:
    """The absolute form of a path: workers run in another working directory. Links are kept."""
    return Path(os.path.abspath(path.expanduser()))  # noqa: PTH100  resolve() would follow links


def store_root(folder: Path | None) -> Path:
    """``--store``, else ``$SLIMGATE_STORE``, else ``~/.cache/slimgate/store``; absolute."""
    variable = os.environ.get("SLIMGATE_STORE")
    default = CACHE / "store"
    return absolute(folder or (Path(variable) if variable else default))


def runtimes_root() -> Path:
    """The folder of the installed runtimes: ``$SLIMGATE_RUNTIMES``, else
    ``~/.cache/slimgate/runtimes``; absolute.
    """
    variable = os.environ.get("SLIMGATE_RUNTIMES")
    return absolute(Path(variable) if variable else CACHE / "runtimes")


def open_store(folder: Path | None) -> Store:
    """The store in ``folder``; None means the default folder. Raises InputError if it is a file."""
    from core.errors import InputError
    from core.files import is_folder
    from core.store import Store

    root = store_root(folder)
    if os.path.lexists(root) and not is_folder(root):
        raise InputError("not a folder", file=str(root), key="--store", hint="name a folder")
    return Store(root)


@contextmanager
def open_workshop(
    store: Path | None,
    say: Say | None = None,
    *,
    threads: int | None = None,
    stage_timeout_s: float | None = None,
    confined: bool = False,
    fetches: bool = False,
    describe: Callable[[Step], str] | None = None,
    runtime: str | None = None,
) -> Iterator[Workshop]:
    """Everything that building and measuring models needs; private folders are removed at the end.
    ``say`` is told what happens (default: shows it on standard error), and what workers report of
    their progress if ``describe`` words it. ``confined``: the suite's code is not trusted and runs
    in a sandbox. ``fetches``: published weights that the store lacks may be downloaded. ``runtime``
    names the environment of workers. Raises InputError.
    """
    from bot.text.progress import progress, stderr_console
    from compress.runtimes.installed import find_runtime
    from compress.sandbox.confinement import open_sandbox
    from compress.workshop import Workshop
    from core.private_folder import scratch_folder
    from core.processors import default_threads

    opened = open_store(store)
    found = find_runtime(runtime, runtimes_root())
    with (
        progress(stderr_console()) if say is None else nullcontext(say) as tell,
        scratch_folder() as scratch,
        open_sandbox(scratch) if confined else nullcontext() as sandbox,
    ):
        yield Workshop(
            store=opened,
            scratch=scratch,
            stage_timeout_s=stage_timeout_s or STAGE_TIMEOUT_S,
            threads=threads or default_threads(),
            sandbox=sandbox,
            runtime=found,
            publisher=_publisher(opened, fetches, tell),
            say=tell,
            hear=(lambda step: tell(describe(step))) if describe else None,
        )


def open_publisher(store: Path | None, say: Say) -> Publisher:
    """Downloads published models and keeps them in the store."""
    return _publisher(open_store(store), True, say)


def _publisher(store: Store, fetches: bool, say: Say) -> Publisher:
    from compress.weights.published import open_publisher as open_beside

    return open_beside(store, fetches, say)


def read_environment() -> Environment:
    """What GitHub Actions says about this job."""
    from bot.github.environment import parse_environment

    return parse_environment(os.environ)


def open_client(environment: Environment, number: int | None) -> Client:
    """A GitHub client with this job's token; raises InputError if the job has none."""
    from bot.github.client import Client

    return Client(environment.connection(), number)


def open_records(records: str | None, environment: Environment) -> DataBranch | None:
    """The data branch of the repository ``records``, an address or a folder, with this job's token
    if it is on GitHub. What it skips becomes a warning of the workflow run.
    """
    from bot.records.data_branch import DataBranch, token_environment
    from bot.text.escape import annotation
    from bot.text.output import print_command
    from core.files import is_folder

    if records is None:
        return None
    server, token = environment.server_url, environment.token
    folder = Path(records)
    return DataBranch(
        str(absolute(folder)) if is_folder(folder) else records,
        token_environment(server, token) if server and token else {},
        warn=lambda text: print_command(annotation("warning", text)),
    )


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(timezone.utc)
