"""Control groups in both versions, in folders that stand for the kernel's."""

from pathlib import Path

import pytest

from compress.sandbox import cgroup
from compress.sandbox.access import Limits
from compress.sandbox.cgroup import Group, find_parent

LIMITS = Limits(memory_bytes=2**30, processes=64, disk_bytes=0, files=0)


@pytest.fixture
def second(tmp_path):
    """A group of version 2."""
    (tmp_path / "cgroup.subtree_control").write_text("cpu memory")
    return Group(2, {"memory": tmp_path, "pids": tmp_path})


@pytest.fixture
def first(tmp_path):
    """A group of version 1."""
    folders = {name: tmp_path / name for name in ("memory", "pids")}
    for folder in folders.values():
        folder.mkdir()
    return Group(1, folders)


def test_there_is_an_entrance_for_each_folder(first, second, tmp_path):
    assert second.entrances == (tmp_path / "cgroup.procs",)
    assert first.entrances == tuple(tmp_path / n / "cgroup.procs" for n in ("memory", "pids"))


def test_processes_are_read_and_a_removed_group_has_none(second, tmp_path):
    assert second.processes() == []
    (tmp_path / "cgroup.procs").write_text("12\n345\n")
    assert second.processes() == [12, 345]


def test_refusals_are_counted_in_version_1(first, tmp_path):
    assert first.refusals() == (0, 0)
    (tmp_path / "memory" / "memory.oom_control").write_text("oom_kill_disable 0\noom_kill 3\n")
    (tmp_path / "pids" / "pids.events").write_text("max 2\n")
    assert first.refusals() == (3, 2)


def test_refusals_are_counted_in_version_2(second, tmp_path):
    (tmp_path / "memory.events").write_text("low 0\nmax 9\noom 1\noom_kill 1\noom_group_kill 0\n")
    (tmp_path / "pids.events").write_text("max 0\n")
    assert second.refusals() == (1, 0)


def test_only_missing_controllers_are_handed_on(second, tmp_path):
    second.hand_on()
    assert (tmp_path / "cgroup.subtree_control").read_text() == "+pids"


def test_nothing_is_written_where_all_are_handed_on(second, tmp_path):
    (tmp_path / "cgroup.subtree_control").write_text("pids memory")
    second.hand_on()
    assert (tmp_path / "cgroup.subtree_control").read_text() == "pids memory"


def test_version_1_needs_no_handing_on(first):
    first.hand_on()


def test_a_child_has_the_limits_of_version_2(second, tmp_path):
    child = second.make_child("worker", LIMITS)
    assert child.folders["memory"] == tmp_path / "worker"
    assert (tmp_path / "worker" / "memory.max").read_text() == str(2**30)
    assert (tmp_path / "worker" / "pids.max").read_text() == "64"
    assert not (tmp_path / "worker" / "memory.swap.max").exists()


def test_a_child_has_the_limits_of_version_1(first, tmp_path):
    first.make_child("worker", LIMITS)
    folder = tmp_path / "memory" / "worker"
    assert (folder / "memory.limit_in_bytes").read_text() == str(2**30)
    assert (tmp_path / "pids" / "worker" / "pids.max").read_text() == "64"


@pytest.mark.parametrize(
    ("name", "limit"),
    [("memory.swap.max", "0"), ("memory.memsw.limit_in_bytes", str(2**30))],
)
def test_swap_is_limited_where_it_is_accounted(second, tmp_path, name, limit):
    (tmp_path / name).touch()
    second._limit(LIMITS)
    assert (tmp_path / name).read_text() == limit


def test_a_child_that_cannot_be_made_is_an_error(second, tmp_path):
    (tmp_path / "worker").mkdir()
    with pytest.raises(FileExistsError):
        second.make_child("worker", LIMITS)


def test_removal_gives_up_in_silence(second, tmp_path):
    (tmp_path / "process").touch()  # a folder of a group with processes cannot be removed either
    second.remove(patience_s=0.05)
    assert tmp_path.is_dir()


def test_an_empty_group_is_removed(second, tmp_path):
    (tmp_path / "cgroup.subtree_control").unlink()
    second.remove()
    assert not tmp_path.exists()
    second.remove()  # a second time it does nothing


V2_MOUNT = "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n"
V1_MOUNTS = (
    "31 30 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
    "32 30 0:28 /docker/ab /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n"
    "33 30 0:29 / /proc rw - proc proc rw\n"
)


def candidates(tmp_path, mounts, membership):
    (tmp_path / "mountinfo").write_text(mounts)
    (tmp_path / "cgroup").write_text(membership)
    return list(cgroup._candidates(tmp_path / "mountinfo", tmp_path / "cgroup"))


def test_version_2_tries_the_group_around_its_own_first(tmp_path):
    groups = candidates(tmp_path, V2_MOUNT, "0::/runner.service/main\n")
    assert {group.version for group in groups} == {2}
    folders = [group.folders["memory"] for group in groups]
    assert folders == [
        Path("/sys/fs/cgroup/runner.service"),
        Path("/sys/fs/cgroup/runner.service/main"),
    ]


def test_version_1_takes_each_controllers_own_group(tmp_path):
    membership = "9:pids:/docker/ab/c\n8:cpu,memory:/docker/ab\n0::/\n"
    (group,) = candidates(tmp_path, V1_MOUNTS, membership)
    assert group.version == 1
    assert group.folders == {
        "memory": Path("/sys/fs/cgroup/memory/docker/ab"),
        "pids": Path("/sys/fs/cgroup/pids/c"),
    }


def test_without_mounted_groups_there_is_no_candidate(tmp_path):
    assert candidates(tmp_path, "33 30 0:29 / /proc rw - proc proc rw\n", "0::/\n") == []


def test_a_group_outside_the_mounted_part_is_seen_at_its_top(tmp_path):
    mount = V2_MOUNT.replace("0:26 / ", "0:26 /docker/ab ")
    groups = candidates(tmp_path, mount, "0::/elsewhere/c\n")
    assert {group.folders["pids"] for group in groups} == {Path("/sys/fs/cgroup")}


def test_the_first_group_that_takes_a_child_is_the_parent(tmp_path, monkeypatch):
    (tmp_path / "good").mkdir()
    (tmp_path / "good" / "cgroup.subtree_control").write_text("memory pids")
    groups = [
        Group(2, dict.fromkeys(("memory", "pids"), tmp_path / name)) for name in ("absent", "good")
    ]
    monkeypatch.setattr(cgroup, "_candidates", lambda *_: iter(groups))
    monkeypatch.setattr(Group, "remove", lambda self: None)  # real groups lose their files first
    assert find_parent() == groups[1]
    monkeypatch.setattr(cgroup, "_candidates", lambda *_: iter(groups[:1]))
    assert find_parent() is None
