"""Words as phones and East Asian keyboards write them become those that names consist of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.events.comments.words import narrow, plain_word, seen, straight_quotes, without_end


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("—full", "--full"),
        ("––full", "--full"),
        ("―full", "--full"),
        ("-–full", "--full"),
        ("--full", "--full"),
        ("‑‑full", "--full"),
        ("−−full", "--full"),
        ("－－ｆｕｌｌ", "--full"),
        ("-x", "-x"),
        ("PP–LiteSeg‑Tiny", "PP-LiteSeg-Tiny"),
        ("`PP-*`", "PP-*"),
        ("模型", "模型"),
        ("", ""),
    ],
)
def test_dashes_and_widths_become_ordinary(typed, word):
    assert plain_word(typed) == word


@given(st.from_regex(r"[A-Za-z0-9_.+*?/=-]*", fullmatch=True))
def test_ordinary_words_stay_as_they_are(word):
    assert plain_word(word) == word
    assert narrow(word) == word


@pytest.mark.parametrize(
    ("text", "visible"),
    [
        ("a\u00a0b\u3000c\u2009d", "a b c d"),
        ("\ufeff\u200ba\u00adb\u2060", "ab"),
        ("\u202ea\u2066", "\u202ea\u2066"),  # these change what a reader sees
        ("a\u2028b", "a\u2028b"),
    ],
)
def test_nobody_sees_kinds_of_spaces_and_what_has_no_width(text, visible):
    assert seen(text) == visible


@pytest.mark.parametrize("word", ["a.", "a,", "a?!", "a。", "a…", "a;:"])
def test_punctuation_at_the_end_goes(word):
    assert without_end(word) == "a"


def test_quotes_become_those_that_enclose():
    assert straight_quotes("“a” ‘b’ „c“ «d»") == '"a" \'b\' "c" "d"'
