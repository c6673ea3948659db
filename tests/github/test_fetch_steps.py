"""The workflow's steps that fetch a stranger's commits write no more to the disk than they may."""

import os
import subprocess
from pathlib import Path

import pytest
import yaml

from core.installation import ROOT

WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/slimgate.yml").read_text())
NAME = "Fetch both sides as objects"
LIMIT = "ulimit -f 524288"


def step_of(job, name=NAME):
    steps = WORKFLOW["jobs"][job]["steps"]
    return next(step for step in steps if name in (step.get("name"), step.get("id")))


@pytest.fixture
def clone(suite, tmp_path):
    """A checkout of the default branch, of a repository that serves any commit as GitHub does."""
    suite.commit({"a.yml": "x: 1"})
    for key in ("allowFilter", "allowAnySHA1InWant"):
        suite.git("config", f"uploadpack.{key}", "true")
    subprocess.run(
        ["git", "clone", "-q", "--depth", "1", f"file://{suite.path}", str(tmp_path / "clone")],
        check=True,
    )
    return tmp_path / "clone"


def run_step(job, clone, commit, limit=LIMIT):
    script = step_of(job)["run"]
    assert script.count(LIMIT) == 1
    return subprocess.run(
        ["bash", "-e", "-c", script.replace(LIMIT, limit)],
        cwd=clone,
        env={**os.environ, "COMMITS": commit, "TOKEN": "t"},
        capture_output=True,
        check=False,
    )


def disk_bytes(folder):
    return sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())


@pytest.mark.parametrize("job", ["plan", "bench"])
def test_a_change_of_gigabytes_does_not_reach_the_disk(suite, clone, job):
    for number in range(8):  # below the limit of one file
        (suite.path / f"{number}.py").write_bytes(os.urandom(2**19))
    commit = suite.commit({"b.yml": "y: 1"})
    before = disk_bytes(clone)
    assert run_step(job, clone, commit, "ulimit -f 1024").returncode != 0
    assert disk_bytes(clone) - before <= 2**20 + 2**14
    assert run_step(job, clone, commit).returncode == 0


@pytest.mark.parametrize("job", ["plan", "bench"])
def test_large_files_and_submodules_stay_away(suite, clone, job):
    (suite.path / "large.bin").write_bytes(os.urandom(2**21))
    (suite.path / ".gitmodules").write_text('[submodule "m"]\n path = m\n url = file:///absent\n')
    head = suite.git("rev-parse", "HEAD")
    suite.git("update-index", "--add", "--cacheinfo", f"160000,{head},m")
    commit = suite.commit({"b.yml": "y: 1"})
    done = run_step(job, clone, commit)
    assert (done.returncode, disk_bytes(clone) < 2**20) == (0, True), done.stderr
    assert not (clone / "b.yml").exists()


@pytest.mark.parametrize(("job", "step"), [("plan", "plan"), ("bench", "Compress and measure")])
def test_what_was_left_out_is_not_fetched_later(job, step):
    assert step_of(job, step)["env"]["GIT_NO_LAZY_FETCH"] == 1
