"""Starts worker processes: in private folders, with a few variables, in a sandbox if wanted.

Each worker leads its own session, has a throwaway home and working folder, a time limit for each
call, and is killed with all its children. Should this process die first, the kernel kills the
worker (see ``compress.in_worker.main``). In a sandbox it sees nothing of the machine but what it
was given (``compress.sandbox``).
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Pipe
from pathlib import Path

from compress.sandbox.access import Access
from compress.sandbox.confinement import Confinement, Sandbox
from compress.sandbox.leftovers import Abuse, remove_tree, require_plain_files
from compress.worker.process import A, Hear, Usage, Worker, read_tail
from core.errors import JobFailure
from core.schema import StrictModel

NOTHING = Access()
INIT = 1
"""The parent of a worker in a sandbox: the first process of its namespace."""
PASSED_ON = (
    "PATH",
    "LANG",
    "LC_ALL",
    "LD_LIBRARY_PATH",
    "CUDA_VISIBLE_DEVICES",
    "PYTHONPATH",
    "SSL_CERT_FILE",
)
"""All that a worker sees of this process's environment."""


@dataclass(frozen=True)
class Workplace:
    """Where workers run. ``scratch`` is where their private folders are made; ``environment`` is
    added to the few variables that pass.
    """

    scratch: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    sandbox: Sandbox | None = None


@contextmanager
def start_worker(
    module: str, stage: str, workplace: Workplace, access: Access = NOTHING
) -> Iterator[Worker]:
    """Runs ``module.handle`` in a process of its own; killed and cleaned up on the way out.

    In a sandbox it may touch what ``access`` names, and its working folder. The log lies beside
    that folder, where the worker cannot put a link in its place.
    """
    workplace.scratch.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^A-Za-z0-9]+", "-", stage)[:60]
    private = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=workplace.scratch))
    folder, log = private / "work", private / "log.txt"
    (folder / "home").mkdir(parents=True)
    with ExitStack() as stack:
        stack.callback(remove_tree, private)
        sandbox = workplace.sandbox
        confinement = None
        if sandbox is not None:
            confinement = stack.enter_context(sandbox.confine(folder, log, access, module))
        environment = _environment(folder, workplace.environment)
        worker = _launch(module, stage, log, confinement, folder, environment)
        stack.callback(worker.end)
        if confinement is not None:
            stack.enter_context(confinement.watch(worker.processes, worker.kill))
        yield worker


def _launch(
    module: str,
    stage: str,
    log: Path,
    confinement: Confinement | None,
    folder: Path,
    environment: Mapping[str, str],
) -> Worker:
    ours, theirs = Pipe()
    parent = os.getpid() if confinement is None else INIT
    words = [module, str(theirs.fileno()), str(parent)]
    command = [sys.executable, "-m", "compress.in_worker.main", *words]
    with log.open("wb") as output:
        process = subprocess.Popen(
            confinement.wrap(command) if confinement else command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
    theirs.close()
    return Worker(stage, process, ours, log, confinement)


def run_worker(
    module: str,
    stage: str,
    request: StrictModel,
    expected: type[A],
    *,
    workplace: Workplace,
    timeout_s: float,
    access: Access = NOTHING,
    hear: Hear | None = None,
) -> tuple[A, Usage]:
    """Sends one request to a worker of its own; returns the answer, an ``expected``, with what it
    cost. Raises JobFailure.

    Anything but plain files in the folders that the worker may write to is a failure.
    """
    with start_worker(module, stage, workplace, access) as worker:
        answer = worker.ask(request, expected, timeout_s, hear)
        worker.end()
        worker.require_within_limits()
        try:
            for folder in access.writes:
                require_plain_files(folder)
        except Abuse as abuse:
            raise JobFailure(stage, "limit", str(abuse), read_tail(worker.log)) from abuse
        return answer, worker.usage


def _environment(folder: Path, extra: Mapping[str, str]) -> dict[str, str]:
    own = {key: os.environ[key] for key in PASSED_ON if key in os.environ}
    return {
        **own,
        "HOME": str(folder / "home"),
        "USER": "nobody",
        "LOGNAME": "nobody",
        "TMPDIR": str(folder),
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "ENABLE_FALL_BACK": "False",  # suites export whole graphs only, so without SOT
        "GLOG_minloglevel": "1",
        **extra,
    }
