"""Opens what commands work with: the one place that reads the environment, the clock and paths."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.github.client import Client
    from bot.github.environment import Environment
    from bot.records.data_branch import DataBranch
    from compress.weights.published import Publisher
    from compress.worker.process import Hear
    from compress.workshop import Say, Workshop
    from core.store import Store

STAGE_TIMEOUT_S = 600.0
"""Where neither an option nor a budget says otherwise."""


def absolute(path: Path) -> Path:
    """A path that a person gave, which is relative to where they are and workers are not."""
    return Path(os.path.abspath(path.expanduser()))  # noqa: PTH100  links stay as they were given


def store_root(given: Path | None) -> Path:
    """``--store``, else ``$SLIMGATE_STORE``, else ``~/.cache/slimgate/store``."""
    named = os.environ.get("SLIMGATE_STORE")
    usual = Path.home() / ".cache" / "slimgate" / "store"
    return absolute(given or (Path(named) if named else usual))


def open_store(given: Path | None) -> Store:
    """The store that ``--store`` names."""
    from core.store import Store

    return Store(store_root(given))


@contextmanager
def open_workshop(
    store: Path | None,
    say: Say,
    *,
    threads: int | None = None,
    stage_timeout_s: float | None = None,
    confined: bool = False,
    fetches: bool = False,
    hear: Hear | None = None,
) -> Iterator[Workshop]:
    """Everything that making and measuring models takes; private folders are removed on the way
    out. ``confined``: the suite's code is not trusted, and runs in a sandbox. ``fetches``:
    published weights that are not here may be fetched.
    """
    from compress.sandbox.confinement import open_sandbox
    from compress.workshop import Workshop, default_threads
    from core.private_folder import scratch_folder

    kept = open_store(store)
    with (
        scratch_folder() as scratch,
        open_sandbox(scratch) if confined else nullcontext() as sandbox,
    ):
        yield Workshop(
            store=kept,
            scratch=scratch,
            stage_timeout_s=stage_timeout_s or STAGE_TIMEOUT_S,
            threads=threads or default_threads(),
            sandbox=sandbox,
            publisher=_publisher(kept, fetches, say),
            say=say,
            hear=hear,
        )


def open_publisher(store: Path | None, say: Say) -> Publisher:
    """Where published models are fetched from; they are kept in the store."""
    return _publisher(open_store(store), True, say)


def _publisher(store: Store, fetches: bool, say: Say) -> Publisher:
    from compress.weights.published import open_publisher as open_beside

    return open_beside(store, fetches, say)


def read_environment() -> Environment:
    """What GitHub Actions says of this job."""
    from bot.github.environment import parse_environment

    return parse_environment(os.environ)


def open_client(environment: Environment, number: int | None) -> Client:
    """GitHub, as this job's token sees it; raises InputError if the job has none."""
    from bot.github.client import Client

    return Client(environment.connection(), number)


def open_records(records: str | None, environment: Environment) -> DataBranch | None:
    """The data branch that ``--records`` names, with this job's token if it is on GitHub."""
    from bot.records.data_branch import DataBranch, token_environment

    if records is None:
        return None
    server, token = environment.server_url, environment.token
    return DataBranch(records, token_environment(server, token) if server and token else {})


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(timezone.utc)
