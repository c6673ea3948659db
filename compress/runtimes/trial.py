"""Whether workers start in a runtime, and what they find there."""

from __future__ import annotations

from compress.runtimes.runtime import Runtime
from compress.worker.requests import Hello, HelloRequest
from compress.worker.start import Workplace, run_worker
from core.private_folder import scratch_folder

START_S = 120.0


def greet(runtime: Runtime) -> Hello:
    """What a worker says about the runtime's Paddle; raises JobFailure if it does not start."""
    with scratch_folder() as scratch:
        hello, _ = run_worker(
            "compress.in_worker.hello",
            "start",
            HelloRequest(),
            Hello,
            workplace=Workplace(scratch, runtime=runtime),
            timeout_s=START_S,
        )
    return hello
