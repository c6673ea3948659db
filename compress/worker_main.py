"""The process at the other end of ``compress.worker``: answers requests until the pipe closes."""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import re
import resource
import signal
import sys
import time
import traceback
import zlib  # noqa: F401  before paddle, whose library exports clashing zlib symbols
from multiprocessing.connection import Connection
from typing import Any

PR_SET_PDEATHSIG = 1
PADDLE_FRAMES = ("In user code:", "In transformed code:")
REASON = re.compile(r"^\s*\w*Error: ", re.MULTILINE)


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
            answer = {"error": reason(error)}
        except SystemExit as end:
            traceback.print_exc()
            answer = {"error": f"SystemExit: the code ended its process with {end.code!r}"}
        answer["usage"] = _usage(time.monotonic() - start)
        connection.send_bytes(json.dumps(answer).encode())


def reason(error: Exception) -> str:
    """``ValueError: …``. Paddle's errors hold pages of frames, and the reason at their end."""
    text = str(error)
    reasons = list(REASON.finditer(text)) if text.lstrip().startswith(PADDLE_FRAMES) else []
    said = text[reasons[-1].start() :].strip() if reasons else text
    return f"{type(error).__name__}: {said}"


def _usage(seconds: float) -> dict[str, float]:
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"duration_s": round(seconds, 3), "peak_memory_bytes": peak_kib * 1024}


if __name__ == "__main__":
    sys.path.pop(0)  # the working folder, which -m puts first
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
