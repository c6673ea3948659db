"""Own commits are those whose content this clone's reflog says the user committed here."""

import os
import subprocess

import pytest

from core.authorship import Stranger, find_stranger, is_repository
from core.git import open_repo

ME, YOU = "me@example.org", "you@example.org"
CLEAN = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}


class Clone:
    """A clone with commits of its own, beside the repository that it was cloned from."""

    def __init__(self, root):
        self.upstream, self.path = root / "upstream", root / "clone"
        self.upstream.mkdir()
        self.git("init", "-q", "-b", "main", at=self.upstream)
        self.commit("first", YOU, at=self.upstream)
        self.git("clone", "-q", str(self.upstream), str(self.path), at=root)
        self.git("config", "user.email", ME)
        self.git("config", "user.name", "me")
        self.git("config", "slimgate.trusts", "origin")

    def git(self, *arguments, at=None):
        done = subprocess.run(
            ["git", "-C", str(at or self.path), *arguments],
            env=CLEAN,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def write(self, name, text, at=None):
        (at or self.path).joinpath(name).write_text(text)
        self.git("add", name, at=at)

    def commit(self, text, address=ME, at=None):
        """Commits a file of that name and content."""
        self.write(text, f"{text}\n", at)
        who = ["-c", f"user.email={address}", "-c", "user.name=x"]
        self.git(*who, "commit", "-q", "-m", text, at=at)
        return self.git("rev-parse", "HEAD", at=at)

    def move_on(self):
        """Commits upstream, and fetches that."""
        self.commit("upstream", YOU, at=self.upstream)
        self.git("fetch", "-q", "origin")

    def fetch(self, address, text="theirs"):
        """Fetches a branch on which somebody else committed under that address."""
        self.git("checkout", "-q", "-B", "pr", "main", at=self.upstream)
        commit = self.commit(text, address, at=self.upstream)
        self.git("checkout", "-q", "main", at=self.upstream)
        self.git("fetch", "-q", "origin", "pr")
        return commit

    def stranger(self, *tips, base=None, repositories=()):
        repo = open_repo(self.path)
        return find_stranger(repo, tuple(repo.resolve(tip) for tip in tips), base, repositories)

    def head(self):
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def clone(tmp_path):
    return Clone(tmp_path)


def test_what_was_cloned_and_what_the_user_commits_is_own(clone):
    assert clone.stranger("main") is None
    clone.commit("mine")
    assert clone.stranger("main", "origin/main") is None


def test_a_commit_of_somebody_else_is_strange(clone):
    commit = clone.fetch(YOU)
    assert clone.stranger("FETCH_HEAD") == Stranger(commit, YOU)


def test_the_users_own_address_on_a_fetched_commit_proves_nothing(clone):
    commit = clone.fetch(ME)
    clone.git("checkout", "-q", "-b", "mine", "FETCH_HEAD")
    assert clone.stranger("mine") == Stranger(commit, ME)


def test_a_fast_forward_makes_nothing_ones_own(clone):
    commit = clone.fetch(ME)
    clone.git("merge", "-q", "--ff-only", "FETCH_HEAD")
    assert clone.stranger("main") == Stranger(commit, ME)


def test_a_picked_commit_keeps_its_author(clone):
    clone.fetch(YOU)
    clone.commit("mine")
    clone.git("cherry-pick", "FETCH_HEAD")
    assert clone.stranger("main").address == YOU


def test_a_commit_in_the_name_of_its_author_is_not_own(clone):
    clone.write("theirs", "theirs\n")
    clone.git("commit", "-q", "--author", f"you <{YOU}>", "-m", "theirs")
    assert clone.stranger("main") == Stranger(clone.head(), YOU)


def test_a_strangers_commit_stays_strange_when_it_is_rebased(clone):
    clone.git("checkout", "-q", "-b", "pr", clone.fetch(ME))
    clone.move_on()
    clone.git("rebase", "-q", "origin/main")
    assert clone.stranger("pr") == Stranger(clone.head(), ME)


def test_a_strangers_commit_stays_strange_when_it_is_amended(clone):
    clone.git("checkout", "-q", "-b", "pr", clone.fetch(ME))
    clone.git("commit", "-q", "--amend", "-m", "reworded")
    assert clone.stranger("pr") == Stranger(clone.head(), ME)
    clone.write("theirs", "amended\n")
    clone.git("commit", "-q", "--amend", "-m", "again")
    assert clone.stranger("pr") == Stranger(clone.head(), ME)


def test_a_strangers_commit_stays_strange_when_it_is_picked(clone):
    clone.fetch(ME)
    clone.commit("mine")
    clone.git("cherry-pick", "FETCH_HEAD")
    assert clone.stranger("main") == Stranger(clone.head(), ME)


def test_a_strangers_commit_stays_strange_when_its_conflict_is_resolved(clone):
    clone.fetch(ME, "same")
    clone.write("same", "otherwise\n")
    clone.git("commit", "-q", "-m", "mine")
    with pytest.raises(subprocess.CalledProcessError):
        clone.git("cherry-pick", "FETCH_HEAD")
    clone.write("same", "resolved\n")
    clone.git("commit", "-q", "-m", "theirs")
    assert clone.stranger("main") == Stranger(clone.head(), ME)


def test_a_strangers_commit_stays_strange_with_the_date_of_an_own_one(clone, monkeypatch):
    monkeypatch.setitem(CLEAN, "GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z")
    clone.fetch(ME)
    clone.commit("mine")
    clone.git("cherry-pick", "FETCH_HEAD")
    assert clone.stranger("main") == Stranger(clone.head(), ME)


def test_attributes_do_not_hide_what_a_commit_changes(clone, monkeypatch):
    """Without ``--text`` both patches would say no more than that binary files differ."""
    monkeypatch.setitem(CLEAN, "GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z")
    (clone.path / ".git/info/attributes").write_text("same -diff\n")
    clone.fetch(ME, "same")
    clone.git("checkout", "-q", "-b", "pr")
    clone.write("same", "mine\n")
    clone.git("commit", "-q", "-m", "same")
    clone.git("checkout", "-q", "main")
    clone.commit("other")
    clone.git("cherry-pick", "FETCH_HEAD")
    assert clone.stranger("main") == Stranger(clone.head(), ME)


def test_a_revert_is_no_own_work(clone):
    clone.commit("mine")
    clone.git("revert", "--no-edit", "HEAD")
    assert clone.stranger("main") == Stranger(clone.head(), ME)


def test_the_users_commits_stay_own_after_amending_and_rebasing(clone):
    clone.commit("one")
    clone.git("commit", "-q", "--amend", "-m", "two")
    clone.write("one", "changed\n")
    clone.git("commit", "-q", "--amend", "-m", "three")
    clone.move_on()
    clone.git("pull", "-q", "--rebase")
    clone.commit("four")
    assert clone.stranger("main") is None


def test_an_own_commit_stays_own_when_it_is_picked_or_rebased_and_amended(clone):
    clone.git("checkout", "-q", "-b", "topic")
    commit = clone.commit("mine")
    clone.git("checkout", "-q", "main")
    clone.commit("before")
    clone.git("cherry-pick", commit)
    clone.move_on()
    clone.git("rebase", "-q", "origin/main")
    clone.git("commit", "-q", "--amend", "-m", "reworded")
    assert clone.stranger("main") is None


def test_a_conflict_that_the_user_resolves_in_a_merge_is_own(clone):
    clone.commit("same", YOU, at=clone.upstream)
    clone.git("fetch", "-q", "origin")
    clone.write("same", "otherwise\n")
    clone.git("commit", "-q", "-m", "mine")
    with pytest.raises(subprocess.CalledProcessError):
        clone.git("merge", "origin/main")
    clone.write("same", "resolved\n")
    clone.git("commit", "-q", "-m", "merged")
    assert clone.stranger("main") is None


def test_strange_commits_below_own_ones_count(clone):
    commit = clone.fetch(YOU)
    clone.git("checkout", "-q", "-b", "mine", "FETCH_HEAD")
    clone.commit("on top")
    assert clone.stranger("mine") == Stranger(commit, YOU)


def test_a_remote_that_is_not_the_suites_is_a_strangers(clone):
    clone.git("remote", "add", "stranger", str(clone.upstream))
    clone.git("fetch", "-q", "stranger")
    clone.git("config", "--unset", "slimgate.trusts")
    commit = clone.git("rev-parse", "stranger/main")
    assert clone.stranger("stranger/main") == Stranger(commit, YOU)
    assert clone.stranger("main") == Stranger(commit, YOU)
    clone.git("config", "slimgate.trusts", "stranger")
    assert clone.stranger("main") is None


def test_in_a_clone_of_a_fork_not_even_the_base_is_trusted(clone):
    clone.git("config", "--unset", "slimgate.trusts")
    clone.git("remote", "set-url", "origin", "https://github.com/stranger/PaddleSeg")
    first = clone.git("rev-parse", "origin/main")
    suite = ("PaddlePaddle/PaddleSeg",)
    assert clone.stranger("main", base=first, repositories=suite) == Stranger(first, YOU)
    clone.git("remote", "set-url", "origin", "git@github.com:paddlepaddle/PaddleSeg.git")
    assert clone.stranger("main", repositories=suite) is None
    assert clone.stranger("main", repositories=("PaddlePaddle/PaddleDetection",)) is not None


def test_the_address_from_which_git_fetches_counts(clone):
    clone.git("config", "--unset", "slimgate.trusts")
    clone.git("remote", "set-url", "origin", "https://github.com/PaddlePaddle/PaddleSeg")
    clone.git("config", "url.https://evil.invalid/.insteadOf", "https://github.com/")
    assert clone.stranger("main", repositories=("PaddlePaddle/PaddleSeg",)) is not None


@pytest.mark.parametrize(
    ("address", "theirs"),
    [
        ("https://github.com/PaddlePaddle/PaddleSeg", True),
        ("https://github.com/PaddlePaddle/PaddleSeg.git", True),
        ("https://github.com/paddlepaddle/paddleseg/", True),
        ("https://me:token@github.com/PaddlePaddle/PaddleSeg", True),
        ("git@github.com:PaddlePaddle/PaddleSeg.git", True),
        ("ssh://git@github.com/PaddlePaddle/PaddleSeg.git", True),
        ("http://github.com/PaddlePaddle/PaddleSeg", False),
        ("git://github.com/PaddlePaddle/PaddleSeg", False),
        ("https://github.com/stranger/PaddleSeg", False),
        ("https://github.com/PaddlePaddle/PaddleSeg2", False),
        ("https://github.com/PaddlePaddle/PaddleSeg/x", False),
        ("https://github.com/PaddlePaddle/PaddleSeg\n", False),
        ("https://github.com.evil.invalid/PaddlePaddle/PaddleSeg", False),
        ("https://evil.invalid#@github.com/PaddlePaddle/PaddleSeg", False),
        ("https://evil.invalid/@github.com/PaddlePaddle/PaddleSeg", False),
        ("https://evil.invalid/github.com/PaddlePaddle/PaddleSeg", False),
        ("https://github.com@evil.invalid/PaddlePaddle/PaddleSeg", False),
        ("/tmp/PaddlePaddle/PaddleSeg", False),
        ("ext::sh -c https://github.com/PaddlePaddle/PaddleSeg", False),
    ],
)
def test_the_suites_address(address, theirs):
    assert is_repository(address, ("PaddlePaddle/PaddleSeg",)) is theirs


def test_without_remotes_the_base_is_trusted(clone):
    clone.git("remote", "remove", "origin")
    first = clone.git("rev-parse", "main")
    assert clone.stranger("main") is not None
    clone.commit("mine")
    assert clone.stranger("main", base=first) is None


def test_a_user_without_an_address_owns_nothing(clone):
    clone.commit("mine")
    clone.git("config", "user.email", "")
    assert clone.stranger("main") is not None
