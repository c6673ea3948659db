"""Starts worker processes in private folders, with few environment variables, and in a sandbox if
the workplace has one.

Each worker leads its own session, has a temporary home and working folder and a time limit for
each call, and is killed with all its children. If this process dies first, the kernel kills the
worker (see ``compress.in_worker.main``). In a sandbox a worker sees only the files that it may
access (``compress.sandbox``).
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Pipe
from pathlib import Path

from compress.runtimes.runtime import Runtime, own_runtime
from compress.sandbox.access import Access, present
from compress.sandbox.confinement import Confinement, Sandbox
from compress.sandbox.leftovers import Abuse, remove_tree, require_plain_files
from compress.worker.own_code import code_folders, link_code
from compress.worker.process import A, Hear, Usage, Worker, read_tail
from core.errors import JobFailure
from core.schema import StrictModel

NOTHING = Access()
MAIN = "compress.in_worker.main"
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
"""The variables of this process's environment that workers see."""


@dataclass(frozen=True)
class Workplace:
    """How workers run. ``scratch`` is the parent of their private folders; ``environment`` is added
    to the variables that are passed on; ``sandbox`` is None for trusted code; ``runtime`` is the
    environment whose Python and libraries they use.
    """

    scratch: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    sandbox: Sandbox | None = None
    runtime: Runtime = field(default_factory=own_runtime)


@contextmanager
def start_worker(
    module: str, stage: str, workplace: Workplace, access: Access = NOTHING
) -> Iterator[Worker]:
    """A worker that serves ``module.handle``; it is killed and its folder removed on exit.

    In a sandbox it may access its working folder and what ``access`` names. The log lies beside
    that folder, where the worker cannot replace it by a link.
    """
    workplace.scratch.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^A-Za-z0-9]+", "-", stage)[:60]
    private = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=workplace.scratch))
    folder, log = private / "work", private / "log.txt"
    (folder / "home").mkdir(parents=True)
    with ExitStack() as stack:
        stack.callback(remove_tree, private)
        runtime, sandbox = workplace.runtime, workplace.sandbox
        own_code = None if runtime.is_own else link_code(module, private / "code")
        confinement = None
        if sandbox is not None:
            code = (*present(own_code), *code_folders(module))
            seen = replace(access, reads=(*access.reads, *runtime.reads, *code))
            confinement = stack.enter_context(sandbox.confine(folder, log, seen))
        environment = _environment(folder, workplace, own_code)
        command = [str(runtime.python), "-m", MAIN, module]
        worker = _launch(command, stage, log, confinement, folder, environment)
        stack.callback(worker.end)
        if confinement is not None:
            stack.enter_context(confinement.watch(worker.processes, worker.kill))
        yield worker


def _launch(
    program: Sequence[str],
    stage: str,
    log: Path,
    confinement: Confinement | None,
    folder: Path,
    environment: Mapping[str, str],
) -> Worker:
    ours, theirs = Pipe()
    parent = os.getpid() if confinement is None else INIT
    command = [*program, str(theirs.fileno()), str(parent)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            confinement.wrap(command) if confinement else command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=[theirs.fileno(), *(confinement.descriptors if confinement else ())],
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
    """Sends one request to a new worker; returns its answer, validated as ``expected``, and the
    cost. Raises JobFailure, also if the worker leaves anything but plain files in the folders that
    it may write to.
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


def _environment(folder: Path, workplace: Workplace, own_code: Path | None) -> dict[str, str]:
    """The variables of a worker. ``own_code``: where it finds slimgate's packages, if not in its
    Python's own.
    """
    runtime = workplace.runtime
    own = {key: os.environ[key] for key in PASSED_ON if key in os.environ}
    if own_code is not None:
        own["PYTHONPATH"] = str(own_code)
    if runtime.libraries is not None:
        own["LD_LIBRARY_PATH"] = str(runtime.libraries)
    return {
        **own,
        "HOME": str(folder / "home"),
        "USER": "nobody",
        "LOGNAME": "nobody",
        "TMPDIR": str(folder),
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "ENABLE_FALL_BACK": "False",  # without SOT: suites export whole graphs only
        "GLOG_minloglevel": "1",
        "CUDA_DEVICE_ORDER": "PCI_BUS_ID",  # as NVML numbers them
        **runtime.environment,
        **workplace.environment,
    }
