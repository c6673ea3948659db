"""A running worker process: sends requests to it, freezes it, ends it.

Requests and answers are JSON over a socket pair, never pickles: a worker runs the suite's code
and may be hostile. Anything but a valid answer in time becomes a JobFailure.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from compress.artifacts.training_log import Step
from compress.sandbox.confinement import Confinement
from compress.sandbox.watch import descendants
from core.errors import FailureKind, JobFailure
from core.quantities import Bytes, DurationS
from core.safe_json import parse_json
from core.schema import StrictModel, list_errors

MAX_ANSWER_BYTES, MAX_ANSWER_VALUES = 2**22, 200_000
LOG_TAIL_CHARACTERS, LOG_TAIL_BYTES = 3000, 40_000
STOP_TRIES, END_PATIENCE_S = 100, 10.0
SIGNALLED = 128
"""A sandbox exits with this plus the number of the signal that killed the command in it."""


Hear = Callable[[Step], None]
A = TypeVar("A", bound=StrictModel)


def read_answer(model: type[A], answer: dict[str, Any], stage: str) -> A:
    """Validates the answer of a worker, which may be hostile; raises JobFailure."""
    try:
        return model.model_validate(answer)
    except ValidationError as error:
        reasons = [problem["msg"] for problem in list_errors(error)]
        reason = reasons[0] if reasons else f"{error.error_count()} of its values are wrong"
        message = f"the worker's answer is not valid: {reason}"
        raise JobFailure(stage, "error", message) from error


class Usage(StrictModel):
    """The cost of an answer: wall time, and the largest resident memory so far."""

    duration_s: DurationS = 0.0
    peak_memory_bytes: Bytes = 0


def read_usage(report: object) -> Usage:
    """The cost that a worker reports; zero if the report is not valid."""
    try:
        return Usage.model_validate(report or {})
    except ValidationError:
        return Usage()


@dataclass
class Worker:
    """A running worker process; made by ``compress.worker.start.start_worker``."""

    stage: str
    process: subprocess.Popen[bytes]
    connection: Connection
    log: Path
    confinement: Confinement | None
    ended: bool = False
    usage: Usage = field(default_factory=Usage)

    def ask(
        self, request: StrictModel, expected: type[A], timeout_s: float, hear: Hear | None = None
    ) -> A:
        """Sends one request and returns its validated answer; raises JobFailure."""
        plain = request.model_dump(by_alias=True)  # as JSON it would lose infinities in configs
        return read_answer(expected, self.call(plain, timeout_s, hear), self.stage)

    def call(
        self, request: Mapping[str, Any], timeout_s: float, hear: Hear | None = None
    ) -> dict[str, Any]:
        """Sends one request and waits for its answer; raises JobFailure for anything else.

        ``hear`` is called with each step that the worker reports before its answer.
        """
        late = f"no answer within {timeout_s:.0f} s; killed"
        try:
            with self._deadline(timeout_s) as passed:
                self.connection.send_bytes(json.dumps(request, default=str).encode())
                _limit_reads(self.connection, timeout_s)
                answer = self._receive(hear)
        except BlockingIOError as error:
            raise self._failure("timeout", late) from error
        except (EOFError, OSError) as error:
            raise self._failure("timeout", late) if passed.is_set() else self._death() from error
        except ValueError as error:
            raise self._failure("error", f"the worker's answer is not valid: {error}") from error
        if not isinstance(answer, dict) or not isinstance(answer.get("result", {}), dict):
            raise self._failure("error", "the worker's answer is not an object with a result")
        self.usage = read_usage(answer.get("usage"))
        if "result" not in answer:
            raise self._failure(
                "error", str(answer.get("error", "the worker gave no reason"))[:2000]
            )
        result: dict[str, Any] = answer["result"]
        return result

    def _receive(self, hear: Hear | None) -> Any:
        """The answer; messages before it report progress."""
        while True:
            message = parse_json(self.connection.recv_bytes(MAX_ANSWER_BYTES), MAX_ANSWER_VALUES)
            if not isinstance(message, dict) or "progress" not in message:
                return message
            if hear is not None:
                hear(Step.model_validate(message["progress"]))

    @contextmanager
    def _deadline(self, seconds: float) -> Iterator[threading.Event]:
        """Kills the worker at the deadline, even if it keeps sending; then the event is set."""
        passed = threading.Event()

        def end() -> None:
            passed.set()
            self.kill()

        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            yield passed
        finally:
            timer.cancel()

    def _death(self) -> JobFailure:
        try:
            code = self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            return self._failure(
                "error", "the worker closed its connection, went on running and was killed"
            )
        if self.confinement and code > SIGNALLED:
            code = SIGNALLED - code
        if code >= 0:
            return self._failure("error", f"the worker ended with exit code {code}")
        has_name = -code in set(signal.Signals)
        name = signal.Signals(-code).name if has_name else f"signal {-code}"
        hint = "; perhaps the machine ran out of memory" if name == "SIGKILL" else ""
        return self._failure("signal", f"the worker was killed by {name}{hint}")

    def _failure(self, kind: FailureKind, message: str) -> JobFailure:
        excess = self.confinement.excess() if self.confinement else None
        if excess is not None:
            kind, message = "limit", excess
        refused = self.confinement.refused() if self.confinement else ""
        return JobFailure(self.stage, kind, message + refused, read_tail(self.log))

    def require_within_limits(self) -> None:
        """Raises JobFailure if the worker exceeded its limits, even if it answered."""
        if self.confinement is not None and self.confinement.excess() is not None:
            raise self._failure("limit", "the worker exceeded its limits")

    def freeze(self) -> None:
        """Stops every thread of the worker, so that it takes no time from others. A worker that
        keeps waking itself up is killed.
        """
        for _ in range(STOP_TRIES):
            self._signal(signal.SIGSTOP)
            if all(map(_is_stopped, self.processes())):
                return
            time.sleep(0.005)
        self.kill()

    def thaw(self) -> None:
        """Lets a frozen worker go on; a ``call`` to a frozen worker would time out."""
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """Ends the worker with all its descendants, in any session; never raises."""
        self._signal(signal.SIGKILL)

    def end(self) -> None:
        """Kills the worker and releases its resources; a second call does nothing."""
        if self.ended:
            return
        self.ended = True
        self.kill()
        with suppress(OSError):
            self.connection.close()
        self.process.wait()
        deadline = time.monotonic() + END_PATIENCE_S
        while self._remaining() and time.monotonic() < deadline:
            time.sleep(0.005)  # the kernel ends the rest of the sandbox's namespace

    def processes(self) -> list[int]:
        """Every process of the worker, as far as the kernel lists them."""
        group = self.confinement.group if self.confinement else None
        return group.processes() if group else [self.process.pid, *descendants(self.process.pid)]

    def _remaining(self) -> list[int]:
        group = self.confinement.group if self.confinement else None
        return group.processes() if group else []

    def _signal(self, number: signal.Signals) -> None:
        """Signals all processes, and those that they start meanwhile."""
        reached: set[int] = set()
        while new := set(self.processes()) - reached:
            reached |= new
            for pid in new:
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, number)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, number)


def _is_stopped(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "TtZX"
    except OSError:
        return True  # the process is gone


def _limit_reads(connection: Connection, seconds: float) -> None:
    """Makes reads fail with BlockingIOError after that many seconds of silence, even in the middle
    of an answer.
    """
    with socket.socket(fileno=os.dup(connection.fileno())) as duplicate:
        limit = struct.pack("ll", int(seconds), min(int(seconds % 1 * 1e6) + 1, 999_999))
        duplicate.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)


def read_tail(log: Path) -> str:
    """The end of a worker's output, without control characters and overwritten progress bars."""
    try:
        with log.open("rb") as stream:
            stream.seek(max(0, log.stat().st_size - LOG_TAIL_BYTES))
            text = stream.read(LOG_TAIL_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""
    lines = (line.rsplit("\r", 1)[-1] for line in text.split("\n"))
    clean = re.sub(r"\x1b\[[0-9;]*[A-Za-z]|[^\n\t\x20-\x7e\u00a0-\uffff]", "", "\n".join(lines))
    return clean[-LOG_TAIL_CHARACTERS:]
