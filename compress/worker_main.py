"""The process at the other end of ``compress.worker``: answers requests until the pipe closes."""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import resource
import signal
import sys
import time
import traceback
import zlib  # noqa: F401  before paddle, whose library exports clashing zlib symbols
from multiprocessing.connection import Connection
from typing import Any

PR_SET_PDEATHSIG = 1


def main(module: str, descriptor: int, parent: int) -> None:
    """Serves ``module.handle(request) -> answer``; an exception becomes an error answer.

    A module that has ``TELLS`` gets, as a second argument, a function that tells the parent how far
    it is (``compress.training_log.Step`` as plain data).
    """
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        return  # the parent died before the line above
    connection = Connection(descriptor)

    def tell(progress: dict[str, Any]) -> None:
        connection.send_bytes(json.dumps({"progress": progress}).encode())

    served = None
    while True:
        try:
            request = json.loads(connection.recv_bytes())
        except EOFError:
            return
        start = time.monotonic()
        try:
            served = served or importlib.import_module(module)
            more = (tell,) if getattr(served, "TELLS", False) else ()
            answer = {"result": served.handle(request, *more)}
        except Exception as error:  # noqa: BLE001  reported to the parent, which decides
            traceback.print_exc()
            answer = {"error": f"{type(error).__name__}: {error}"}
        answer["usage"] = _usage(time.monotonic() - start)
        connection.send_bytes(json.dumps(answer).encode())


def _usage(seconds: float) -> dict[str, float]:
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"duration_s": round(seconds, 3), "peak_memory_bytes": peak_kib * 1024}


if __name__ == "__main__":
    sys.path.pop(0)  # the working folder, which -m puts first
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
