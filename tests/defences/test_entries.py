"""Every entry fits the code as it is; a malformed one is refused by file, number and key."""

import ast
from itertools import chain

import pytest

from core.errors import InputError
from core.installation import ROOT
from tests.defences.conftest import ENTRY
from tests.defences.entries import (
    Defence,
    area_files,
    has_test,
    load_areas,
    places,
    select,
    without,
)


def entries_of(area):
    """Those of an area; none if one is malformed, which has a test of its own."""
    try:
        return load_areas(only=[area])[area]
    except InputError:
        return []


ALL = [entry for area in area_files() for entry in entries_of(area)]


@pytest.mark.parametrize("area", area_files())
def test_every_area_is_well_formed_and_not_empty(area):
    assert load_areas(only=[area])[area]


@pytest.mark.parametrize("entry", ALL, ids=lambda entry: f"{entry.area}-{entry.number}")
def test_every_entry_applies_once_and_names_a_test(entry):
    file = ROOT / entry.defence.file
    changed = without(file.read_text("utf-8"), entry.defence)
    if file.suffix == ".py":
        ast.parse(changed)
    assert has_test(entry.defence), f"there is no {entry.defence.test}"


def test_no_defence_is_listed_twice():
    keys = [(e.defence.file, e.defence.remove, e.defence.leave, e.defence.test) for e in ALL]
    assert len(keys) == len(set(keys))


def test_entries_are_numbered_within_their_area(place):
    place.write({}, {"threat": "another"})
    place.write({}, area="more")
    areas = load_areas(place.root)
    assert [(e.area, e.number) for e in chain(*areas.values())] == [
        ("more", 1),
        ("sizes", 1),
        ("sizes", 2),
    ]
    assert areas["sizes"][1].defence.threat == "another"


@pytest.mark.parametrize(
    ("change", "message", "key"),
    [
        ({"threat": None}, "Field required", "threat"),
        ({"thread": "x"}, "unknown key", "thread"),
        ({"remove": ""}, "at least 1 character", "remove"),
        ({"leave": "if size > LIMIT:"}, "'leave' is the same as 'remove'", None),
        ({"defence": "one\ntwo"}, "write it on one line", "defence"),
        ({"file": "../gate.py"}, "below the root", "file"),
        ({"file": "/etc/passwd"}, "below the root", "file"),
        ({"test": "tests/test_gate.py"}, "should match pattern", "test"),
        ({"remove": 3}, "valid string", "remove"),
    ],
)
def test_a_malformed_entry_is_named_by_file_number_and_key(place, change, message, key):
    place.write({}, change)
    with pytest.raises(InputError, match=message) as caught:
        load_areas(place.root)
    assert caught.value.file == f"{place.root}/tests/defences/sizes.yml, entry 2"
    assert caught.value.key == key


def test_a_file_that_holds_no_list_is_refused(place):
    (place.root / "tests/defences/sizes.yml").write_text("threat: x\n")
    with pytest.raises(InputError, match="holds no list of entries"):
        load_areas(place.root)


def test_an_empty_file_has_no_entries(place):
    (place.root / "tests/defences/sizes.yml").write_text("# nothing yet\n")
    assert load_areas(place.root) == {"sizes": []}


def test_entries_are_chosen_by_area_and_by_text_in_any_case(place):
    place.write({}, {"threat": "Links"})
    place.write({}, area="more")
    areas = load_areas(place.root)
    assert len(select(areas)) == 3
    assert [entry.number for entry in select(areas, "links")] == [2]
    assert [entry.area for entry in select(load_areas(place.root, ["more"]))] == ["more"]
    with pytest.raises(InputError, match="unknown area 'size'") as caught:
        load_areas(place.root, ["size"])
    assert (caught.value.nearest, caught.value.choices) == ("sizes", ("more", "sizes"))


def test_a_malformed_area_does_not_keep_another_from_being_read(place):
    place.write({})
    (place.root / "tests/defences/bad.yml").write_text("- threat: a: b\n")
    assert len(load_areas(place.root, ["sizes"])["sizes"]) == 1
    with pytest.raises(InputError, match="not valid YAML"):
        load_areas(place.root)


BLOCK = """\
def f():
    if a:
        raise A

    if b:
        raise B
"""


@pytest.mark.parametrize(
    ("part", "spans"),
    [
        ("if a:", ["if a:"]),
        ("raise", ["raise", "raise"]),
        ("    if a:\n        raise A", ["    if a:\n        raise A"]),
        ("if a:\n    raise A", ["if a:\n        raise A"]),
        ("if a:\n    raise A\n\nif b:", ["if a:\n        raise A\n\n    if b:"]),
        ("if a:\n  raise A", []),
    ],
)
def test_a_block_is_found_at_any_indentation(part, spans):
    assert [BLOCK[start:end] for start, end, _ in places(BLOCK, part)] == spans


def test_what_is_left_is_indented_as_the_block_was():
    fields = {"remove": "if a:\n    raise A\n", "leave": "if not a:\n    pass\n"}
    defence = Defence(**{**ENTRY, **fields})
    assert without(BLOCK, defence) == BLOCK.replace("if a:", "if not a:").replace("raise A", "pass")


@pytest.mark.parametrize("indent", ["", "    "])
def test_several_lines_for_one_keep_their_indentation(indent):
    fields = {"remove": f"{indent}if a:", "leave": f"{indent}a = b\n{indent}if c:"}
    changed = without(BLOCK, Defence(**{**ENTRY, **fields}))
    assert changed == BLOCK.replace("    if a:", "    a = b\n    if c:")


@pytest.mark.parametrize(("remove", "count"), [("raise", 2), ("if c:", 0)])
def test_a_text_that_does_not_occur_once_is_refused(remove, count):
    with pytest.raises(InputError, match=f"occurs {count} times") as caught:
        without(BLOCK, Defence(**{**ENTRY, "remove": remove}))
    assert (caught.value.file, caught.value.key) == ("gate.py", "remove")


@pytest.mark.parametrize(
    ("test", "exists"),
    [
        ("tests/test_gate.py::test_large_is_refused", True),
        ("tests/test_gate.py::test_sizes_are_refused[4]", True),
        ("tests/test_gate.py::test_gone", False),
        ("tests/test_gone.py::test_large_is_refused", False),
        ("tests/test_gate.py::TestGate::test_large_is_refused", False),
    ],
)
def test_a_test_exists_if_its_file_defines_it(place, test, exists):
    assert has_test(Defence(**{**ENTRY, "test": test}), place.root) is exists
