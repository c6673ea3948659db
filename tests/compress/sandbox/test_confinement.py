"""A worker that turns against its host, in a real sandbox: what it tries is refused and said."""

import os
import re
import resource
import socket
import time
from dataclasses import replace
from pathlib import Path

import pytest

from compress.sandbox.access import Access, Limits
from compress.sandbox.cgroup import Group
from compress.sandbox.confinement import Confinement, Sandbox, open_sandbox
from compress.sandbox.covers import Cover
from compress.worker.start import Workplace, start_worker
from core.errors import InputError, JobFailure
from tests.workers import run_worker

MODULE = "tests.workers.hostile"
ROOT = str(Path(__file__).parents[3])
NOTHING = Access()
LIMITS = Limits(memory_bytes=2**29, processes=64, disk_bytes=2**27, files=2000)


class ForGpus(Sandbox):
    """A sandbox whose workers may use a GPU."""

    def confine(self, folder, log, access):
        return super().confine(folder, log, replace(access, gpu=True))


@pytest.fixture(scope="module", params=["kernel", "polling", "gpu"])
def sandbox(request, tmp_path_factory):
    """With control groups where this machine lets us, without, and for workers on a GPU."""
    with open_sandbox(tmp_path_factory.mktemp("sandbox"), LIMITS) as opened:
        if request.param == "polling":
            yield type(opened)(opened.version, LIMITS, None)
        elif request.param == "gpu":
            yield ForGpus(opened.version, LIMITS, opened.group)
        elif opened.group is None:
            pytest.skip("this machine hands no control groups on")
        else:
            yield opened


@pytest.fixture
def place(sandbox, tmp_path):
    return Workplace(tmp_path / "scratch", {"PYTHONPATH": ROOT}, sandbox)


def ask(place, access=NOTHING, timeout_s=60.0, **request):
    answer, _ = run_worker(
        MODULE, "stage", request, workplace=place, timeout_s=timeout_s, access=access
    )
    return answer


def failure(place, access=NOTHING, timeout_s=60.0, **request):
    with pytest.raises(JobFailure) as caught:
        ask(place, access, timeout_s, **request)
    return caught.value


@pytest.fixture
def secret(tmp_path, monkeypatch):
    monkeypatch.setenv("GITHUB_TOKEN", "s3cret")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    file = tmp_path / "home" / ".ssh" / "key"
    file.parent.mkdir(parents=True)
    file.write_text("s3cret")
    return file


def test_the_hosts_environment_is_not_seen(place, secret):
    seen = ask(place, do="environment")
    assert "GITHUB_TOKEN" not in seen["names"]
    assert not [value for value in seen["values"] if "s3cret" in value]


def test_no_file_is_seen_that_was_not_given(place, secret, tmp_path):
    other = tmp_path / "results" / "other.json"
    other.parent.mkdir()
    other.write_text("{}")
    for path in (secret, other, "/etc/passwd", "/var/log", "/run"):
        assert "FileNotFoundError" in ask(place, do="read", target=str(path))["refused"]


def test_of_a_covered_folder_only_what_is_kept_is_seen(place, tmp_path):
    data = tmp_path / "data"
    for name in ("train.png", "val.png", "masks/deep.png"):
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_text(name)
    access = Access((data,), covers=(Cover(data, frozenset({"train.png"})),))
    seen = {
        name: ask(place, access, do="read", target=str(data / name))
        for name in ("train.png", "val.png", "masks/deep.png")
    }
    assert "FileNotFoundError" in seen.pop("val.png")["refused"]
    assert seen == {name: {"got": repr(name.encode())} for name in seen}
    assert sorted(path.name for path in data.iterdir()) == ["masks", "train.png", "val.png"]
    assert list((tmp_path / "scratch").iterdir()) == []


def test_a_cover_shows_nothing_that_was_not_given(place, secret, tmp_path):
    (secret.parent / "sub").mkdir()
    (secret.parent / "sub" / "other").write_text("s3cret")
    covers = (
        Cover(secret.parent, frozenset({secret.name})),
        Cover(tmp_path / "gone", frozenset()),
    )
    for path in (secret, secret.parent / "sub" / "other"):
        seen = ask(place, Access(covers=covers), do="read", target=str(path))
        assert "FileNotFoundError" in seen["refused"]


def test_no_process_is_seen_but_its_own(place):
    assert len(ask(place, do="processes")["pids"]) <= 3
    for pid in (os.getpid(), os.getppid()):
        assert "ProcessLookupError" in ask(place, do="signal", target=str(pid))["refused"]
    assert "s3cret" not in str(ask(place, do="read", target="/proc/1/environ"))


def test_there_is_no_network(place):
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as local:
        port = str(server.getsockname()[1])
        local.bind("\0slimgate-test")
        local.listen()
        assert "ConnectionRefusedError" in ask(place, do="connect", target=port)["refused"]
        assert "refused" in ask(place, do="abstract", target="slimgate-test")
    assert "gaierror" in ask(place, do="resolve")["refused"]


@pytest.mark.parametrize("do", ["namespace", "mount", "device"])
def test_it_has_no_powers(place, do):
    assert "refused" in ask(place, do=do)


@pytest.mark.parametrize(
    "target",
    [
        "/proc/sys/kernel/core_pattern",
        "/proc/sysrq-trigger",
        "/proc/self/oom_score_adj",
        "/dev/sda",
        "/sys/kernel/mm/ksm/run",
        "/x",
    ],
)
def test_nothing_of_the_systems_can_be_written(place, target):
    if isinstance(place.sandbox, ForGpus) and target.startswith("/proc/self/"):
        assert "refused" in ask(place, do="spare itself")
        return
    assert "refused" in ask(place, do="open-for-writing", target=target)
    assert "refused" in ask(place, do="write", target=target)


def test_a_thread_names_itself_on_a_gpu_alone(place):
    """CUDA does so when it starts."""
    answer = ask(place, do="write", target="/proc/self/comm")
    assert ("got" in answer) == isinstance(place.sandbox, ForGpus)


def test_the_store_and_inputs_cannot_be_written(place, tmp_path):
    model, out, stored = (tmp_path / name for name in ("model", "out", "store"))
    for folder in (model, out, stored):
        folder.mkdir()
        (folder / "kept").write_text("as it was")
    access = Access((model,), (out,))
    assert "OSError" in ask(place, access, do="write", target=str(model / "kept"))["refused"]
    assert "refused" in ask(place, access, do="write", target=str(stored / "kept"))
    assert "got" in ask(place, access, do="write", target=str(out / "made"))
    assert [(f / "kept").read_text() for f in (model, out, stored)] == ["as it was"] * 3
    assert ((out / "made").read_text(), len(list(stored.iterdir()))) == ("hostile", 1)


def test_it_does_not_outlive_its_job(place):
    with start_worker(MODULE, "stage", place) as worker:
        assert worker.call({"do": "outlive"}, 30) == {"got": "started"}
        assert len(worker.processes()) > 2
        inside = set(worker.processes())
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and any(map(running, inside)):
        time.sleep(0.05)
    assert not any(map(running, inside))


def running(pid):
    try:
        return "zombie" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


@pytest.mark.parametrize(
    ("do", "message"),
    [
        ("memory", "more than 0.5 GiB of memory"),
        ("disk", "wrote more than 0.125 GiB to disk"),
        ("files", "made more than 2000 files"),
        ("nest", "nested folders more than 40 deep"),
    ],
)
def test_what_is_too_much_ends_it(place, do, message):
    caught = failure(place, do=do)
    assert (caught.kind, message in caught.message) == ("limit", True), caught
    assert list(place.scratch.iterdir()) == []


def test_the_store_cannot_be_filled(place, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    caught = failure(place, Access((), (out,)), do="folder", target=str(out))
    assert "wrote more than 0.125 GiB to disk" in caught.message


@pytest.mark.parametrize("target", ["/tmp", "/dev/shm"])
def test_folders_in_memory_are_small(place, target):
    refused = ask(place, do="folder", target=target)["refused"]
    assert "No space left" in refused


def test_it_cannot_fork_without_end(place):
    start = time.monotonic()
    caught = failure(place, timeout_s=5, do="fork")
    # where polling is late, it sees their memory first
    assert re.search("more than (64 processes|0.5 GiB of memory)", caught.message)
    assert time.monotonic() - start < 60


@pytest.mark.parametrize(("do", "kind"), [("link", "symbolic link"), ("pipe", "pipe")])
def test_only_plain_files_come_out(place, tmp_path, do, kind):
    out = tmp_path / "out"
    out.mkdir()
    caught = failure(place, Access((), (out,)), do=do, target=str(out))
    assert kind in caught.message


def test_its_log_cannot_be_a_link(place):
    caught = failure(place, timeout_s=2, do="log")
    assert "root:" not in caught.log_tail


def test_a_closed_folder_is_removed_all_the_same(place):
    failure(place, timeout_s=2, do="close-folder")
    assert list(place.scratch.iterdir()) == []


def test_an_answer_that_never_ends_is_ended(place):
    start = time.monotonic()
    assert failure(place, timeout_s=2, do="drip").kind == "timeout"
    assert time.monotonic() - start < 8


def test_a_huge_log_is_not_read(place):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    caught = failure(place, timeout_s=10, do="sparse-log")
    assert caught.kind in ("limit", "error")  # beyond its limit, or refused by the kernel
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # KiB


def test_holes_count(place):
    with start_worker(MODULE, "stage", place) as worker:
        worker.call({"do": "sparse-file"}, 30)
        os.truncate(worker.confinement.folder / "holes", 2**27 + 1)
        assert "wrote more than" in worker.confinement.excess()


def test_special_permissions_do_not_come_out(place, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    caught = failure(place, Access((), (out,)), do="setuid", target=str(out))
    assert "special permissions" in caught.message


def test_one_that_cannot_be_stopped_is_ended(place):
    with start_worker(MODULE, "stage", place) as worker:
        worker.call({"do": "restless"}, 30)
        inside = worker.processes()
        worker.freeze()
        time.sleep(0.2)
        states = [Path(f"/proc/{pid}/stat") for pid in inside]
        assert not [s for s in states if s.exists() and s.read_text().rpartition(")")[2][1] == "R"]


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Puts a ``bwrap`` of the test's own first on the path."""

    def write(script):
        tool = tmp_path / "bin" / "bwrap"
        tool.parent.mkdir()
        tool.write_text(f"#!/bin/sh\n{script}\n")
        tool.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tool.parent}:{os.environ['PATH']}")

    return write


def test_a_machine_without_bubblewrap_says_how_to_install_it(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with (
        pytest.raises(InputError, match="bubblewrap is not installed") as caught,
        open_sandbox(tmp_path, LIMITS),
    ):
        pass
    assert "apt-get install bubblewrap" in caught.value.hint
    assert "--no-sandbox" in caught.value.hint


@pytest.mark.parametrize("version", ["0.7.9", "0.4", ""])
def test_an_old_bubblewrap_is_refused(tmp_path, install, version):
    install(f"echo bubblewrap {version}")
    with pytest.raises(InputError, match="too old") as caught, open_sandbox(tmp_path, LIMITS):
        pass
    assert "0.8 or newer" in caught.value.hint


def test_a_bubblewrap_that_fails_is_refused_with_its_words(tmp_path, install):
    install('[ "$1" = --version ] && echo bubblewrap 0.10.0 || { echo "no perms" >&2; exit 1; }')
    with (
        pytest.raises(InputError, match="does not work here: no perms") as caught,
        open_sandbox(tmp_path, LIMITS),
    ):
        pass
    assert "docs/runners.md" in caught.value.hint


@pytest.mark.parametrize(
    ("group", "limiter"),
    [(None, "polling"), (Group(1, {}), "cgroup v1"), (Group(2, {}), "cgroup v2")],
)
def test_it_says_what_limits_memory_and_processes(group, limiter):
    described = Sandbox("0.8.0", LIMITS, group).describe()
    assert described == f"bubblewrap 0.8.0; memory and processes limited by {limiter}"


def test_the_kernels_refusals_are_reported(tmp_path):
    group = Group(2, {"memory": tmp_path, "pids": tmp_path})
    confinement = Confinement(tmp_path / "work", tmp_path / "log", NOTHING, LIMITS, group)
    assert (confinement.excess(), confinement.refused()) == (None, "")
    (tmp_path / "memory.events").write_text("oom_kill 1\n")
    (tmp_path / "pids.events").write_text("max 1\n")
    assert confinement.excess() == "the worker used more than 0.5 GiB of memory; killed"
    assert confinement.refused() == "; the kernel refused it more than 64 processes"
