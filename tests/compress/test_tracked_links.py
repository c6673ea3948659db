"""Links of a commit that lead out of a data folder are refused, a person's own are not."""

import os

import pytest

from compress.tracked_links import links_on, refuse_tracked_links
from core.errors import InputError
from core.git import GitRepo
from tests.conftest import Suite


@pytest.fixture
def repo(tmp_path):
    (tmp_path / "suite" / "data" / "set").mkdir(parents=True)
    (tmp_path / "sets").mkdir()
    return Suite(tmp_path / "suite")


def link(repo, name, target, tracked=True):
    (repo.path / name).parent.mkdir(parents=True, exist_ok=True)
    os.symlink(target, repo.path / name)
    if tracked:
        repo.git("add", "--force", name)


@pytest.mark.parametrize(
    "target", ["/", "/run/user/1000", "../../..", "../../../sets", "gone/../../../x"]
)
def test_a_tracked_link_that_leads_out_is_refused(repo, target):
    link(repo, "data/set/x", target)
    with pytest.raises(InputError, match="git tracks this symbolic link") as caught:
        refuse_tracked_links(GitRepo(repo.path), repo.path / "data")
    assert caught.value.file == str(repo.path / "data/set/x")


def test_a_tracked_link_may_be_neither_the_folder_nor_lead_to_it(repo, tmp_path):
    link(repo, "other", "/etc")
    link(repo, "way", tmp_path)
    for name in ("other", "way/sets", "x/../other"):
        with pytest.raises(InputError, match="git tracks this symbolic link"):
            refuse_tracked_links(GitRepo(repo.path), repo.path / name)


def test_links_that_stay_inside_or_lie_elsewhere_or_are_a_persons_own_are_followed(repo, tmp_path):
    link(repo, "data/inside", "set")
    link(repo, "docs/elsewhere", "/")
    link(repo, "data/mine", tmp_path / "sets", tracked=False)
    refuse_tracked_links(GitRepo(repo.path), repo.path / "data")
    refuse_tracked_links(GitRepo(repo.path), tmp_path / "sets")
    refuse_tracked_links(GitRepo(repo.path), repo.path / "none")


def test_the_checkout_may_itself_be_reached_by_a_link(repo, tmp_path):
    os.symlink(repo.path, tmp_path / "alias")
    link(repo, "out", "/etc")
    with pytest.raises(InputError, match="git tracks this symbolic link"):
        refuse_tracked_links(GitRepo(tmp_path / "alias"), tmp_path / "alias" / "out")


def test_a_bare_repository_has_no_links(tmp_path):
    (tmp_path / "suite").mkdir()
    Suite(tmp_path / "suite").git("clone", "--quiet", "--bare", ".", "../bare.git")
    refuse_tracked_links(GitRepo(tmp_path / "bare.git"), tmp_path / "data")


@pytest.fixture
def other(tmp_path):
    """Another repository, which tracks a link to everything and one that stays inside."""
    (tmp_path / "other" / "set").mkdir(parents=True)
    other = Suite(tmp_path / "other")
    link(other, "set/x", "/")
    link(other, "inside", "set")
    other.commit({"set/a.txt": "a"})
    return other


def test_a_link_of_a_submodule_is_refused(repo, other):
    (other.path / "set/x").unlink()
    (other.path / "inside").unlink()
    link(other, "set/deep/down/x", "/")  # where a list of labels may lead
    other.commit({})
    options = ("-c", "protocol.file.allow=always")
    repo.git(*options, "submodule", "--quiet", "add", str(other.path), "data/sub")
    with pytest.raises(InputError, match="git tracks this symbolic link") as caught:
        refuse_tracked_links(GitRepo(repo.path), repo.path / "data")
    assert caught.value.file == str(repo.path / "data/sub/set/deep/down/x")


def test_a_link_of_another_clone_or_work_tree_is_refused(repo, other):
    repo.git("commit", "--quiet", "--allow-empty", "-m", "first")
    repo.git("worktree", "add", "--quiet", "../tree")
    tree = repo.path.parent / "tree"
    (tree / "data").mkdir()
    os.symlink("/etc", tree / "data" / "x")
    refuse_tracked_links(GitRepo(repo.path), tree / "data")
    Suite.git(repo, "-C", str(tree), "add", "--all")
    for data in (other.path, other.path / "set", other.path / "inside", tree / "data"):
        with pytest.raises(InputError, match="git tracks this symbolic link"):
            refuse_tracked_links(GitRepo(repo.path), data)


def test_a_persons_own_link_may_not_lead_through_one_of_a_commit(repo, other):
    for target in ("other/set", "other/set/x", "other/set/x/etc", "other"):
        link(repo, "data/mine", f"../../{target}", tracked=False)
        with pytest.raises(InputError, match="git tracks this symbolic link") as caught:
            refuse_tracked_links(GitRepo(repo.path), repo.path / "data")
        assert caught.value.file == str(other.path / "set/x")
        (repo.path / "data/mine").unlink()


def test_a_persons_own_link_into_a_clone_is_followed(repo, other):
    (other.path / "set/x").unlink()
    other.commit({})
    for name, target in (("mine", "other"), ("more", "other/set"), ("third", "sets")):
        link(repo, f"data/{name}", f"../../{target}", tracked=False)
    refuse_tracked_links(GitRepo(repo.path), repo.path / "data")


def test_links_count_though_a_folder_of_the_repository_or_a_bare_one_is_named(repo):
    link(repo, "data/set/x", "/")
    repo.commit({"tools/a.py": "", "data/set/a.txt": ""})
    repo.git("clone", "--quiet", "--bare", ".", "../bare.git")
    for path in (repo.path / "tools", repo.path.parent / "bare.git"):
        with pytest.raises(InputError, match="git tracks this symbolic link"):
            refuse_tracked_links(GitRepo(path), repo.path / "data")


def test_looking_for_links_runs_no_program_of_the_repository(repo, tmp_path):
    monitor = tmp_path / "monitor"
    monitor.write_text(f"#!/bin/sh\ntouch {tmp_path / 'ran'}\n")
    monitor.chmod(0o755)
    repo.git("config", "core.fsmonitor", str(monitor))
    link(repo, "docs/elsewhere", "/")
    (tmp_path / "ran").unlink(missing_ok=True)
    refuse_tracked_links(GitRepo(repo.path), repo.path / "data")
    assert not (tmp_path / "ran").exists()


def test_the_links_on_a_path_are_those_that_the_kernel_follows(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    os.symlink("a/b", tmp_path / "short")
    os.symlink(tmp_path / "short", tmp_path / "a" / "b" / "long")
    os.symlink("loop", tmp_path / "loop")
    long = tmp_path / "a" / "b" / "long"
    assert [*links_on(tmp_path / "short" / "long" / ".." / "c")] == [
        tmp_path / "short",
        long,
        tmp_path / "short",
    ]
    assert {*links_on(tmp_path / "loop")} == {tmp_path / "loop"}
