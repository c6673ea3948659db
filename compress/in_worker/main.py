"""A worker's process: answers requests (``compress.worker``) until the pipe closes."""

from __future__ import annotations

import ctypes
import importlib
import inspect
import json
import os
import re
import signal
import sys
import time
import traceback
import typing
import zlib  # noqa: F401  before paddle, whose library exports clashing zlib symbols
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from pydantic import BaseModel, TypeAdapter

from compress.in_worker.memory import peak_memory_bytes

Tell = Callable[[dict[str, Any]], None]
Serve = Callable[[Any], Any]

PR_SET_PDEATHSIG = 1
PADDLE_FRAMES = ("In user code:", "In transformed code:")
REASON = re.compile(r"^[ \t]*\w*Error: ", re.MULTILINE)


def main(module: str, descriptor: int, parent: int) -> None:
    """Serves ``module.handle(request) -> answer``; an exception becomes an error answer.

    Requests are validated by the annotation of the first parameter. A ``handle`` with a second
    parameter gets a function that reports progress (``training_log.Step`` as plain data).
    """
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        return  # the parent died before the line above
    connection = Connection(descriptor)

    def tell(progress: dict[str, Any]) -> None:
        connection.send_bytes(json.dumps({"progress": progress}).encode())

    serve: Serve | None = None
    while True:
        try:
            request = json.loads(connection.recv_bytes())
        except EOFError:
            return
        start = time.monotonic()
        try:
            serve = serve or load_handler(module, tell)
            answer = {"result": serve(request)}
        except Exception as error:  # noqa: BLE001  reported to the parent, which decides
            traceback.print_exc()
            answer = {"error": reason(error)}
        except SystemExit as end:
            traceback.print_exc()
            answer = {"error": f"SystemExit: the code ended its process with {end.code!r}"}
        answer["usage"] = _usage(time.monotonic() - start)
        connection.send_bytes(json.dumps(answer).encode())


def load_handler(module: str, tell: Tell) -> Serve:
    """A function from plain request to plain answer that calls the module's ``handle``."""
    handle = importlib.import_module(module).handle
    hints = typing.get_type_hints(handle)
    names = list(inspect.signature(handle).parameters)
    schema: TypeAdapter[Any] = TypeAdapter(hints.get(names[0], dict[str, Any]))
    more = (tell,) if len(names) > 1 else ()

    def serve(request: Any) -> Any:
        answer = handle(schema.validate_python(request), *more)
        return answer.model_dump(mode="json") if isinstance(answer, BaseModel) else answer

    return serve


def reason(error: Exception) -> str:
    """``ValueError: …``. Paddle's errors hold pages of frames before the reason."""
    text = str(error)
    reasons = list(REASON.finditer(text)) if text.lstrip().startswith(PADDLE_FRAMES) else []
    message = text[reasons[-1].start() :].strip() if reasons else text
    return f"{type(error).__name__}: {message}"


def _usage(seconds: float) -> dict[str, float]:
    return {"duration_s": round(seconds, 3), "peak_memory_bytes": peak_memory_bytes()}


if __name__ == "__main__":
    sys.path.pop(0)  # the working folder, which -m puts first
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
