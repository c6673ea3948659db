"""A data branch in a bare repository of real git."""

import subprocess

import pytest

from bot.records.data_branch import BRANCH, DataBranch


@pytest.fixture
def remote(tmp_path):
    """The folder of an empty bare repository."""
    folder = tmp_path / "remote.git"
    subprocess.run(["git", "init", "-q", "--bare", str(folder)], check=True)
    return folder


@pytest.fixture
def branch(remote):
    """The data branch of ``remote``, which nobody has written yet."""
    return DataBranch(str(remote))


@pytest.fixture
def put(remote, tmp_path):
    """Lets somebody else add to the branch: ``put(make)`` calls ``make`` with a checkout of it."""

    def add(make):
        folder = tmp_path / "somebody"
        git = ["git", "-C", str(folder), "-c", "user.name=t", "-c", "user.email=t@example.invalid"]
        subprocess.run(["git", "init", "-q", "-b", BRANCH, str(folder)], check=True)
        subprocess.run([*git, "pull", "-q", str(remote), BRANCH], check=False, capture_output=True)
        make(folder)
        subprocess.run([*git, "add", "-A"], check=True)
        subprocess.run([*git, "commit", "-q", "-m", "x"], check=True)
        subprocess.run([*git, "push", "-q", str(remote), f"HEAD:refs/heads/{BRANCH}"], check=True)

    return add
