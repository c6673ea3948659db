"""``\\n`` alone ends a line, whatever else a line holds; bad lines are skipped and counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from core.lines import append_line, decode_lines, join_lines, parse_lines, split_lines
from core.schema import StrictModel

SEPARATORS = "\r\v\f\x1c\x1d\x1e\x1f\x85\u2028\u2029"
"""Characters that end a line for ``str.splitlines``, for YAML or for JavaScript."""
TEXT = st.text(st.sampled_from("ab " + SEPARATORS), max_size=20)


class Part(StrictModel):
    schema_: str = Field("part/1", alias="schema", pattern="^part/1$")
    name: str


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("a", ["a"]),
        ("a\n", ["a"]),
        ("a\n\n", ["a", ""]),
        ("\n", [""]),
        ("a\r\nb\n", ["a\r", "b"]),
        (f"a{SEPARATORS}b\nc", [f"a{SEPARATORS}b", "c"]),
    ],
)
def test_a_line_ends_at_a_line_feed_only(text, lines):
    assert split_lines(text) == lines
    assert decode_lines(text.encode()) == lines


@given(st.lists(TEXT, max_size=6))
def test_lines_are_read_as_they_were_written(lines):
    assert split_lines(join_lines(lines)) == lines
    assert decode_lines(join_lines(lines).encode()) == lines


def test_a_line_with_a_line_break_is_not_written():
    with pytest.raises(ValueError, match="line break"):
        join_lines(["a", "b\nc"])


def test_a_line_that_is_not_utf_8_costs_no_other_line():
    assert decode_lines(b"a\n\xff\xfe\nb") == ["a", None, "b"]


def test_lines_without_a_value_are_skipped_and_counted():
    lines = ['{"name":"a"}', '{"name":"b","colour":"red"}', "", "{", None, '{"name":"c"}', "1" * 9]
    parsed = parse_lines(Part, lines)
    assert [part.name for part in parsed.values] == ["a", "c"]
    assert parsed.bad == 4


def test_a_line_of_millions_of_values_is_no_value(monkeypatch):
    monkeypatch.setattr("core.lines.MAX_LINE_VALUES", 3)
    parsed = parse_lines(Part, ['{"name":"a"}', '{"name":"[,[,["}', '{"name":"b"}'])
    assert ([part.name for part in parsed.values], parsed.bad) == (["a", "b"], 1)


def test_lines_of_another_version_are_skipped_and_not_counted():
    parsed = parse_lines(Part, ['{"schema":"part/2","name":"a","more":1}', '{"name":"b"}'])
    assert ([part.name for part in parsed.values], parsed.bad) == (["b"], 0)


@given(st.lists(TEXT, max_size=5))
def test_values_with_any_separator_are_found_again(tmp_path_factory, names):
    path = tmp_path_factory.mktemp("lines") / "parts.jsonl"
    for name in names:
        append_line(path, Part(name=name))
    stored = decode_lines(path.read_bytes()) if names else []
    assert parse_lines(Part, stored).values == [Part(name=name) for name in names]


def test_values_are_appended_a_line_each(tmp_path):
    path = tmp_path / "history" / "parts.jsonl"
    for name in ("a", "b"):
        append_line(path, Part(name=name))
    assert path.read_text() == ('{"schema":"part/1","name":"a"}\n{"schema":"part/1","name":"b"}\n')


def test_a_line_that_was_cut_off_is_ended_before_the_next(tmp_path):
    path = tmp_path / "parts.jsonl"
    path.write_text('{"name":"a"}\n{"nam')
    append_line(path, Part(name="b"))
    parsed = parse_lines(Part, split_lines(path.read_text()))
    assert ([part.name for part in parsed.values], parsed.bad) == (["a", "b"], 1)
