"""A data branch in a bare repository of real git."""

import subprocess

import pytest

from bot.records.data_branch import DataBranch


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
