"""The work of a YAML text is bounded before nodes are built: depth, size, aliases, directives."""

import subprocess
import sys

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.safe_yaml import parse_yaml
from core.yaml_bounds import (
    LOADER,
    MAX_BYTES,
    MAX_DEPTH,
    MAX_DIRECTIVES,
    MAX_NODES,
    MAX_TAG,
    MAX_TEXT,
    check_bounds,
)

BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 9)
)


def ladder(lines):
    """Each line nests one level deeper through an alias, though none nests more than one itself:
    line 1 reaches level 2, line 64 level 65.
    """
    return "a1: &a1 [x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(2, lines + 1))


@pytest.mark.parametrize("unit", ["[", "- ", "? ", "{a: ", "[? ", "[{a: ", "- - ? "])
def test_deep_nesting_does_not_end_the_process(unit):
    """In a process of its own: without the bound it ends by SIGSEGV, which pytest would not
    survive.
    """
    text = unit * (MAX_BYTES // len(unit))
    program = "import sys; from core.safe_yaml import parse_yaml; parse_yaml(sys.stdin.read(), 'f')"
    done = subprocess.run(
        [sys.executable, "-c", program], input=text, text=True, capture_output=True, check=False
    )
    assert done.returncode == 1, done.returncode
    assert f"nested deeper than {MAX_DEPTH} levels (line 1)" in done.stderr


@pytest.mark.parametrize("unit", ["[", "[a,", "{a: {b: ", "[[],", "- "])
def test_reading_stops_at_the_first_level_that_is_too_deep(unit, monkeypatch):
    """The scanner's time is quadratic in the depth of brackets, so the rest must not be scanned."""
    events = []

    def parse(text, **kwargs):
        for event in yaml.parse(text, **kwargs):
            events.append(event)
            yield event

    monkeypatch.setattr("core.yaml_bounds.yaml", Spy(parse))
    with pytest.raises(InputError, match="nested deeper"):
        check_bounds(unit * (MAX_BYTES // len(unit)), "f")
    assert len(events) < 6 * MAX_DEPTH


class Spy:
    """The yaml module with another ``parse``."""

    def __init__(self, parse):
        self.parse = parse

    def __getattr__(self, name):
        return getattr(yaml, name)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: " + "x" * MAX_BYTES, f"larger than {MAX_BYTES} bytes"),
        ("a: '" + "ü" * (MAX_BYTES // 2) + "'", f"larger than {MAX_BYTES} bytes"),
        ("[" * (MAX_DEPTH + 2) + "]" * (MAX_DEPTH + 2), "nested deeper than 64 levels (line 1)"),
        (ladder(MAX_DEPTH), "nested deeper than 64 levels (line 64)"),
        ("- a\n" * (MAX_NODES + 1), f"expands to more than {MAX_NODES} values (line {MAX_NODES})"),
        (BOMB, f"expands to more than {MAX_NODES} values (line 5)"),
        (
            f"- &a {'x' * 100_000}\n" + "- *a\n" * 10,
            f"expands to more than {MAX_TEXT} characters (line 11)",
        ),
        ("a: &a [*a]", "a value contains itself through an alias (line 1)"),
        ("a: &a {b: [{c: *a}]}", "a value contains itself through an alias (line 1)"),
        (f"- !{'x' * MAX_TAG} a", f"a tag of more than {MAX_TAG} characters (line 1)"),
        (f"%TAG !a! {'x' * MAX_TAG}\n---\n- !a!b c", "a tag of more than 200 characters (line 3)"),
        ("".join(f"%TAG !a{i}! x\n" for i in range(101)) + "--- a", "more than 100 directives"),
    ],
)
def test_every_limit_is_named_with_the_file(text, problem):
    with pytest.raises(InputError) as caught:
        check_bounds(text, "configs/x.yml")
    assert (problem in caught.value.message, caught.value.file) == (True, "configs/x.yml"), caught
    assert caught.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1),
        ladder(MAX_DEPTH - 1),
        "- a\n" * (MAX_NODES - 1),
        "a: " + "x" * (MAX_BYTES - 3),
        "".join(f"%TAG !a{i}! x\n" for i in range(MAX_DIRECTIVES)) + "--- a",
        "a: *unknown",
        "a: 1\n---\n" + "[" * 1000,
        "",
    ],
)
def test_what_lies_within_the_limits_passes(text):
    check_bounds(text, "f")


def test_merged_mappings_count_as_often_as_they_are_merged():
    """Each line merges all lines before it: 250 lines hold 31,000 pairs."""
    lines = ["a0: &a0 {k0: 0}"] + [
        f"a{i}: &a{i} {{<<: *a{i - 1}, k{i}: {i}}}" for i in range(1, 50)
    ]
    assert len(parse_yaml("\n".join(lines), "f")["a49"]) == 50
    lines = ["a0: &a0 {k0: 0}"] + [f"a{i}: &a{i} {{<<: *a{i - 1}, k{i}: {i}}}" for i in range(250)]
    with pytest.raises(InputError, match=r"nested deeper|expands to more"):
        parse_yaml("\n".join(lines), "f")


inner = st.recursive(
    st.sampled_from(["a", "1", "''", "*x", "&z b", "&z [c]", "*y", "*z"]),
    lambda part: (
        st.lists(part, max_size=3).map(lambda parts: f"[{', '.join(parts)}]")
        | st.tuples(part, part).map(lambda pair: f"{{k: {pair[0]}, l: {pair[1]}}}")
    ),
    max_leaves=10,
)


@given(inner)
def test_the_bounds_count_what_is_read(text):
    """A text within the bounds is read, and one that is read has the depth that was counted."""
    document = f"- &x [1]\n- &y {{z: *x}}\n- {text}"
    try:
        value = parse_yaml(document, "f")
    except InputError as error:
        faults = ("contains itself", "second occurrence", "undefined alias")
        assert any(fault in error.message for fault in faults)
        return
    assert height(value) == counted_height(document)


def height(value):
    inner_values = value.values() if isinstance(value, dict) else value
    return 1 + max(map(height, inner_values), default=0) if isinstance(value, (dict, list)) else 0


def counted_height(text):
    nodes = yaml.compose(text, Loader=LOADER)

    def of(node):
        children = node.value if isinstance(node.value, list) else []
        parts = [
            part for child in children for part in (child if type(child) is tuple else [child])
        ]
        return 1 + max(map(of, parts), default=0) if isinstance(node.value, list) else 0

    return of(nodes)
