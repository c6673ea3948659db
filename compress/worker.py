"""Starts worker processes and talks to them; a worker that dies, hangs or lies is a JobFailure.

Requests and answers are JSON over a socket pair, never pickles: a worker runs the suite's code
and may be hostile. Each worker leads its own session, has a throwaway home and working folder,
a time limit for each call, and is killed with all its children. Should this process die first,
the kernel kills the worker (see ``compress.worker_main``).
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any

from compress.errors import FailureKind, JobFailure

MAX_ANSWER_BYTES = 64 * 2**20
LOG_TAIL_CHARACTERS = 3000
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


@dataclass
class Worker:
    """A running worker process; use ``start_worker``."""

    stage: str
    process: subprocess.Popen[bytes]
    connection: Connection
    folder: Path
    log: Path

    def call(self, request: Mapping[str, Any], timeout_s: float) -> dict[str, Any]:
        """Sends one request and waits for its answer; raises JobFailure for anything else."""
        try:
            self.connection.send_bytes(json.dumps(request, default=str).encode())
            _limit_reads(self.connection, timeout_s)
            answer = json.loads(self.connection.recv_bytes(MAX_ANSWER_BYTES))
        except BlockingIOError as error:
            message = f"no answer within {timeout_s:.0f} s; killed"
            raise self._failure("timeout", message) from error
        except (EOFError, OSError) as error:
            raise self._death() from error
        except (ValueError, RecursionError) as error:
            raise self._failure("error", f"an answer that is not JSON: {error}") from error
        if not isinstance(answer, dict) or not isinstance(answer.get("result", {}), dict):
            raise self._failure("error", "an answer of the wrong form")
        if "result" not in answer:
            raise self._failure("error", str(answer.get("error", "no reason given"))[:2000])
        result: dict[str, Any] = answer["result"]
        return result

    def _death(self) -> JobFailure:
        try:
            code = self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            return self._failure("error", "the worker closed its connection and went on; killed")
        if code >= 0:
            return self._failure("error", f"the worker ended with exit code {code}")
        known = -code in set(signal.Signals)
        name = signal.Signals(-code).name if known else f"signal {-code}"
        hint = "; perhaps the machine ran out of memory" if name == "SIGKILL" else ""
        return self._failure("signal", f"the worker was killed by {name}{hint}")

    def _failure(self, kind: FailureKind, message: str) -> JobFailure:
        return JobFailure(self.stage, kind, message, read_tail(self.log))

    def freeze(self) -> None:
        """Stops every thread of the worker, so that it cannot disturb others by spinning."""
        os.killpg(self.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Lets a frozen worker go on; ``call`` to a frozen one would only time out."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGCONT)

    def kill(self) -> None:
        """Ends the worker with all its descendants, in whatever session; never raises."""
        for pid in descendants(self.process.pid):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            self.connection.close()
        self.process.wait()


def descendants(pid: int) -> list[int]:
    """Children of the process, their children and so on, as far as the kernel lists them."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(c) for task in tasks for c in (task / "children").read_text().split()]
    except OSError:
        return []
    return [found for child in children for found in (child, *descendants(child))]


def _limit_reads(connection: Connection, seconds: float) -> None:
    """Makes reads fail with BlockingIOError after so long a silence, in mid-answer too."""
    with socket.socket(fileno=os.dup(connection.fileno())) as same:
        limit = struct.pack("ll", int(seconds), int(seconds % 1 * 1e6) + 1)
        same.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)


@contextlib.contextmanager
def start_worker(
    module: str, stage: str, scratch: Path, environment: Mapping[str, str]
) -> Iterator[Worker]:
    """Runs ``module.handle`` in a process of its own; killed and cleaned up on the way out.

    ``scratch`` is where the worker's private folder is made; ``environment`` is added to the
    few variables that pass.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^A-Za-z0-9]+", "-", stage)[:60]
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=scratch))
    log = folder / "log.txt"
    (folder / "home").mkdir()
    ours, theirs = Pipe()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "compress.worker_main", module, str(theirs.fileno())],
            cwd=folder,
            env=_environment(folder, environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
    theirs.close()
    worker = Worker(stage, process, ours, folder, log)
    try:
        yield worker
    finally:
        worker.kill()
        shutil.rmtree(folder, ignore_errors=True)


def run_worker(
    module: str,
    stage: str,
    request: Mapping[str, Any],
    *,
    scratch: Path,
    timeout_s: float,
    environment: Mapping[str, str],
) -> dict[str, Any]:
    """One request to a worker of its own; returns the answer or raises JobFailure."""
    with start_worker(module, stage, scratch, environment) as worker:
        return worker.call(request, timeout_s)


def _environment(folder: Path, extra: Mapping[str, str]) -> dict[str, str]:
    own = {key: os.environ[key] for key in PASSED_ON if key in os.environ}
    return {
        **own,
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder),
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "ENABLE_FALL_BACK": "False",  # paddledet 2.6.0 exports only without SOT
        "GLOG_minloglevel": "1",
        **extra,
    }


def read_tail(log: Path) -> str:
    """The end of a worker's output without progress-bar overwrites and control characters."""
    try:
        text = log.read_bytes()[-40_000:].decode("utf-8", "replace")
    except OSError:
        return ""
    lines = (line.rsplit("\r", 1)[-1] for line in text.split("\n"))
    clean = re.sub(r"\x1b\[[0-9;]*[A-Za-z]|[^\n\t\x20-\x7e\u00a0-\uffff]", "", "\n".join(lines))
    return clean[-LOG_TAIL_CHARACTERS:]
