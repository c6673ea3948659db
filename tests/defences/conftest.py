"""A small tree with one defence, its tests, and a file of entries that each test writes."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from core.installation import ROOT

GATE = """\
LIMIT = 3


def admit(size):
    if size > LIMIT:
        raise ValueError("too large")
    return size
"""
TESTS = """\
import pytest
from gate import admit


def test_large_is_refused():
    with pytest.raises(ValueError, match="too large"):
        admit(4)


def test_small_is_admitted():
    assert admit(3) == 3


@pytest.mark.parametrize("size", [4, 5])
def test_sizes_are_refused(size):
    with pytest.raises(ValueError):
        admit(size)


def test_red():
    assert admit(3) == 4


@pytest.mark.skip(reason="needs a machine")
def test_skipped():
    admit(4)
"""
ENTRY = {
    "threat": "a file without end",
    "defence": "sizes have a limit",
    "file": "gate.py",
    "remove": "if size > LIMIT:",
    "leave": "if False:",
    "test": "tests/test_gate.py::test_large_is_refused",
}


@dataclass(frozen=True)
class Place:
    """The root of the tree, which is a git repository."""

    root: Path

    def write(self, *changes, area="sizes"):
        """Writes an area's entries, each with its differences from a good one (None: no key)."""
        entries = [
            {key: value for key, value in {**ENTRY, **change}.items() if value is not None}
            for change in changes
        ]
        (self.root / "tests/defences" / f"{area}.yml").write_text(yaml.safe_dump(entries))


@pytest.fixture
def place(tmp_path):
    root = tmp_path / "tree"
    folder = root / "tests/defences"
    folder.mkdir(parents=True)
    for name in ("__init__.py", "outcomes.py"):
        shutil.copy(ROOT / "tests/defences" / name, folder / name)
    (root / "tests/__init__.py").touch()
    (root / "gate.py").write_text(GATE)
    (root / "tests/test_gate.py").write_text(TESTS)
    (root / "tests/test_broken.py").write_text("import nowhere\n\n\ndef test_any():\n    pass\n")
    (root / ".gitignore").write_text("*.log\n")
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    return Place(root)
