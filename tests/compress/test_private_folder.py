"""Private folders go with their owner, also if it is killed; those of the living stay."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from core.private_folder import private_folder
from core.store import Store

ROOT = str(Path(__file__).parents[2])
HOLD = """
import sys, time
from pathlib import Path
from core.store import Store
def make(folder):
    (folder / "half").write_text("x")
    print("made", flush=True)
    time.sleep(60)
Store(Path(sys.argv[1])).build("ab" * 32, make)
"""


def hold(root):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(root)],
        env={**os.environ, "PYTHONPATH": ROOT},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "made\n"
    return process


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()


def finish(folder):
    (folder / "whole").write_text("y")


def test_a_folder_is_gone_afterwards(tmp_path):
    with private_folder(tmp_path, "x-") as folder:
        assert folder.is_dir()
    assert list(tmp_path.iterdir()) == []


def test_a_killed_build_leaves_nothing_once_the_next_one_ran(tmp_path):
    process = hold(tmp_path)
    kill(process)
    assert any(tmp_path.glob(".partial-*"))
    folder, cached = Store(tmp_path).build("ab" * 32, finish)
    assert not cached
    assert sorted(path.name for path in folder.iterdir()) == ["entry.json", "whole"]
    assert not any(tmp_path.glob(".partial-*"))


def test_what_a_living_process_builds_is_left_alone(tmp_path):
    process = hold(tmp_path)
    try:
        Store(tmp_path).build("cd" * 32, finish)
        Store(tmp_path).collect(0, 0)
        (half,) = tmp_path.glob(".partial-*/half")
        assert half.read_text() == "x"
    finally:
        kill(process)
