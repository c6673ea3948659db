"""Heirs of changed files, found by scanning: never fewer than parsing finds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compress.heirs import find_heirs, scan_bases
from compress.resolve import ConfigTree
from compress.suites import find_dialect
from compress.suites.parts import listed_bases
from core.errors import InputError
from core.git import Entry
from core.safe_yaml import parse_mapping

KEY = "_BASE_"


@pytest.mark.parametrize(
    ("text", "bases"),
    [
        ("a: 1\n", ()),
        ("", ()),
        ("_BASE_: a.yml\n", ("a.yml",)),
        ("_BASE_: '../a.yml'  # of all\nb: 1\n", ("../a.yml",)),
        ("_BASE_: [a.yml, 'b/c.yml', \"d.yml\"]\n", ("a.yml", "b/c.yml", "d.yml")),
        ("_BASE_: [\n  'a.yml',\n  'b.yml',\n]\nc: 1\n", ("a.yml", "b.yml")),
        ("_BASE_: []\n", ()),
        ("x: 1\n_BASE_: a.yml\n\n\ny: 1", ("a.yml",)),
        ("# first\n---\n_BASE_: [a.yml, a.yml]\n# last\n", ("a.yml",)),
        ("_BASE_: a.yml\n" + "#" * 200_000, ()),
    ],
)
def test_plain_bases_are_scanned(text, bases):
    assert scan_bases(text, KEY) == bases


@pytest.mark.parametrize(
    "text",
    [
        "_BASE_:\n  - a.yml\n",
        "_BASE_: a.yml\n  b.yml\n",
        "_BASE_: a.yml\n\n  b.yml\n",
        "_BASE_: a.yml\n_BASE_: b.yml\n",
        '_BASE_: a.yml\n"_BAS\\x45_": b.yml\n',
        '"_BAS\\x45_": b.yml\n',
        "# _BASE_: a.yml\n",
        "x: {_BASE_: a.yml}\n",
        "_BASE_: &a [a.yml]\n",
        "_BASE_: *a\n",
        "_BASE_: [a.yml, # or\n b.yml]\n",
        "_BASE_: [[a.yml]]\n",
        "_BASE_: !x a.yml\n",
        "_BASE_: a b\n",
        "_BASE_: |\n  a.yml\n",
        '_BASE_: ["a,b.yml"]\n',
        '_BASE_: "a\nb.yml"\n',
        "{\n_BASE_: a\nb.yml\n}\n",
        "{ # }\n_BASE_: a\nb: 1\n}\n",
        "--- {\n_BASE_: a\n}\n",
        "_BASE_: [\"'a.yml'\"]\n",
        "_BASE_: a'\n",
        "_BASE_: [\u00a0a.yml]\n",
        "_BASE_: a.yml\n\u2028 b\n",
        "_BASE_: a.yml\n- b\n",
    ],
)
def test_what_is_unusual_is_left_to_parsing(text):
    assert scan_bases(text, KEY) is None


FRAGMENTS = st.sampled_from(
    [
        *("_BASE_: ", "_BASE_", "a.yml", "'b.yml'", '"c.yml"', "[", "]", ", ", ",", "\n", "\n\n"),
        *(" ", "  ", "- ", "# ", " # x", "key: ", "1", "{", "}", "&a ", "*a", "<<: *a", "\\x45"),
        *('"_BAS\\x45_": ', "? ", ": ", "|\n", ">\n", "---\n", "...\n", "!t ", "'", '"', "\t"),
    ]
)


@given(st.lists(FRAGMENTS, max_size=14).map("".join))
def test_scanning_misses_no_base_that_parsing_finds(text):
    scanned = scan_bases(text, KEY)
    try:
        bases = listed_bases(parse_mapping(text, "x.yml"), KEY)
    except InputError:
        return  # a file that cannot be read inherits from nothing
    assert scanned is None or {base for base in bases if isinstance(base, str)} <= set(scanned)


def tree(files):
    entries = {path: Entry("100644", path) for path in files}
    return ConfigTree(entries, lambda blob: files[blob].encode(), find_dialect("paddledet"))


NAMES = [f"{folder}{name}.yml" for folder in ("", "x/") for name in "abcdef"]


@st.composite
def forests(draw):
    """Files with bases in every form, some missing, some in circles."""
    files = {}
    for name in draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1)):
        bases = draw(st.lists(st.sampled_from(NAMES), max_size=3))
        up = "../" if "/" in name else ""
        paths = [up + base for base in bases]
        forms = [
            f"_BASE_: [{', '.join(paths)}]\n",
            "_BASE_:\n" + "".join(f"- {p}\n" for p in paths),
        ]
        files[name] = draw(st.sampled_from(forms)) if paths else "a: 1\n"
    return files


def naive_heirs(files, changed):
    """Every file from which a chain of bases leads to a changed one."""
    parsed = tree(files)
    bases = {path: parsed.readable_bases(path) for path in files}
    heirs = set(changed)
    while new := {path for path in files if path not in heirs and heirs & set(bases[path])}:
        heirs |= new
    return heirs & set(files)


@given(forests(), st.sets(st.sampled_from(NAMES)))
def test_heirs_are_all_that_chains_lead_to(files, changed):
    assert find_heirs(tree(files), files, changed) == naive_heirs(files, changed)


def test_only_the_given_paths_are_heirs():
    files = {"a.yml": "x: 1\n", "b.yml": "_BASE_: a.yml\n", "c.yml": "_BASE_: b.yml\n"}
    assert find_heirs(tree(files), ["c.yml", "gone.yml"], {"a.yml"}) == {"c.yml"}
