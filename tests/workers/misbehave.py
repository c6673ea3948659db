import ctypes
import os
import signal
import subprocess
import sys
import time


def handle(request):
    print("some output\rfinal output \x1b[31mred\x1b[0m", flush=True)
    return {
        "echo": lambda: {"said": request["text"]},
        "raise": lambda: 1 / 0,
        "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
        "segfault": lambda: ctypes.string_at(0),
        "exit": lambda: os._exit(7),
        "hang": lambda: time.sleep(600),
        "child": lambda: {
            "pid": subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]).pid
        },
        "environment": lambda: {"names": sorted(os.environ), "home": os.environ["HOME"]},
    }[request["do"]]()
