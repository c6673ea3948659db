"""A defence counts as proved only if its test is green with it and red without it."""

import pytest

from tests.defences.entries import load_areas, select
from tests.defences.mutate import Pool, main, prove_all
from tests.defences.tree import copy_tree

CHANGES = {
    "proved": {},
    "proved by one of several": {"test": "tests/test_gate.py::test_sizes_are_refused"},
    "survives": {"test": "tests/test_gate.py::test_small_is_admitted"},
    "not green": {"test": "tests/test_gate.py::test_red"},
    "not green since skipped": {"test": "tests/test_gate.py::test_skipped"},
    "not green since absent": {"test": "tests/test_gate.py::test_gone"},
    "not green since broken": {"test": "tests/test_broken.py::test_any"},
    "broken": {"leave": "if nowhere:"},
    "broken syntax": {"leave": "if"},
    "does not apply": {"remove": "if size > 7:"},
    "does not apply without a file": {"file": "gone.py"},
}
REASONS = {
    "proved": "DID NOT RAISE",
    "not green": "failed: assert 3 == 4",
    "not green since skipped": "skipped",
    "not green since absent": "no such test",
    "not green since broken": "cannot be imported",
    "broken": "NameError",
    "broken syntax": "pytest ended with",
    "does not apply": "occurs 0 times",
    "does not apply without a file": "No such file",
}


def quiet(_text):
    """Prints nothing."""


def test_each_entry_ends_as_its_test_does(place, tmp_path):
    place.write(*CHANGES.values())
    entries = select(load_areas(place.root))
    tree = copy_tree(tmp_path / "copy", place.root)
    proofs = dict(zip(CHANGES, prove_all(entries, Pool([tree]), quiet), strict=True))
    for name, proof in proofs.items():
        assert name.startswith(proof.result)
        assert REASONS.get(name, "") in proof.reason
    assert (tree.root / "gate.py").read_text() == (place.root / "gate.py").read_text()


@pytest.mark.parametrize(("name", "code"), [("proved", 0), ("survives", 1), ("does not apply", 1)])
def test_the_exit_code_says_whether_every_loss_is_seen(place, capsys, name, code):
    place.write(CHANGES[name])
    assert main(["--processes", "1"], place.root) == code
    printed = capsys.readouterr().out
    assert f"1 {name}" in printed
    assert "sizes have a limit" in printed


def test_a_malformed_entry_is_bad_input(place, capsys):
    place.write({"leave": None})
    assert main([], place.root) == 2
    assert "sizes.yml, entry 1" in capsys.readouterr().err


def test_the_copy_has_what_git_lists_and_nothing_that_it_ignores(place, tmp_path):
    (place.root / "new.py").write_text("new = 1\n")
    (place.root / "left.log").write_text("ignored\n")
    tree = copy_tree(tmp_path / "copy", place.root)
    names = {path.relative_to(tree.root).as_posix() for path in tree.root.rglob("*.*")}
    assert {"gate.py", "new.py", "tests/test_gate.py"} <= names
    assert "left.log" not in names
