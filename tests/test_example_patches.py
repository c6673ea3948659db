"""Each patch of docs/examples adds one thing: its files, one registry line, and tests that run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PATCHES = sorted((ROOT / "docs/examples").glob("add-*.patch"))
GENERATED = ("docs/rules/",)
"""What ``make rule-docs`` writes."""


def git(folder, *words):
    done = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def copy(tmp_path):
    """The files of this checkout, in a repository of their own."""
    listed = git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in listed.split("\0"):
        source = ROOT / name
        if name and source.is_file() and not name.endswith((".png", ".pdparams")):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, tmp_path / name)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(
        tmp_path, "-c", "user.name=t", "-c", "user.email=t@example.invalid", "commit", "-qm", "copy"
    )
    return tmp_path


def test_there_is_a_patch_for_each_seam():
    kinds = {path.stem for path in PATCHES}
    assert kinds == {
        "add-a-comment-command",
        "add-a-method",
        "add-a-metric",
        "add-a-rule",
        "add-a-suite",
        "add-an-engine",
    }


@pytest.mark.paddle
@pytest.mark.parametrize("patch", PATCHES, ids=lambda path: path.stem)
def test_the_patch_touches_one_registry_line_and_runs(copy, patch):
    git(copy, "apply", str(patch))
    changed = [line.split("\t") for line in git(copy, "diff", "--numstat").splitlines()]
    edited = [row for row in changed if not row[2].startswith(GENERATED)]
    assert [row[:2] for row in edited] == [["1", "0"]], edited
    added = git(copy, "ls-files", "--others", "--exclude-standard").splitlines()
    tests = [name for name in added if Path(name).name.startswith("test_")]
    product = [n for n in added if not n.startswith(("tests/", *GENERATED))]
    assert len(tests) == 1
    assert len(product) == 1 or len({Path(name).parts[:3] for name in product}) == 1, product
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests]
    done = subprocess.run(
        command, cwd=copy, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "skipped" not in done.stdout
