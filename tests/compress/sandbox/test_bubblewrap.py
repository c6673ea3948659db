"""The command line of the sandbox: what is bound, in which order, and with which limits."""

from itertools import pairwise
from pathlib import Path

import pytest

from compress.sandbox.access import Access, Limits
from compress.sandbox.bubblewrap import (
    ROOM_BYTES,
    sandbox_command,
)

LIMITS = Limits(memory_bytes=2**30, processes=64, disk_bytes=2**27, files=10)
FOLDER = Path("/scratch/work")


def command(access=None, **options):
    return sandbox_command(["true", "-x"], FOLDER, access or Access(), LIMITS, **options)


def bound(words, option):
    """The paths that an option binds, each to itself."""
    paths = [words[i + 1] for i, word in enumerate(words) if word == option]
    assert paths == [words[i + 2] for i, word in enumerate(words) if word == option]
    return paths


def test_the_command_comes_last_after_the_end_of_options():
    words = command()
    assert words[-3:] == ["--", "true", "-x"]


@pytest.mark.parametrize(
    "words",
    [
        ("--unshare-all",),
        ("--disable-userns",),
        ("--die-with-parent",),
        ("--cap-drop", "ALL"),
        ("--uid", "65534"),
        ("--remount-ro", "/proc"),
        ("--remount-ro", "/dev"),
        ("--remount-ro", "/"),
        ("--chdir", "/scratch/work"),
    ],
)
def test_it_has_no_powers_and_a_read_only_root(words):
    line = " ".join(command())
    assert f" {' '.join(words)} " in line


def test_a_worker_on_a_gpu_sees_its_devices_and_no_other_worker_does():
    words = command(Access(gpu=True))
    devices = [str(device) for device in sorted(Path("/dev").glob("nvidia*"))]
    assert bound(words, "--dev-bind-try") == devices
    assert "/proc/sys" in bound(words, "--ro-bind-try")
    line = " ".join(words)
    assert "--remount-ro /proc" not in line
    assert line.index("--remount-ro /dev") > line.rfind("--dev-bind-try")
    assert not {"--dev-bind", "--dev-bind-try"} & set(command())
    assert "/proc/sys" not in bound(command(), "--ro-bind-try")


def test_what_a_gpu_needs_is_found_where_the_driver_puts_it(monkeypatch):
    found = {
        "/dev": ["/dev/nvidia0", "/dev/nvidia-caps", "/dev/nvidiactl"],
        "/sys": ["/sys/module/nvidia"],
    }
    monkeypatch.setattr(Path, "glob", lambda self, _: map(Path, found.get(str(self), ())))
    words = command(Access(gpu=True))
    assert bound(words, "--dev-bind-try") == sorted(found["/dev"])
    assert "/sys/module/nvidia" in bound(words, "--ro-bind-try")
    assert not {"--dev-bind-try", "/sys/module/nvidia"} & set(command())


def test_reads_are_bound_read_only_and_writes_writable():
    access = Access((Path("/data"), Path("/model")), (Path("/out"),))
    words = command(access)
    assert {"/data", "/model"} <= set(bound(words, "--ro-bind"))
    assert bound(words, "--bind") == ["/out", str(FOLDER)]
    assert "/out" not in bound(words, "--ro-bind")


def test_parents_are_bound_before_their_children_and_doubles_once():
    reads = tuple(map(Path, ("/a/b/c", "/a-x", "/a", "/a/b", "/a")))
    paths = [path for path in bound(command(Access(reads)), "--ro-bind") if path in map(str, reads)]
    assert sorted(paths) == ["/a", "/a-x", "/a/b", "/a/b/c"]
    assert all(not Path(first).is_relative_to(second) for first, second in pairwise(paths))


def test_what_lies_in_usr_is_not_bound_again():
    words = command(Access((Path("/usr/share/data"), Path("/usr2"))))
    assert "/usr/share/data" not in words
    assert "/usr2" in bound(words, "--ro-bind")


def test_without_control_groups_the_users_threads_are_counted():
    assert command(user_threads=100)[:4] == [
        "prlimit",
        "--core=0",
        f"--fsize={2**27 + ROOM_BYTES}",
        "--nproc=164",
    ]


def test_with_control_groups_a_shell_joins_them_first():
    groups = (Path("/cg/a/cgroup.procs"), Path("/cg/b/cgroup.procs"))
    words = command(groups=groups)
    assert words[:2] == ["sh", "-c"]
    assert words[3:6] == ["sh", "/cg/a/cgroup.procs /cg/b/cgroup.procs", "prlimit"]
    assert not any(word.startswith("--nproc") for word in words)


def test_memory_backed_folders_share_an_eighth_of_the_memory_each():
    words = command()
    sizes = [words[i + 1] for i, word in enumerate(words) if word == "--size"]
    assert sizes == [str(2**27)] * 2
