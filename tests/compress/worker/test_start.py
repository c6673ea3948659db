"""Workers start in private folders with a few variables, and leave nothing behind."""

import os
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from compress.runtimes.runtime import own_runtime
from compress.sandbox.access import Access
from compress.sandbox.confinement import open_sandbox
from compress.worker.start import Workplace, start_worker
from core.errors import JobFailure
from tests.workers import run_worker

MODULE = "tests.workers.misbehave"
ROOT = str(Path(__file__).parents[3])


@pytest.fixture
def place(tmp_path):
    return Workplace(tmp_path / "scratch", {"PYTHONPATH": ROOT})


def ask(place, access=None, **request):
    answer, usage = run_worker(
        MODULE, "stage", request, workplace=place, timeout_s=30.0, access=access or Access()
    )
    return answer, usage


def test_an_answer_comes_with_its_cost(place):
    answer, usage = ask(place, do="echo", text="hé")
    assert answer == {"said": "hé"}
    assert 0 <= usage.duration_s < 30
    assert usage.peak_memory_bytes > 2**20


def test_nothing_is_left_behind(place):
    with start_worker(MODULE, "stage", place) as worker:
        child = worker.call({"do": "child"}, 30)["pid"]
        os.kill(child, 0)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and is_running(child):
        time.sleep(0.05)
    assert not is_running(child)
    assert list(place.scratch.iterdir()) == []


def is_running(pid):
    try:
        return "zombie" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def test_an_error_in_between_ends_the_worker_too(place):
    with pytest.raises(RuntimeError), start_worker(MODULE, "stage", place) as worker:
        raise RuntimeError
    assert worker.ended
    assert list(place.scratch.iterdir()) == []


def test_a_stage_may_be_named_after_a_path(place):
    with start_worker(MODULE, "latency: /a/b c", place) as worker:
        (private,) = place.scratch.iterdir()
        assert private.name.startswith("latency-a-b-c-")
        assert worker.call({"do": "echo", "text": "x"}, 30) == {"said": "x"}


def test_the_environment_is_cleared(place, monkeypatch):
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    monkeypatch.setenv("LANG", "C.UTF-8")
    environment, _ = ask(place, do="environment")
    assert "GITHUB_TOKEN" not in environment["names"]
    assert "LANG" in environment["names"]
    assert environment["home"].startswith(str(place.scratch))


def test_the_workplace_adds_variables(tmp_path):
    place = Workplace(tmp_path, {"PYTHONPATH": ROOT, "OMP_NUM_THREADS": "3"})
    environment, _ = ask(place, do="environment")
    own = {"HOME", "USER", "LOGNAME", "TMPDIR", "OMP_NUM_THREADS", "PYTHONHASHSEED"}
    assert own <= set(environment["names"])


def test_anything_but_plain_files_in_a_writable_folder_is_a_failure(place, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    ask(place, Access((), (out,)), do="echo", text="x")
    (out / "link").symlink_to("/etc/passwd")
    with pytest.raises(JobFailure, match="the worker left a symbolic link: 'link'") as caught:
        ask(place, Access((), (out,)), do="echo", text="x")
    assert caught.value.kind == "limit"
    assert "final output" in caught.value.log_tail


def test_a_module_that_is_missing_is_a_failure_with_its_name(place):
    with pytest.raises(JobFailure, match=r"tests\.workers\.absent"):
        run_worker("tests.workers.absent", "stage", {}, workplace=place, timeout_s=30.0)


@pytest.fixture(params=["plain", "sandboxed"])
def elsewhere(request, tmp_path):
    """A workplace in another runtime: this very Python, by another name."""
    (tmp_path / "bin").mkdir()
    other = tmp_path / "bin" / "python"
    other.symlink_to(Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}")
    packages = [path for path in map(Path, sys.path) if path.name == "site-packages"]
    variables = {"FLAGS_x": "1"}
    own = own_runtime()
    runtime = replace(own, python=other, environment=variables, libraries=tmp_path / "libs")
    runtime = replace(runtime, reads=(*own.reads, tmp_path / "bin", *packages))
    scratch = tmp_path / "scratch"
    if request.param == "plain":
        yield Workplace(scratch, runtime=runtime)
        return
    with open_sandbox(tmp_path / "trial") as sandbox:
        yield Workplace(scratch, sandbox=sandbox, runtime=runtime)


def test_another_runtimes_worker_has_its_python_and_variables_and_slimgates_code(elsewhere):
    with start_worker("tests.workers.surroundings", "stage", elsewhere) as worker:
        said = worker.call({"package": "compress"}, 60)
    assert said["variables"]["FLAGS_x"] == "1"
    assert said["variables"]["LD_LIBRARY_PATH"] == str(elsewhere.runtime.libraries)
    code = Path(said["variables"]["PYTHONPATH"])
    assert said["file"] == str(code / "compress" / "__init__.py")
    assert said["python"] == str(elsewhere.runtime.python)
    assert not code.exists()
