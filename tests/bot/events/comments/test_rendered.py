"""Lines are those that a reader sees, held against GitHub's parser and the reference of HTML5."""

import random

import pytest

from bot.events.comments.rendered import MAX_DEPTH, TooDeep, visible_lines
from tests.bot.events.comments.sweep import body_of, difference, seen_commands


def texts(body):
    return [line.text for line in visible_lines(body)]


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("a\nb\r\nc\rd", ["a", "b", "c", "d"]),
        ("a  \nb\\\nc", ["a", "b", "c"]),
        ("a *b* _c_ **d**", ["a *b* *c* **d**"]),
        ("a _c_", ["a _c_"]),
        ("# title\n\ntext", ["text"]),
        ("two\nlines\n---\ntext", ["two", "lines", "text"]),
        ("> quote\nlazy\n\ntext", ["text"]),
        ("a[^1]\n\n[^1]: note\nmore", ["a\ufffc1\ufffc"]),
        ("a | b\n--- | ---\nc\n\ntext", ["text"]),
        ("vector<float>\nnext", ["vector", "next"]),
        ("<div><!--\n\nhidden\n\n--></div>\n\nhidden as well", []),
        ("<details>\n\nhidden\n\n</details>\n\ntext", ["text"]),
        ("<script>\n\ntext", ["<script> text"]),
        ("a\u2028b", ["a\u2028b"]),
        ("a\x00b", ["a\ufffdb"]),
        ("a\ud800b", ["a?b"]),
        ("", []),
    ],
)
def test_lines_of_ordinary_text_are_found(body, lines):
    assert texts(body) == lines


@pytest.mark.parametrize(
    ("body", "plain"),
    [
        ("a", True),
        ("a *b* [c](d)", True),
        ("a\n---", True),
        ("**a** b", False),
        ("*b\na*", False),
        ("[a](b)", False),
        ("<div>\n\na\n\n</div>", False),
        ("<div>a</div>", False),
        ("<details></details>\na", True),
    ],
)
def test_a_line_is_plain_unless_it_begins_within_markup(body, plain):
    assert visible_lines(body)[-1].plain == plain


@pytest.mark.parametrize("seed", range(4))
def test_random_markdown_is_read_as_a_reader_sees_it(seed):
    """``make fuzz`` goes through 50,000."""
    rng = random.Random(1000 + seed)
    bodies = [body_of(rng) for _ in range(100)]
    assert [difference(body) for body in bodies] == [None] * 100
    assert sum(len(seen_commands(body)) for body in bodies) > 20


def test_the_other_reader_knows_the_elements_that_the_standard_calls_special():
    body = "<b>x\n\n<summary>a\n\n/rebench\n<kbd></b>\n"  # the command stays in the summary
    assert seen_commands(body) == []
    assert difference(body) is None


DEEP = {
    "quotes": ">" * (MAX_DEPTH + 1),
    "HTML": "<div>" * (MAX_DEPTH + 1),
    "formats": "x" + "".join(f"<b a{n}>" for n in range(MAX_DEPTH + 1)),
    "formats that others end": "x" + "".join(f"<b a{n}></i>" for n in range(MAX_DEPTH + 1)),
}


@pytest.mark.parametrize("name", DEEP)
def test_what_nests_too_deep_is_not_parsed(name):
    with pytest.raises(TooDeep):
        visible_lines(DEEP[name])


def test_what_nests_as_deep_as_may_be_is_parsed():
    # a paragraph is one element more
    assert texts(">" * (MAX_DEPTH - 1) + " quote\n\ntext") == ["text"]
    assert texts("<div>" * 9 + "</div>" * 9 + "\n\ntext") == ["text"]
    assert texts("<br>" * (MAX_DEPTH + 1) + "\n\ntext") == ["text"]
