"""Worker for tests: what hostile code may try, as requests; each answer says how far it got."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path


def tried(action):
    try:
        return {"got": str(action())}
    except Exception as error:  # noqa: BLE001  whatever it was, it did not work
        return {"refused": f"{type(error).__name__}: {error}"}


def fill_memory():
    blocks = []
    while True:
        blocks.append(bytearray(os.urandom(2**20)) * 16)


def fill_folder(folder):
    with (Path(folder) / "full").open("wb") as stream:
        while True:
            stream.write(os.urandom(2**20))


def make_files():
    for number in range(10**7):
        Path(f"f{number}").touch()


def nest():
    while True:
        os.mkdir("d")
        os.chdir("d")


def fork_without_end():
    while True:
        with contextlib.suppress(OSError):
            if os.fork() == 0:
                time.sleep(0.001)


def outlive():
    code = "import os,time\nos.setsid()\nif os.fork(): os._exit(0)\ntime.sleep(600)"
    subprocess.run([sys.executable, "-c", code], check=True)
    return "started"


def connect_abstract(name):
    with socket.socket(socket.AF_UNIX) as client:
        client.connect("\0" + name)


def mount():
    if ctypes.CDLL(None, use_errno=True).mount(b"none", b"/tmp", b"tmpfs", 0, None):
        raise OSError(ctypes.get_errno(), "mount")


def drip():
    """An answer that never ends, a byte at a time."""
    os.write(int(sys.argv[2]), b"\0\1\0\0")
    while True:
        os.write(int(sys.argv[2]), b" ")
        time.sleep(0.2)


def touched(name):
    Path(name).touch()
    return name


def restless():
    """Processes that wake one another up."""
    for _ in range(6):
        if os.fork() == 0:
            while True:
                with contextlib.suppress(OSError):
                    os.kill(-1, signal.SIGCONT)
    return {}


def handle(request):
    target = request.get("target", "")
    return {
        "environment": lambda: {"names": sorted(os.environ), "values": list(os.environ.values())},
        "processes": lambda: {"pids": [name for name in os.listdir("/proc") if name.isdigit()]},
        "list": lambda: {"names": os.listdir(target)},
        "read": lambda: tried(Path(target).read_bytes),
        "write": lambda: tried(lambda: Path(target).write_text("hostile")),
        "spare itself": lambda: tried(lambda: Path("/proc/self/oom_score_adj").write_text("-1000")),
        "open-for-writing": lambda: tried(lambda: os.open(target, os.O_WRONLY)),
        "signal": lambda: tried(lambda: os.kill(int(target), 0)),
        "connect": lambda: tried(lambda: socket.create_connection(("127.0.0.1", int(target)), 5)),
        "abstract": lambda: tried(lambda: connect_abstract(target)),
        "resolve": lambda: tried(lambda: socket.getaddrinfo("example.org", 80)),
        "namespace": lambda: tried(
            lambda: subprocess.run(["unshare", "--user", "true"], check=True)
        ),
        "mount": lambda: tried(mount),
        "device": lambda: tried(lambda: os.mknod("/tmp/sda", 0o60600, os.makedev(8, 0))),
        "outlive": lambda: tried(outlive),
        "memory": fill_memory,
        "disk": lambda: fill_folder("."),
        "folder": lambda: tried(lambda: fill_folder(target)),
        "files": make_files,
        "nest": lambda: tried(nest),
        "fork": fork_without_end,
        "link": lambda: tried(lambda: os.symlink("/etc/passwd", f"{target}/index.json")),
        "pipe": lambda: tried(lambda: os.mkfifo(f"{target}/index.json")),
        "log": lambda: (os.symlink("/etc/passwd", "../log.txt"), time.sleep(600)),
        "drip": drip,
        "sparse-log": lambda: (os.ftruncate(1, 2**34), time.sleep(600)),
        "sparse-file": lambda: tried(lambda: os.truncate(touched("holes"), 2**27)),
        "setuid": lambda: tried(lambda: os.chmod(touched(f"{target}/su"), 0o6755)),
        "restless": restless,
        "close-folder": lambda: (os.mkdir("closed"), os.chmod("closed", 0), time.sleep(600)),
    }[request["do"]]()
