"""Untrusted text renders as itself, wherever it stands in Markdown."""

import html
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.text.escape import (
    annotation,
    chart_text,
    code,
    escape_markdown,
    fence,
    log_text,
    one_line,
    visible,
)

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


def test_separators_of_lines_become_spaces():
    assert visible("a\u2028b\u2029c\x85d") == "a b cd"
    assert one_line("a \u200b \u200b b\n\u2028c") == "a b c"


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("m0.qat, mAP@0.5 (11 points)", "m0.qat, mAP@0.5 (11 points)"),
        ('a"]\n```%%{init: {}}%%', "a·· ······init· ·····"),
        ("é\u2028<b>;#`", "é ·b····"),
        ("x" * 81, "x" * 79 + "…"),
    ],
)
def test_a_chart_holds_letters_digits_and_few_signs(text, drawn):
    assert chart_text(text) == drawn


def test_a_log_has_no_commands_of_runners():
    assert log_text("a\n::stop-commands::x\x1b[2J##[error]y") == (
        "a\n: :stop-commands: :x[2J# #[error]y"
    )
    assert log_text("a\n::x", keep="") == "a: :x"
    assert log_text(":::error:::: ###[x :") == ": : :error: : : : ## #[x :"


@given(st.text(":#[ a\n\u200b", max_size=20))
@example(":::a:\u200b::")
def test_no_part_of_a_log_is_a_command_wherever_lines_are_broken(text):
    assert "::" not in log_text(text)
    assert "##[" not in log_text(text)


def test_an_annotation_is_one_command():
    assert annotation("warning", "a\r\n::error::b 5 %") == "::warning::a::error::b 5 %25"
    assert annotation("error", "m", file="a,b:c\nd%", line=3) == (
        "::error file=a%2Cb%3Acd%25,line=3::m"
    )


@given(st.text("a\n\r\v\f\x1c\x85\u2028 :", max_size=20), st.text(max_size=20))
def test_an_annotation_never_ends_its_line(message, file):
    line = annotation("error", message, file=file)
    assert not set("\n\r\v\f\x1c\x85\u2028") & set(line)
