"""Own commits are those that this clone's reflog says were made here, by the user's address."""

import os
import subprocess

import pytest

from core.authorship import MADE, Stranger, find_stranger
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

    def git(self, *arguments, at=None):
        done = subprocess.run(
            ["git", "-C", str(at or self.path), *arguments],
            env=CLEAN,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def commit(self, text, address=ME, at=None):
        who = ["-c", f"user.email={address}", "-c", "user.name=x"]
        self.git(*who, "commit", "-q", "--allow-empty", "-m", text, at=at)
        return self.git("rev-parse", "HEAD", at=at)

    def fetch(self, address, text="theirs"):
        """Fetches a branch on which somebody else committed under that address."""
        self.git("checkout", "-q", "-B", "pr", "main", at=self.upstream)
        commit = self.commit(text, address, at=self.upstream)
        self.git("checkout", "-q", "main", at=self.upstream)
        self.git("fetch", "-q", "origin", "pr")
        return commit

    def stranger(self, *tips, base=None):
        repo = open_repo(self.path)
        return find_stranger(repo, tuple(repo.resolve(tip) for tip in tips), base)


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
    clone.git("cherry-pick", "--allow-empty", "FETCH_HEAD")
    assert clone.stranger("main").address == YOU


def test_the_users_commits_stay_own_after_amending_and_rebasing(clone):
    clone.commit("one")
    clone.git("commit", "-q", "--amend", "--allow-empty", "-m", "two")
    clone.commit("upstream", YOU, at=clone.upstream)
    clone.git("pull", "-q", "--rebase")
    clone.commit("three")
    assert clone.stranger("main") is None


def test_strange_commits_below_own_ones_count(clone):
    commit = clone.fetch(YOU)
    clone.git("checkout", "-q", "-b", "mine", "FETCH_HEAD")
    clone.commit("on top")
    assert clone.stranger("mine") == Stranger(commit, YOU)


def test_a_remote_of_another_name_is_a_strangers(clone):
    clone.fetch(YOU)
    clone.git("remote", "add", "stranger", str(clone.upstream))
    clone.git("fetch", "-q", "stranger", "pr:refs/remotes/stranger/main")
    assert clone.stranger("stranger/main") is not None


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


@pytest.mark.parametrize(
    ("action", "made"),
    [
        ("commit: x", True),
        ("commit (amend): x", True),
        ("commit (initial): x: fast-forward", True),
        ("pull --rebase origin main (pick): x", True),
        ("rebase (pick): x", True),
        ("rebase (start): checkout origin/main", False),
        ("rebase (finish): returning to refs/heads/x", False),
        ("rebase: fast-forward", False),
        ("cherry-pick: fast-forward", False),
        ("merge x: Fast-forward", False),
        ("pull: Fast-forward", False),
        ("am: x", False),
        ("checkout: moving from a to b", False),
        ("clone: from x", False),
        ("commitment: x", False),
    ],
)
def test_actions_that_make_a_commit(action, made):
    assert bool(MADE.match(action)) is made
