"""What a worker may touch and use: shares of the machine, and the targets of links."""

import os
import shutil
from types import SimpleNamespace

import pytest

from compress.sandbox import access
from compress.sandbox.access import MAX_DISK_BYTES, default_limits, present, with_link_targets


@pytest.mark.parametrize(
    ("free_bytes", "disk_bytes"), [(2**30, 2**29), (2**50, MAX_DISK_BYTES), (0, 0)]
)
def test_a_worker_gets_a_share_of_the_machine(tmp_path, monkeypatch, free_bytes, disk_bytes):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free_bytes))
    limits = default_limits(tmp_path)
    memory_bytes = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    assert limits.disk_bytes == disk_bytes
    assert limits.memory_bytes == int(0.8 * memory_bytes)
    assert (limits.processes, limits.files) == (access.MAX_PROCESSES, access.MAX_FILES)


def test_only_existing_paths_count_and_each_once(tmp_path):
    (tmp_path / "b").touch()
    paths = [tmp_path / "b", None, tmp_path / "absent", tmp_path, tmp_path / "b"]
    assert present(*paths) == (tmp_path / "b", tmp_path)
    assert present() == ()


@pytest.fixture
def data(tmp_path):
    """A data folder with a link at each of three levels; the data sets lie elsewhere."""
    for name in ("one", "two", "three"):
        (tmp_path / "sets" / name).mkdir(parents=True)
    (tmp_path / "data" / "a" / "b").mkdir(parents=True)
    (tmp_path / "data" / "l1").symlink_to(tmp_path / "sets" / "one")
    (tmp_path / "data" / "a" / "l2").symlink_to("../../sets/two")
    (tmp_path / "data" / "a" / "b" / "l3").symlink_to(tmp_path / "sets" / "three")
    (tmp_path / "data" / "dangling").symlink_to(tmp_path / "absent")
    return tmp_path / "data"


def test_links_are_followed_two_levels_down(data, tmp_path):
    places = with_link_targets([data])
    assert places[0] == data
    assert set(places[1:]) == {tmp_path / "sets" / "one", tmp_path / "sets" / "two"}


@pytest.mark.parametrize(("depth", "count"), [(0, 1), (1, 2), (3, 4)])
def test_the_depth_can_be_chosen(data, depth, count):
    assert len(with_link_targets([data], depth)) == count


def test_a_link_to_itself_or_to_its_parent_ends(tmp_path):
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "up").symlink_to(tmp_path)
    assert with_link_targets([tmp_path], 5) == (tmp_path,)


def test_a_data_folder_that_is_a_link_counts_as_its_target(data, tmp_path):
    (tmp_path / "link").symlink_to(data)
    assert with_link_targets([tmp_path / "link"], 0) == (data,)


def test_a_file_and_a_missing_folder_have_no_links(tmp_path):
    (tmp_path / "file").touch()
    places = (tmp_path / "file", tmp_path / "absent")
    assert with_link_targets(places) == places
