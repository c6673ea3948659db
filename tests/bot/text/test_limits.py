"""Texts are measured in GitHub's bytes, and cut without leaving half of anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.escape import code, escape_markdown
from bot.text.limits import MAX_COMMENT_BYTES, MAX_SUMMARY_BYTES, cut, fit, size


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("a", 1), ("é", 2), ("…", 3), ("❌", 3), ("🎉", 4)]
)
def test_a_text_is_as_large_as_its_bytes(text, count):
    assert size(text) == count == len(text.encode())


def test_half_of_a_pair_can_be_measured_and_cut():
    assert size("\ud800") == 3
    assert cut("\ud800" * 9, 12) == "\ud800" * 3 + "…" or size(cut("\ud800" * 9, 12)) <= 12


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "…"),
        ("abcdef", 5, "ab…"),
        ("éééé", 7, "éé…"),
        ("ab&#8203;cdef", 10, "ab…"),
        ("ab&#64;x", 7, "ab…"),
        ("x<code>abc", 6, "x…"),
        ("abcd", 2, ""),
        ("abcd", 0, ""),
    ],
)
def test_a_cut_leaves_no_half(text, limit, expected):
    assert cut(text, limit) == expected


@given(st.text(max_size=40), st.integers(0, 80))
def test_a_cut_text_is_within_its_limit_and_a_beginning(text, limit):
    short = cut(text, limit)
    assert size(short) <= limit
    assert text.startswith(short.removesuffix("…"))
    assert short == text or size(text) > limit


@given(st.text("<>&#a@ ", max_size=30), st.integers(3, 90))
def test_a_cut_of_escaped_text_ends_with_no_half_of_an_entity(text, limit):
    short = cut(escape_markdown(text) + code(text), limit)
    assert "&" not in short.rpartition(";")[2]
    assert "<" not in short.rpartition(">")[2]


def test_the_first_form_that_fits_is_taken():
    forms = [lambda: ["a" * 10], lambda: ["b", "é"], lambda: ["c"]]
    assert fit(10, forms) == "a" * 10
    assert fit(9, forms) == "bé"
    assert fit(3, forms) == "bé"
    assert fit(2, forms) == "c"


def test_of_the_last_form_remains_what_fits():
    assert fit(5, [lambda: ["a" * 10], lambda: ["b" * 4, "c" * 4]]) == "bb…"


def test_a_form_is_not_made_beyond_the_limit():
    made = []

    def endless():
        while True:
            made.append("x" * 100)
            yield made[-1]

    assert fit(1000, [endless, lambda: ["short"]]) == "short"
    assert len(made) == 11


def test_the_limits_are_githubs():
    assert (MAX_COMMENT_BYTES, MAX_SUMMARY_BYTES) == (65_536, 65_535)
