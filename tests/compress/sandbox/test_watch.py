"""A worker that uses too much is ended, with the reason in words."""

import os
import subprocess
import sys
import threading

import pytest

from compress.sandbox import watch
from compress.sandbox.access import Limits
from compress.sandbox.leftovers import MAX_DEPTH
from compress.sandbox.watch import (
    MAX_LOG_BYTES,
    Consumption,
    count_user_threads,
    descendants,
    gibibytes,
    watching,
)

LIMITS = Limits(memory_bytes=2**40, processes=8, disk_bytes=2**20, files=4)


@pytest.fixture
def use(tmp_path):
    """A function that makes the consumption of two folders; options replace limits."""
    folders = (tmp_path / "work", tmp_path / "out")
    for folder in folders:
        folder.mkdir()

    def build(processes=None, **limits):
        changed = Limits(**{**LIMITS.__dict__, **limits})
        return Consumption(folders, tmp_path / "log.txt", changed, processes)

    return build


def sparse(path, size_bytes):
    path.touch()
    os.truncate(path, size_bytes)


def test_nothing_is_too_much_at_first(use):
    assert use().excess() is None
    assert use(lambda: [os.getpid()]).excess() is None


def test_disk_is_the_sum_of_all_folders(use):
    usage = use()
    for folder in usage.folders:
        sparse(folder / "f", 2**19)
    assert usage.excess() is None
    sparse(usage.folders[0] / "f", 2**19 + 1)
    assert usage.excess() == "the worker wrote more than 0.000977 GiB to disk"


def test_files_are_the_sum_of_all_folders(use):
    usage = use()
    for number in range(4):
        (usage.folders[number % 2] / str(number)).touch()
    assert usage.excess() is None
    (usage.folders[0] / "4").touch()
    assert usage.excess() == "the worker made more than 4 files"


def test_the_log_has_a_limit_of_its_own(use):
    usage = use()
    sparse(usage.log, MAX_LOG_BYTES)
    assert usage.excess() is None
    sparse(usage.log, MAX_LOG_BYTES + 1)
    assert usage.excess() == "the worker printed more than 64 MiB"


def test_an_abuse_of_the_disk_is_an_excess(use):
    usage = use()
    usage.folders[0].joinpath(*["d"] * (MAX_DEPTH + 1)).mkdir(parents=True)
    assert usage.excess() == f"the worker nested folders more than {MAX_DEPTH} deep"


def test_processes_and_memory_are_polled_where_the_kernel_does_not_limit_them(use):
    pids = [os.getpid()]
    assert use(lambda: pids * 9).excess() == "the worker started more than 8 processes"
    assert use(lambda: pids, memory_bytes=2**20).excess() == (
        "the worker used more than 0.000977 GiB of memory"
    )
    assert use(None, memory_bytes=2**20).excess() is None


def test_a_process_that_is_gone_uses_no_memory(use):
    assert use(lambda: [2**22 + 1], memory_bytes=1).excess() is None


def test_the_end_comes_once_and_says_why(use, monkeypatch):
    monkeypatch.setattr(watch, "INTERVAL_S", 0.01)
    usage, ends, ended = use(), [], threading.Event()

    def end():
        ends.append(1)
        ended.set()

    with watching(usage, end) as verdict:
        assert verdict.reason is None
        sparse(usage.folders[0] / "f", 2**21)
        assert ended.wait(10)
    assert verdict.reason == "the worker wrote more than 0.000977 GiB to disk"
    assert ends == [1]


def test_a_modest_worker_is_not_ended(use, monkeypatch):
    monkeypatch.setattr(watch, "INTERVAL_S", 0.01)
    with watching(use(), lambda: pytest.fail("ended")) as verdict:
        threading.Event().wait(0.05)
    assert verdict.reason is None


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [(2**30, "1 GiB"), (2**29, "0.5 GiB"), (20_615_843_020, "19.2 GiB"), (0, "0 GiB")],
)
def test_sizes_have_three_digits(size_bytes, text):
    assert gibibytes(size_bytes) == text


def test_children_and_their_children_are_listed():
    code = (
        "import subprocess, sys\n"
        "inner = [sys.executable, '-c', 'print(1, flush=True); input()']\n"
        "subprocess.Popen(inner)\ninput()"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", code], **pipes) as process:
        process.stdout.readline()
        pids = descendants(os.getpid())
        assert process.pid in pids
        assert len(descendants(process.pid)) == 1
        assert set(descendants(process.pid)) < set(pids)
        process.kill()
    assert descendants(process.pid) == []


def test_threads_of_this_user_are_counted():
    stop = threading.Event()
    threads = [threading.Thread(target=stop.wait) for _ in range(3)]
    for thread in threads:
        thread.start()
    assert count_user_threads() >= 4
    stop.set()
    for thread in threads:
        thread.join()
