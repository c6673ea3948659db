"""Trees and blobs of strangers: bombs, odd names and huge files are refused or left out."""

import os
import subprocess

import pytest

from core import git_objects
from core.errors import InputError
from core.git import open_repo
from core.git_objects import MAX_PATH_BYTES


@pytest.fixture
def write_tree(suite):
    """Writes a tree object of any form; git's ordinary commands refuse some."""
    suite.commit({"a.yml": "x: 1"})

    def write(*entries):
        data = b"".join(
            f"{mode} ".encode() + os.fsencode(name) + b"\0" + bytes.fromhex(inner)
            for mode, name, inner in entries
        )
        command = ["git", "-C", str(suite.path), "hash-object", "-t", "tree", "-w", "--literally"]
        done = subprocess.run([*command, "--stdin"], input=data, capture_output=True, check=True)
        return done.stdout.decode().strip()

    return write


@pytest.fixture
def blob(suite, write_tree):
    return suite.git("rev-parse", "HEAD:a.yml")


def test_a_tree_that_expands_to_billions_of_files_is_refused(suite, write_tree, blob):
    """Ten trees of ten entries each: a kilobyte of objects, ten billion paths."""
    tree = write_tree(*(("100644", f"f{i}", blob) for i in range(10)))
    for _ in range(9):
        tree = write_tree(*(("40000", f"d{i}", tree) for i in range(10)))
    with pytest.raises(InputError, match="has more than 100000 files") as caught:
        open_repo(suite.path).tree(tree)
    assert caught.value.file == str(suite.path)
    assert caught.value.hint


def test_a_tree_whose_paths_fill_the_memory_is_refused(suite, write_tree, blob, monkeypatch):
    monkeypatch.setattr(git_objects, "MAX_LISTING_BYTES", 2**20)
    tree = write_tree(*(("100644", f"{i:05}{'x' * 3000}", blob) for i in range(700)))
    with pytest.raises(InputError, match="has paths of more than 1 MiB"):
        open_repo(suite.path).tree(tree)


@pytest.mark.parametrize(
    "name", ["a\nb.yml", "a\tb.yml", "\x1b[2J.yml", "a\x85.yml", "x" * (MAX_PATH_BYTES + 1)]
)
def test_odd_names_are_left_out(suite, write_tree, blob, name):
    tree = write_tree(("100644", "a.yml", blob), ("100644", name, blob))
    assert list(open_repo(suite.path).tree(tree)) == ["a.yml"]


def test_git_that_ends_early_is_an_error(suite, write_tree, blob):
    tree = write_tree(("100644", "a.yml", blob), ("40000", "gone", "1" * 40))
    with pytest.raises(InputError, match="git ls-tree failed"):
        open_repo(suite.path).tree(tree)


def test_files_that_are_too_large_together_are_refused(suite, monkeypatch):
    monkeypatch.setattr(git_objects, "MAX_TOTAL_BYTES", 100)
    suite.commit({"a": "x" * 60, "b": "y" * 60, "c": "z" * 10})
    repo = open_repo(suite.path)
    blobs = {path: entry.blob for path, entry in repo.tree("HEAD").items()}
    assert len(list(repo.read([blobs["a"], blobs["c"]]))) == 2
    with pytest.raises(InputError, match="its files have more than 0 MiB together"):
        list(repo.read(blobs.values()))


@pytest.fixture
def partial_clone(suite, tmp_path, monkeypatch):
    """A clone that lacks files of 1 KiB and more, and may not fetch them."""
    files = {f"large{i}.yml": "x" * 2000 + str(i) for i in range(3)}
    suite.commit({"a.yml": "x: 1", **files, "z.yml": "y: 1"})
    suite.git("config", "uploadpack.allowFilter", "true")
    suite.git("config", "uploadpack.allowAnySHA1InWant", "true")
    command = ["git", "clone", "-q", "--no-checkout", "--depth", "1", "--filter", "blob:limit=1k"]
    subprocess.run([*command, f"file://{suite.path}", str(tmp_path / "clone")], check=True)
    monkeypatch.setenv("GIT_NO_LAZY_FETCH", "1")
    return open_repo(tmp_path / "clone")


def test_a_partial_clone_does_not_fetch_what_it_lacks(partial_clone):
    files = partial_clone.tree("HEAD")
    contents = dict(partial_clone.read(entry.blob for entry in files.values()))
    found = {path: contents[entry.blob] for path, entry in files.items()}
    assert {path for path, content in found.items() if content is None} == {
        "large0.yml",
        "large1.yml",
        "large2.yml",
    }
    assert (found["a.yml"], found["z.yml"]) == (b"x: 1", b"y: 1")


def test_a_clone_that_lacks_many_files_has_the_others(partial_clone):
    files = partial_clone.tree("HEAD")
    names = [files["large0.yml"].blob] * 200 + [files["a.yml"].blob]
    assert [content for _, content in partial_clone.read(names)] == [*([None] * 200), b"x: 1"]
