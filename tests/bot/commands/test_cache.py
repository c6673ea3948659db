"""``slimgate cache``: lists and clears a real store."""

import fcntl
import os
import time

import pytest

from core.store import Store
from tests.bot.shell import slimgate

DAY_S = 86_400


@pytest.fixture
def store(tmp_path):
    """Three entries of 1 MB, used 1, 2 and 40 days ago."""
    store = Store(tmp_path / "store")
    for key, days in (("a" * 64, 2), ("b" * 64, 1), ("c" * 64, 40)):
        folder, _ = store.build(key, lambda partial: _write(partial / "model.pdmodel"))
        used_at = time.time() - days * DAY_S
        os.utime(folder / "entry.json", (used_at, used_at))
    return store


def _write(path):
    path.write_bytes(bytes(1_000_000))


def keys(store):
    return [entry.key[0] for entry in store.entries()]


def test_an_empty_store_is_listed_and_cleared(tmp_path):
    folder = tmp_path / "store"
    listed = slimgate("cache", "ls", "--store", folder)
    assert (listed.returncode, listed.stdout) == (0, f"0 entries, 0.0 MB in {folder}\n")
    cleared = slimgate("cache", "gc", "--store", folder)
    assert (cleared.returncode, cleared.stdout) == (0, "removed 0 entries, 0.0 MB\n")


def test_entries_are_listed_by_last_use(store):
    lines = slimgate("cache", "ls", "--store", store.root).stdout.splitlines()
    assert [line[:16] for line in lines[:3]] == ["b" * 16, "a" * 16, "c" * 16]
    assert lines[0].endswith("1.00 MB  used   24.0 h ago")
    assert lines[3] == f"3 entries, 3.0 MB in {store.root}"


def test_by_default_only_old_entries_are_removed(store):
    ended = slimgate("cache", "gc", "--store", store.root)
    assert ended.stdout == "removed 1 entries, 1.0 MB\n"
    assert keys(store) == ["a", "b"]


def test_the_least_recently_used_entries_go_until_the_rest_fits(store):
    ended = slimgate("cache", "gc", "--store", store.root, "--max-gb", "0.0011")
    assert ended.stdout == "removed 2 entries, 2.0 MB\n"
    assert keys(store) == ["b"]


def test_the_maximum_age_is_in_days(store):
    slimgate("cache", "gc", "--store", store.root, "--max-days", "1.5")
    assert keys(store) == ["b"]


def test_what_cannot_be_removed_is_said(store):
    (store.root / "downloads").mkdir()
    part = store.root / "downloads" / "w.part"
    part.write_bytes(b"x")
    with (store.root / "downloads" / "w.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ended = slimgate("cache", "gc", "--store", store.root, "--max-days", "0")
    assert ended.stdout.splitlines() == [
        "removed 3 entries, 3.0 MB",
        f"1 cannot be removed or are in use, such as {part}",
    ]


@pytest.mark.parametrize("option", ["--max-gb", "--max-days"])
@pytest.mark.parametrize("value", ["-1", "inf", "nan", "1e400", "9" * 400])
def test_a_limit_that_is_none_is_refused(store, option, value):
    ended = slimgate("cache", "gc", "--store", store.root, option, value)
    assert ended.returncode == 2
    assert option in ended.stderr
    assert len(keys(store)) == 3


def test_the_largest_limits_keep_everything(store):
    limits = ("--max-gb", "1e9", "--max-days", "1e6")
    ended = slimgate("cache", "gc", "--store", store.root, *limits)
    assert ended.stdout == "removed 0 entries, 0.0 MB\n"


@pytest.mark.parametrize("command", ["ls", "gc"])
def test_a_store_that_is_no_folder_is_refused(tmp_path, command):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").write_text("x")
    (tmp_path / "link").symlink_to("nowhere")
    for name in ("pipe", "file", "link"):
        ended = slimgate("cache", command, "--store", tmp_path / name)
        assert ended.returncode == 2
        assert ended.stderr.splitlines()[0] == "error: not a folder"
