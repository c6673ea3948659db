"""The process at the other end of ``compress.worker``: answers requests until the pipe closes."""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import signal
import sys
import traceback
import zlib  # noqa: F401  before paddle, whose library exports clashing zlib symbols
from multiprocessing.connection import Connection

PR_SET_PDEATHSIG = 1


def main(module: str, descriptor: int, parent: int) -> None:
    """Serves ``module.handle(request) -> answer``; an exception becomes an error answer."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        return  # the parent died before the line above
    connection = Connection(descriptor)
    handle = None
    while True:
        try:
            request = json.loads(connection.recv_bytes())
        except EOFError:
            return
        try:
            handle = handle or importlib.import_module(module).handle
            answer = {"result": handle(request)}
        except Exception as error:  # noqa: BLE001  reported to the parent, which decides
            traceback.print_exc()
            answer = {"error": f"{type(error).__name__}: {error}"}
        connection.send_bytes(json.dumps(answer).encode())


if __name__ == "__main__":
    sys.path.pop(0)  # the working folder, which -m puts first
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
