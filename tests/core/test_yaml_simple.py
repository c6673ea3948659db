"""Simple texts: both parsers read them alike, and within the bounds."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from core import yaml_bounds, yaml_parsers
from core.errors import InputError
from core.yaml_bounds import check_bounds, is_within
from core.yaml_parsers import parsers_differ
from core.yaml_simple import bracket_depth


@pytest.mark.parametrize(
    ("text", "depth"),
    [
        ("", 0),
        ("a: 1\nb: 'x y'  # why\n\n# what\n", 0),
        ("a: [1, 2.5e-3, -1, True]\n", 1),
        ("a:\n  - Resize: {size: [640, 640], keep: True}\n  - {b: c}\n", 2),
        ("a: !Cosine\n  b: &x 1\nc: *x\n", 0),
        ("_BASE_: [\n  '../a.yml',\n  'b.yml',\n]\n", 1),
        ("w: https://x.org/a-b/c.pdparams\n", 0),
        ("a: [1]  # [[[\n", 1),
    ],
)
def test_configs_are_simple(text, depth):
    assert bracket_depth(text) == depth


@pytest.mark.parametrize(
    "text",
    [
        *("a:\tb\n", "a: é\n", "%YAML 1.1\n", "---\na: 1\n", "a: |\n  b\n", "a: >\n b\n", "? a\n"),
        *('a: "\\n"\n', "a: 'it''s'\n", "a:b:c\n", '{"a":1}\n', "a: @b\n", "a: `b`\n"),
        *(
            "[https://x.org]\n",
            "[\nhttps://x.org\n]\n",
            "a: b #c\n" + "x" * 501,
            "a: 1\r\n",
            "...\n",
        ),
        *("a: '#'\n", "a: 1,2;3\n", "a: ![b]\n", "a: !<x> b\n", "a: *\n", "a: (1, 2)\n"),
    ],
)
def test_other_texts_are_left_to_parsers(text):
    assert bracket_depth(text) is None


PIECES = st.sampled_from(
    [
        *("a", "b1", "-1", "1.5", "~", "x.y/z", "True", "'a b'", '"c"', "key:", "k: ", ": ", ":"),
        *("[", "]", "{", "}", ", ", ",", " ", "  ", "- ", "-", " # c", "#", "!Tag ", "!Tag"),
        *("&x ", "*x", "https://a.b/c", "\n", "\n  ", "\n- ", "k: https://a.b", "null", "0x1F"),
        *("''", '""', "a-b", "1e3", "2001-01-01", "=", "<<: ", "yes", "@", "+", "a@b"),
    ]
)
TEXTS = st.lists(PIECES, max_size=16).map("".join)


@given(TEXTS)
@settings(max_examples=1500)
def test_both_parsers_read_simple_texts_alike(text):
    if bracket_depth(text) is None:
        return
    ours, theirs = outcome(text, yaml_parsers.LOADER), outcome(text, yaml.SafeLoader)
    assert ours == theirs


def outcome(text, loader):
    """The events of a text, or None if the parser refuses it: then no one can load it."""
    try:
        return [said for said, _ in yaml_parsers._parts(text, loader)]
    except (yaml.YAMLError, ValueError):
        return None


@given(TEXTS)
@settings(max_examples=1500)
def test_texts_within_the_bounds_pass_them(text):
    if not is_within(text):
        return
    bounds = yaml_bounds._Bounds("x.yml", text)
    try:
        for event in yaml_bounds.first_document(text):
            bounds.count(event)
    except yaml.YAMLError:
        return


@pytest.mark.parametrize(("levels", "within"), [(3, True), (31, True), (32, False), (40, False)])
def test_lists_at_the_column_of_their_key_make_two_levels_of_two_columns(levels, within):
    text = "a:\n" + "".join(" " * 2 * level + "- a:\n" for level in range(levels))
    assert is_within(text) == within
    if within:
        check_bounds(text, "x.yml")


def test_a_text_that_is_not_within_them_is_still_counted():
    with pytest.raises(InputError, match="nested deeper"):
        check_bounds("[" * 70 + "]" * 70, "x.yml")
    with pytest.raises(InputError, match="more than 20000 values"):
        check_bounds("- a\n" * 21_000, "x.yml")


def test_a_simple_text_is_not_parsed_twice(monkeypatch):
    monkeypatch.delattr(yaml_parsers, "_parts")
    assert parsers_differ("a: [1, 2]\n", "x.yml") is None
