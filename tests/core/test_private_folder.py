"""Private folders go with their owner, even if it is killed; those of living owners stay."""

import errno
import fcntl
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from core.errors import InputError
from core.private_folder import LOCK, private_folder, remove_orphans, scratch_folder
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


def test_a_folder_is_gone_after_an_error_too(tmp_path):
    with pytest.raises(RuntimeError), private_folder(tmp_path / "new", "x-") as folder:
        (folder / "sub").mkdir()
        raise RuntimeError
    assert list((tmp_path / "new").iterdir()) == []


def test_two_folders_of_one_process_do_not_meet(tmp_path):
    with private_folder(tmp_path, "x-") as first, private_folder(tmp_path, "x-") as second:
        assert first != second
        assert first.is_dir()
        assert second.is_dir()


def test_orphans_of_other_prefixes_stay(tmp_path):
    for name in ("x-1", "y-1"):
        (tmp_path / name).mkdir()
        (tmp_path / f"{name}{LOCK}").touch()
    remove_orphans(tmp_path, "x-")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["y-1", f"y-1{LOCK}"]


def test_a_lock_that_is_a_link_is_not_followed(tmp_path):
    (tmp_path / "victim").write_text("x")
    (tmp_path / f"x-1{LOCK}").symlink_to(tmp_path / "victim")
    (tmp_path / "x-1").mkdir()
    remove_orphans(tmp_path, "x-")
    assert (tmp_path / "victim").read_text() == "x"
    assert (tmp_path / "x-1").is_dir()


def test_scratch_folders_lie_in_the_temporary_folder_under_the_users_number(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with scratch_folder() as folder:
        assert folder.parent == tmp_path
        assert folder.name.startswith(f"slimgate-{os.getuid()}-")
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


def test_a_disk_without_locks_is_named_and_nothing_is_left_on_it(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(errno.ENOSYS, "Function not implemented")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with (
        pytest.raises(InputError, match="cannot be locked here: Function not implemented") as error,
        private_folder(tmp_path / "store", "x-"),
    ):
        pass
    assert error.value.file == str(tmp_path / "store")
    assert list((tmp_path / "store").iterdir()) == []
