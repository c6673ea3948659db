"""Records in a branch: nothing lost, nothing twice, with real git."""

import base64
import os
import subprocess
import threading

import pytest

from bot.github.errors import GitHubError
from bot.records.data_branch import (
    ATTEMPTS,
    BRANCH,
    MAX_FILE_BYTES,
    DataBranch,
    token_environment,
)


def test_lines_are_kept_in_order(remote):
    branch = DataBranch(str(remote))
    assert branch.read("a.jsonl") == {"a.jsonl": []}
    branch.append({"a.jsonl": ["1", "2"], "history/b.jsonl": ["3"]}, "first")
    branch.append({"a.jsonl": ["4"]}, "second")
    assert branch.read("a.jsonl", "history/b.jsonl") == {
        "a.jsonl": ["1", "2", "4"],
        "history/b.jsonl": ["3"],
    }


def test_lines_that_are_there_are_not_added_again(remote):
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


def test_a_remote_that_does_not_exist_is_an_error_with_gits_reason(tmp_path):
    missing = str(tmp_path / "nothing")
    with pytest.raises(GitHubError, match=r"cannot be read.*nothing"):
        DataBranch(missing).append({"a": ["1"]}, "x")
    with pytest.raises(GitHubError, match="cannot be read"):
        DataBranch(missing).read("a")


def test_refusals_without_end_are_an_error(remote, tmp_path):
    DataBranch(str(remote)).append({"a": ["1"]}, "x")
    hook = remote / "hooks" / "update"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    waits = []
    branch = DataBranch(str(remote), sleep=waits.append)
    with pytest.raises(GitHubError, match="run the job again"):
        branch.append({"a": ["2"]}, "x")
    assert len(waits) == ATTEMPTS
    assert all(0 <= wait <= 0.2 * 2**5 for wait in waits)


def test_a_refusal_without_another_writer_is_an_error_at_once(remote):
    DataBranch(str(remote)).append({"a": ["1"]}, "x")
    waits = []
    signed = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "push.gpgSign",  # which the remote does not support
        "GIT_CONFIG_VALUE_0": "true",
    }
    branch = DataBranch(str(remote), signed, waits.append)
    with pytest.raises(GitHubError, match="cannot be written"):
        branch.append({"a": ["2"]}, "x")
    assert waits == []


def test_a_new_line_goes_to_the_end_and_others_stay(remote):
    branch = DataBranch(str(remote))
    branch.append({"a": ["b", "a"], "b": ["x"]}, "first")
    branch.append({"a": ["a", "c"]}, "second")
    assert branch.read("a", "b") == {"a": ["b", "a", "c"], "b": ["x"]}


def push_file(remote, folder, name, make):
    """Lets somebody else put a file into the branch."""
    folder.mkdir()
    git = ["git", "-C", str(folder), "-c", "user.name=t", "-c", "user.email=t@example.invalid"]
    subprocess.run([*git, "init", "-q", "-b", BRANCH], check=True)
    make(folder / name)
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-q", "-m", "x"], check=True)
    subprocess.run([*git, "push", "-q", str(remote), f"HEAD:refs/heads/{BRANCH}"], check=True)


def test_a_symbolic_link_in_the_branch_is_not_followed(remote, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("secret\n")
    push_file(remote, tmp_path / "clone", "a", lambda path: path.symlink_to(secret))
    assert DataBranch(str(remote)).read("a") == {"a": []}


def test_a_file_beyond_the_limit_is_not_read(remote, tmp_path, monkeypatch):
    monkeypatch.setattr("bot.records.data_branch.MAX_FILE_BYTES", 4)
    push_file(remote, tmp_path / "clone", "a", lambda path: path.write_text("12345"))
    assert DataBranch(str(remote)).read("a") == {"a": []}
    assert MAX_FILE_BYTES == 64 * 2**20


def test_the_token_goes_to_one_server_and_not_into_a_command_line():
    environment = token_environment("https://ghe.example", "secret")
    shown = subprocess.run(
        ["git", "config", "--get-urlmatch", "http.extraheader", "https://ghe.example/o/n"],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    kind, _, value = shown.removeprefix("AUTHORIZATION: ").partition(" ")
    assert (kind, base64.b64decode(value)) == ("basic", b"x-access-token:secret")
    elsewhere = ["git", "config", "--get-urlmatch", "http.extraheader", "https://evil.example/o/n"]
    result = subprocess.run(elsewhere, env={**os.environ, **environment}, check=False)
    assert result.returncode == 1
