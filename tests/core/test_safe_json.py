"""JSON from strangers: strict, finite, shallow, and without halves of characters."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.safe_json import MAX_DEPTH, MAX_VALUES, encodable, encodable_value, parse_json


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b'"\\ud800"', r"half of a character: '\\ud800'"),
        (b'{"a": [{"\\uDFFF": 1}]}', "half of a character"),
        (b'["\\ude00\\ud83d"]', "half of a character"),
        (b'"\xed\xa0\x80"', "utf-8"),
        ('"ü"'.encode("utf-16"), "utf-8"),
        (b"NaN", "NaN is not a number"),
        (b"[-Infinity]", "-Infinity is not a number"),
        (b'{"a": -1e999}', "-1e999 is beyond all numbers"),
        (b'{"a": 1, "a": 2}', "the same key twice"),
        (b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
        (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), f"nested deeper than {MAX_DEPTH} levels"),
        (b'{"a":' * (MAX_DEPTH + 1) + b"1" + b"}" * (MAX_DEPTH + 1), "nested deeper"),
        (b"9" * 5000, "digits"),
        (b"[" + b"1," * MAX_VALUES + b"1]", f"more than {MAX_VALUES} values"),
    ],
)
def test_what_breaks_later_readers_and_writers_is_refused_in_words(data, problem):
    with pytest.raises(ValueError, match=problem):
        parse_json(data)


def test_whole_characters_and_deep_enough_values_are_read():
    assert parse_json(b'"\\ud83d\\ude00 \\\\ud800"') == "\N{GRINNING FACE} \\ud800"
    assert parse_json(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
    assert parse_json(b"1" + b"0" * 400) == 10**400


@pytest.mark.parametrize("many", [b"[1,2,3,4]", b"[[],[],[]]", b"[{},{}]", b'{"a":1,"b":2,"c":3}'])
def test_values_are_counted_before_they_are_made(many):
    assert parse_json(many, 8)
    with pytest.raises(ValueError, match="more than 3 values"):
        parse_json(many, 3)


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(plain)
def test_every_other_value_reads_back_exactly(value):
    assert repr(parse_json(json.dumps(value).encode())) == repr(value)


def test_a_lone_surrogate_becomes_the_replacement_character():
    assert encodable("a\udcff\N{GRINNING FACE}\ud83d") == "a\ufffd\N{GRINNING FACE}\ufffd"
    assert encodable_value({"\ud800": ["\udfff", 1.5, None]}) == {"\ufffd": ["\ufffd", 1.5, None]}


@given(st.text())
def test_any_text_can_be_encoded_afterwards(text):
    text += "\ud800"
    assert encodable(text).encode().decode() == text[:-1] + "\ufffd"
