"""Blobs are read in groups, within bounds."""

from __future__ import annotations

import pytest

from compress.blobs import Blobs, Group, blobs_in
from core.git import GitRepo


@pytest.fixture
def repo(suite):
    commit = suite.commit(
        {"a/x.yml": "x: 1", "a/y.yml": "y: 22", "b/z.py": "z", "ab/w.yml": "w: 4"}
    )
    opened = GitRepo(suite.path)
    return opened, {path: entry.blob for path, entry in opened.tree(commit).items()}


def test_the_first_of_a_group_reads_all_of_it(repo, monkeypatch):
    opened, blobs = repo
    calls = []
    read = GitRepo.read
    monkeypatch.setattr(GitRepo, "read", lambda *a: calls.append(list(a[1])) or read(*a))
    reader = Blobs(opened, (Group(frozenset([blobs["a/x.yml"], blobs["a/y.yml"]])),))
    assert reader.read(blobs["a/x.yml"]) == b"x: 1"
    assert reader.read(blobs["a/y.yml"]) == b"y: 22"
    assert reader.read(blobs["b/z.py"]) == b"z"
    assert calls == [sorted([blobs["a/x.yml"], blobs["a/y.yml"]]), [blobs["b/z.py"]]]


def test_long_blobs_and_those_beyond_the_total_count_as_missing(repo, monkeypatch):
    opened, blobs = repo
    both = frozenset([blobs["a/x.yml"], blobs["a/y.yml"]])
    assert Blobs(opened, (Group(both, max_bytes=4),)).read(blobs["a/y.yml"]) is None
    assert Blobs(opened, (Group(both, max_bytes=4),)).read(blobs["a/x.yml"]) == b"x: 1"
    monkeypatch.setattr("compress.blobs.CHUNK", 1)
    first, second = sorted(both)
    bounded = Blobs(opened, (Group(both, max_total_bytes=1),))
    assert bounded.read(first) is not None
    assert bounded.read(second) is None
    assert Blobs(opened).read("0" * 40) is None


def test_a_group_holds_what_lies_below_its_folders(suite):
    commit = suite.commit({"a/x.yml": "1", "ab/y.yml": "2", "a/z.py": "3", "t.yml": "4"})
    tree = GitRepo(suite.path).tree(commit)
    assert blobs_in([tree], ("a",), (".yml",)) == {tree["a/x.yml"].blob}
    assert blobs_in([tree], (".",), (".yml",)) == {
        tree[path].blob for path in ("a/x.yml", "ab/y.yml", "t.yml")
    }
    assert blobs_in([tree], ("a/", "t.yml"), (".py",)) == {tree["a/z.py"].blob}


def test_blobs_that_are_too_large_together_are_read_in_smaller_groups(repo, monkeypatch):
    opened, blobs = repo
    monkeypatch.setattr("core.git_objects.MAX_TOTAL_BYTES", 5)
    reader = Blobs(opened, (Group(frozenset(blobs.values())),))
    assert [reader.read(blobs[path]) for path in ("a/x.yml", "a/y.yml", "b/z.py")] == [
        *(b"x: 1", b"y: 22", b"z"),
    ]
