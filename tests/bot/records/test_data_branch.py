"""Records in a branch: nothing lost, nothing twice, with real git."""

import subprocess
import threading

import pytest

from bot.github.errors import GitHubError
from bot.records.data_branch import BRANCH, DataBranch


@pytest.fixture
def remote(tmp_path):
    folder = tmp_path / "remote.git"
    subprocess.run(["git", "init", "-q", "--bare", str(folder)], check=True)
    return folder


def test_lines_are_kept_in_order(remote):
    branch = DataBranch(str(remote))
    assert branch.read("a.jsonl") == {"a.jsonl": []}
    branch.append({"a.jsonl": ["1", "2"], "history/b.jsonl": ["3"]}, "first")
    branch.append({"a.jsonl": ["4"]}, "second")
    assert branch.read("a.jsonl", "history/b.jsonl") == {
        "a.jsonl": ["1", "2", "4"],
        "history/b.jsonl": ["3"],
    }


def test_appending_again_changes_nothing(remote):
    branch = DataBranch(str(remote))
    for _ in range(2):
        branch.append({"a.jsonl": ["1", "1"]}, "first")
    assert branch.read("a.jsonl")["a.jsonl"] == ["1"]
    count = ["git", "-C", str(remote), "rev-list", "--count", BRANCH]
    assert subprocess.run(count, check=True, capture_output=True, text=True).stdout.strip() == "1"


def test_eight_writers_at_once_lose_nothing(remote):
    def write(writer):
        for number in range(3):
            DataBranch(str(remote)).append({"a.jsonl": [f"{writer}-{number}"]}, "line")

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = DataBranch(str(remote)).read("a.jsonl")["a.jsonl"]
    assert sorted(lines) == sorted(
        f"{writer}-{number}" for writer in range(8) for number in range(3)
    )


def test_a_remote_that_is_not_there(tmp_path):
    with pytest.raises(GitHubError, match="cannot be read"):
        DataBranch(str(tmp_path / "nothing")).append({"a": ["1"]}, "x")


def test_endless_refusals_end(remote, tmp_path):
    DataBranch(str(remote)).append({"a": ["1"]}, "x")
    hook = remote / "hooks" / "update"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    waits = []
    branch = DataBranch(str(remote), sleep=waits.append)
    with pytest.raises(GitHubError, match="run it again"):
        branch.append({"a": ["2"]}, "x")
    assert len(waits) == 12
