"""Untrusted text renders as itself, wherever it stands in Markdown."""

import html
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.text.escape import code, escape_markdown, fence, visible

SPECIAL = "\\`*_[]#!|<>~@$&: \n\r\taGHgh-19w."
RENDERER = MarkdownIt("gfm-like", {"linkify": False})


def rendered(text):
    """The text that a reader sees of a paragraph of Markdown, and its tags."""
    tokens = RENDERER.parse(text)
    inline = [child for token in tokens for child in token.children or ()]
    words = "".join(child.content for child in inline)
    return words, {child.type for child in inline} | {token.type for token in tokens}


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("plain words.", "plain words."),
        ("a\n b\t c", "a b c"),
        ("a_b", "a&#95;b"),
        ("<b>", "&#60;b&#62;"),
        ("@ann", "&#64;&#8203;ann"),
        ("#1", "&#35;&#8203;1"),
        ("GH-1 gh-2", "GH&#8203;-1 gh&#8203;-2"),
        ("www.x.y", "www&#8203;.x.y"),
        ("https://x", "https&#58;//x"),
        ("&amp;", "&#38;amp;"),
        (
            f"is {'0a' * 20}.",
            f"is <code>{'0a' * 20}</code>.",
        ),  # GitHub cuts it to 7 digits elsewhere
        ("0a" * 20 + "0", "0a" * 20 + "0"),
        ("a\u202eb\u200bc\x1bd", "abcd"),
        (42, "42"),
        ("", ""),
    ],
)
def test_special_characters_become_entities(text, escaped):
    assert escape_markdown(text) == escaped


@given(st.text(SPECIAL, max_size=60))
def test_escaped_text_is_rendered_as_itself_and_nothing_else(text):
    words, types = rendered("x " + escape_markdown(text))
    assert words.replace("\u200b", "") == "x " + " ".join(text.split()) or not text.split()
    assert types <= {"paragraph_open", "paragraph_close", "inline", "text", "text_special"}


@given(st.text(max_size=50))
def test_only_visible_characters_are_left(text):
    allowed = visible(html.unescape(escape_markdown(text)).replace("\u200b", ""))
    assert allowed == html.unescape(escape_markdown(text)).replace("\u200b", "")
    assert all(unicodedata.category(c)[0] != "C" for c in visible(text))


def test_characters_may_be_kept():
    assert visible("a\tb\nc\x1b", keep="\n\t") == "a\tb\nc"


def test_long_text_ends_with_an_ellipsis_at_the_limit():
    assert escape_markdown("a" * 300) == "a" * 300
    assert escape_markdown("a" * 301) == "a" * 299 + "…"
    assert escape_markdown("<" * 9, limit=3) == "&#60;&#60;…"


def test_code_is_an_element_of_html():
    assert code("`x` <b>") == "<code>&#96;x&#96; &#60;b&#62;</code>"
    assert code("a" * 201) == f"<code>{'a' * 199}…</code>"


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("a\n\tb", "```text\na\n\tb\n```"),
        ("```", "````text\n```\n````"),
        ("a `````` b", "```````text\na `````` b\n```````"),
        ("\x1b[31mred\u202e", "```text\n[31mred\n```"),
        ("", "```text\n\n```"),
    ],
)
def test_a_fence_is_longer_than_any_inside(text, block):
    assert fence(text) == block


def test_of_a_long_log_the_end_is_shown():
    assert fence("a" * 10 + "b" * 3000) == f"```text\n{'b' * 3000}\n```"
    assert fence("abc", limit=2) == "```text\nbc\n```"


@given(st.text("`~a\n ", max_size=60))
def test_a_fence_is_one_block_whatever_is_inside(text):
    (token,) = RENDERER.parse(fence(text))
    assert (token.type, token.content) == ("fence", text + "\n")
