"""Records in a branch: nothing lost, nothing twice, nothing obeyed, with real git."""

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
    READS,
    DataBranch,
    token_environment,
)
from core.schema import StrictModel

OTHER_SEPARATORS = "\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"


class Entry(StrictModel):
    name: str


def lines_of(*names):
    return [Entry(name=name).model_dump_json() for name in names]


def names(branch, file):
    return [entry.name for entry in branch.read(Entry, file)[file]]


def git(folder, *words):
    return subprocess.run(
        ["git", "-C", str(folder), *words], check=True, capture_output=True
    ).stdout


@pytest.fixture
def warnings():
    """What the branch reports."""
    return []


@pytest.fixture
def branch(remote, warnings):
    """The data branch of ``remote``, which nobody has written yet."""
    return DataBranch(str(remote), warn=warnings.append)


def test_lines_are_kept_in_order(branch):
    assert branch.read(Entry, "a.jsonl") == {"a.jsonl": []}
    branch.append({"a.jsonl": lines_of("1", "2"), "history/b.jsonl": lines_of("3")}, "first")
    branch.append({"a.jsonl": lines_of("4")}, "second")
    assert names(branch, "a.jsonl") == ["1", "2", "4"]
    assert names(branch, "history/b.jsonl") == ["3"]


def test_lines_that_are_there_are_not_added_again(branch, remote):
    for _ in range(2):
        branch.append({"a.jsonl": lines_of("1", "1")}, "first")
    assert names(branch, "a.jsonl") == ["1"]
    assert git(remote, "rev-list", "--count", BRANCH) == b"1\n"


def test_a_value_with_any_separator_is_one_line_and_found_again(branch, warnings):
    for _ in range(2):
        branch.append({"a": lines_of(f"x{OTHER_SEPARATORS}y")}, "first")
    assert names(branch, "a") == [f"x{OTHER_SEPARATORS}y"]
    assert warnings == []


def test_eight_writers_at_once_lose_nothing(remote):
    def write(writer):
        for number in range(3):
            DataBranch(str(remote)).append({"a.jsonl": lines_of(f"{writer}-{number}")}, "line")

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    written = names(DataBranch(str(remote)), "a.jsonl")
    assert sorted(written) == sorted(
        f"{writer}-{number}" for writer in range(8) for number in range(3)
    )


def test_a_remote_that_does_not_exist_is_an_error_with_gits_reason(tmp_path):
    waits = []
    missing = DataBranch(str(tmp_path / "nothing"), sleep=waits.append)
    with pytest.raises(GitHubError, match=r"cannot be read.*nothing"):
        missing.append({"a": ["1"]}, "x")
    with pytest.raises(GitHubError, match="cannot be read"):
        missing.read(Entry, "a")
    assert len(waits) == 2 * (READS - 1)


def test_a_server_that_fails_once_is_asked_again(remote, tmp_path):
    DataBranch(str(remote)).append({"a": lines_of("1")}, "x")
    away = remote.rename(tmp_path / "away")
    branch = DataBranch(str(remote), sleep=lambda _: away.rename(remote))
    assert names(branch, "a") == ["1"]


def test_refusals_without_end_are_an_error(remote):
    DataBranch(str(remote)).append({"a": ["1"]}, "x")
    (remote / "refs" / "heads" / f"{BRANCH}.lock").touch()  # as while somebody writes
    waits = []
    branch = DataBranch(str(remote), sleep=waits.append)
    with pytest.raises(GitHubError, match="run the job again"):
        branch.append({"a": ["2"]}, "x")
    assert len(waits) == ATTEMPTS
    assert all(0 <= wait <= 0.2 * 2**5 for wait in waits)


@pytest.mark.parametrize("name", ["update", "pre-receive"])
def test_a_rule_of_the_remote_is_quoted_at_once(remote, name):
    hook = remote / "hooks" / name
    hook.write_text("#!/bin/sh\necho GH013: Repository rule violations found >&2\nexit 1\n")
    hook.chmod(0o755)
    waits = []
    branch = DataBranch(str(remote), sleep=waits.append)
    with pytest.raises(GitHubError, match=r"GH013.*rules for the branch"):
        branch.append({"a": ["2"]}, "x")
    assert waits == []


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


def test_a_new_line_goes_to_the_end_and_others_stay(branch, remote):
    branch.append({"a": ["b", "a"], "b": ["x"]}, "first")
    branch.append({"a": ["a", "c"]}, "second")
    assert git(remote, "show", f"{BRANCH}:a") == b"b\na\nc\n"
    assert git(remote, "show", f"{BRANCH}:b") == b"x\n"


def test_a_byte_that_is_not_utf_8_costs_its_line_only(branch, put, warnings, remote):
    branch.append({"a": lines_of("before")}, "first")
    first = (lines_of("before")[0] + "\n").encode()
    put(lambda folder: (folder / "a").write_bytes(first + b'{"name":"\xff"}\n[]\ntorn'))
    assert names(branch, "a") == ["before"]
    assert warnings == [f"{BRANCH}:a: 3 lines skipped, which slimgate did not write"]
    branch.append({"a": lines_of("after")}, "second")
    assert names(branch, "a") == ["before", "after"]
    assert b'{"name":"\xff"}\n[]\ntorn\n{"name":"after"}\n' in git(remote, "show", f"{BRANCH}:a")


def test_a_symbolic_link_in_the_branch_is_not_followed(branch, put, tmp_path, remote):
    secret = tmp_path / "secret"
    secret.write_text('{"name":"secret"}\n')
    put(lambda folder: (folder / "a").symlink_to(secret))
    assert names(branch, "a") == []
    branch.append({"a": lines_of("ours")}, "second")
    assert names(branch, "a") == ["ours"]
    assert secret.read_text() == '{"name":"secret"}\n'
    assert git(remote, "ls-tree", BRANCH, "a").startswith(b"100644 blob")


def test_a_link_in_place_of_a_folder_is_replaced(branch, put, tmp_path):
    put(lambda folder: (folder / "history").symlink_to(tmp_path))
    branch.append({"history/a": lines_of("ours")}, "second")
    assert names(branch, "history/a") == ["ours"]
    assert not (tmp_path / "a").exists()


def test_a_folder_in_place_of_a_file_is_replaced(branch, put):
    def make(folder):
        (folder / "a").mkdir()
        (folder / "a" / "b").write_text("x")

    put(make)
    assert names(branch, "a") == []
    branch.append({"a": lines_of("ours")}, "second")
    assert names(branch, "a") == ["ours"]


def test_attributes_in_the_branch_do_not_change_what_is_read_or_written(branch, put, remote):
    attributes = "a working-tree-encoding=UTF-16 text eol=crlf\n"
    put(lambda folder: (folder / ".gitattributes").write_text(attributes))
    branch.append({"a": lines_of("ours")}, "second")
    assert names(branch, "a") == ["ours"]
    assert git(remote, "show", f"{BRANCH}:a") == b'{"name":"ours"}\n'


def test_a_file_beyond_the_limit_is_neither_read_nor_written(branch, put, warnings, monkeypatch):
    monkeypatch.setattr("bot.records.data_branch.MAX_FILE_BYTES", 4)
    put(lambda folder: (folder / "a").write_text("12345"))
    assert names(branch, "a") == []
    assert warnings == [f"{BRANCH}:a is larger than 0 MiB and was not read"]
    with pytest.raises(GitHubError, match="move it to another name"):
        branch.append({"a": ["6"]}, "x")
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
