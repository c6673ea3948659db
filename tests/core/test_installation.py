"""This installation: where its folders lie, which libraries are there, what code runs."""

import hashlib

import pytest

from core import installation
from core.installation import code_version, installed, shipped


@pytest.fixture
def root(tmp_path, monkeypatch):
    """An installation of two packages; versions are computed afresh."""
    for name in ("one/a.py", "one/inner/b.py", "two/c.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    monkeypatch.setattr(installation, "ROOT", tmp_path)
    code_version.cache_clear()
    yield tmp_path
    code_version.cache_clear()


@pytest.mark.parametrize("folder", ["configs", "templates", "examples"])
def test_shipped_folders_lie_beside_the_packages(folder):
    assert shipped(folder).is_dir()
    assert (shipped(folder).parent / "core" / "installation.py").is_file()


def test_a_missing_library_has_no_version():
    assert installed("numpy").split(".")[0] == "1"
    assert installed("no-such-distribution-of-slimgate") is None


def test_the_version_of_code_covers_paths_and_contents_of_the_named_packages(root):
    expected = hashlib.sha256(b"one/a.py\0one/a.pyone/inner/b.py\0one/inner/b.py").hexdigest()
    assert code_version("one") == expected


@pytest.mark.parametrize(
    ("path", "text", "changes"),
    [
        ("one/a.py", "other", True),
        ("one/new.py", "", True),
        ("one/notes.txt", "other", False),
        ("two/c.py", "other", False),
    ],
)
def test_the_version_changes_with_python_code_of_these_packages_only(root, path, text, changes):
    before = code_version("one")
    (root / path).write_text(text)
    code_version.cache_clear()
    assert (code_version("one") != before) is changes
