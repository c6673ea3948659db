"""Links of a commit that lead out of a data folder are refused, a person's own are not."""

import os

import pytest

from compress.tracked_links import refuse_tracked_links
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
