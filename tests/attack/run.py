"""Runs one attack: the program in a fresh folder, within limits, and what is wrong afterwards."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from tests.attack.attack import WORK, Attack, Ended, Ground
from tests.attack.hub import Hub, serve
from tests.attack.verdict import MAX_OUTPUT, SECRET, listing, problems

ROOT = Path(__file__).parents[2]
MEASURE = (
    "import os, sys; pid = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ); "
    "_, status, usage = os.wait4(pid, 0); "
    "open(sys.argv[1], 'w').write(f'{status} {usage.ru_maxrss}')"
)
"""Runs a command from a small process, and writes down how it ended and how much memory it took:
the kernel counts that of whoever started a command as the command's own.
"""


def run_attack(attack: Attack) -> tuple[Ended, list[str]]:
    """How the command ended, and what is wrong with that."""
    folder = Path(tempfile.mkdtemp(prefix="attack-"))
    try:
        ground = Ground(folder)
        for name in ("work", "home", "outside"):
            (folder / name).mkdir()
        ground.secret.write_text(SECRET)
        attack.prepare(ground)
        before = listing(folder)
        with serve(Hub(attack.hub())) if attack.hub else contextlib.nullcontext() as hub:
            ended = execute(attack, ground, hub)
        return ended, [*problems(attack, ground, ended, before)]
    finally:
        remove(folder)


def execute(attack: Attack, ground: Ground, hub: Hub | None) -> Ended:
    """Runs the command; its whole process group is ended with it."""
    start, words = time.monotonic(), attack.command
    with (ground.root / "stdout").open("wb") as out, (ground.root / "stderr").open("wb") as err:
        process = subprocess.Popen(
            [
                *(sys.executable, "-I", "-S", "-c", MEASURE, str(ground.usage), *confined(attack)),
                *(*program(), *(word.replace(WORK, str(ground.work)) for word in words)),
            ],
            cwd=ground.work,
            env=environment(ground, hub, attack),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            start_new_session=True,
        )
        timer = threading.Timer(attack.limits.seconds, kill_group, (process.pid,))
        timer.start()
        process.wait()
        late = not timer.is_alive()
        timer.cancel()
    kill_group(process.pid)
    status, peak_kib = (0, 0) if late else map(int, ground.usage.read_text().split())
    return Ended(
        None if late else os.waitstatus_to_exitcode(status),
        read(ground.root / "stdout"),
        read(ground.root / "stderr"),
        time.monotonic() - start,
        peak_kib / 1024,
        tuple(hub.sent) if hub else (),
        tuple(hub.unanswered) if hub else (),
    )


def confined(attack: Attack) -> list[str]:
    """The words before the command that limit its processor time and memory."""
    memory = attack.limits.memory_mib
    space = [f"--as={memory << 20}"] if memory else []
    return ["prlimit", *space, f"--cpu={max(1, int(attack.limits.seconds))}", "--core=0", "--"]


def program() -> list[str]:
    """The installed command, beside the interpreter."""
    script = Path(sys.executable).with_name("slimgate")
    return [str(script)] if script.exists() else [sys.executable, "-m", "bot.cli"]


def environment(ground: Ground, hub: Hub | None, attack: Attack) -> dict[str, str]:
    """Few variables, as of a person who has never used the program."""
    github = {
        "GITHUB_API_URL": hub.url if hub else "",
        "GITHUB_REPOSITORY": "suite/models",
        "GITHUB_TOKEN": "t",
        "GITHUB_RUN_ID": "70",
    }
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(ground.root / "home"),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        **(github if hub else {}),
        **attack.environment,
    }


def kill_group(group: int) -> None:
    """Ends a process group that this module started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, 9)


def read(path: Path) -> str:
    """The beginning of a file as text, with one byte more than a command may print."""
    with path.open("rb") as stream:
        return stream.read(MAX_OUTPUT + 1).decode("utf-8", "replace")


def remove(folder: Path) -> None:
    """Removes the folder, whatever its names and modes."""
    for parent, names, _ in os.walk(folder):
        for path in (os.path.join(parent, name) for name in names):
            if not os.path.islink(path):
                os.chmod(path, 0o700)
    shutil.rmtree(folder, ignore_errors=True)
