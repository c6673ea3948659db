"""A worker that answers, dies, hangs or lies, as its request says."""

import ctypes
import os
import signal
import struct
import subprocess
import sys
import time


def answer(data):
    os.write(int(sys.argv[2]), data)


def framed(data):
    answer(struct.pack("!i", len(data)) + data)


def train(steps, tell):
    """Reports each step; the losses are 1, 1/2, 1/3 and so on."""
    for step in range(1, steps + 1) if steps > 0 else [steps]:
        losses = {"loss": 1 / step}
        tell({"doing": "training", "step": step, "steps": steps, "losses": losses})
    return {"trained": steps}


def handle(request, tell):
    print("some output\rfinal output \x1b[31mred\x1b[0m", flush=True)
    return {
        "echo": lambda: {"said": request["text"]},
        "train": lambda: train(request["steps"], tell),
        "raise": lambda: 1 / 0,
        "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
        "segfault": lambda: ctypes.string_at(0),
        "exit": lambda: os._exit(7),
        "leave": lambda: sys.exit(0),
        "half": lambda: (answer(struct.pack("!i", 100)), time.sleep(600)),
        "number": lambda: (framed(b"5"), time.sleep(600)),
        "flood": lambda: (framed(b'{"result": {"x": "' + b"y" * 2**22 + b'"}}'), time.sleep(600)),
        "half a character": lambda: framed(rb'{"result": {"said": "\ud800"}}'),
        "empty": lambda: (framed(b"{}"), time.sleep(600)),
        "prose": lambda: (framed(b"hello"), time.sleep(600)),
        "close": lambda: (os.close(int(sys.argv[2])), time.sleep(600)),
        "realtime": lambda: os.kill(os.getpid(), 40),
        "hang": lambda: time.sleep(600),
        "child": lambda: {
            "pid": subprocess.Popen(
                [sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True
            ).pid
        },
        "environment": lambda: {"names": sorted(os.environ), "home": os.environ["HOME"]},
    }[request["do"]]()
