"""Which lines of a comment are commands, and how they are split."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.events.comments.grammar import MAX_LINE_CHARACTERS, CommandLine, find_commands
from bot.events.comments.rendered import MAX_DEPTH
from bot.github.values import MAX_BODY_CHARACTERS
from core.errors import InputError

COMMANDS = {
    "alone": ("/rebench", ["/rebench"]),
    "in a paragraph": ("Could you\n/rebench all\nplease", ["/rebench all"]),
    "indented by three": ("   /rebench", ["/rebench"]),
    "CRLF": ("/rebench\r\n/rebench status\r\n", ["/rebench", "/rebench status"]),
    "CR": ("/rebench\r/rebench status", ["/rebench", "/rebench status"]),
    "several paragraphs": ("/rebench A\n\ntext\n\n/rebench B", ["/rebench A", "/rebench B"]),
    "trailing spaces": ("/rebench  \n/rebench help", ["/rebench", "/rebench help"]),
    "stars": ("/rebench PP-* Seg*er", ["/rebench PP-* Seg*er"]),
    "underscores": ("/rebench a_b_c", ["/rebench a_b_c"]),
    "a tab": ("/rebench\tall", ["/rebench all"]),
    "other case": ("/Rebench\n/REBENCH all", ["/Rebench", "/REBENCH all"]),
    "no-break space after": ("/rebench\u00a0all", ["/rebench all"]),
    "ideographic space before": ("\u3000/rebench\u3000all", ["/rebench all"]),
    "full width": ("／rebench　ａｌｌ", ["／rebench ａｌｌ"]),
    "byte order mark before": ("\ufeff/rebench", ["/rebench"]),
    "zero-width space inside": ("/re\u200bbench\u200d all", ["/rebench all"]),
    "escaped": ("\\/rebench a\\_b", ["/rebench a_b"]),
    "entity": ("&#47;rebench &lt;b&gt;", ["/rebench <b>"]),
    "punctuation after": ("/rebench.\n/rebench: all\n/rebench?", None),
    "no space after": ("/rebench--full\n/rebench请", None),
    "bold": ("**/rebench all**", ["/rebench all"]),
    "italic words": ("/rebench *x* y_*_", ["/rebench *x* y_*_"]),
    "italic words by underscores": ("/rebench _x_", ["/rebench _x_"]),
    "bold words": ("/rebench **x**", ["/rebench **x**"]),
    "struck words": ("/rebench ~~x~~", ["/rebench ~~x~~"]),
    "code in it": ("/rebench `PP-*`", ["/rebench PP-*"]),
    "a link in it": ("/rebench [all](https://x.y)", ["/rebench all"]),
    "an HTML comment in it": ("/rebench all <!-- --full -->", ["/rebench all"]),
    "a picture in it": ("/rebench ![x](y)", ["/rebench \ufffc"]),
    "a footnote in it": ("/rebench all[^1]\n\n[^1]: x", ["/rebench all\ufffc1\ufffc"]),
    "after unknown HTML": ("vector<float>\n/rebench", ["/rebench"]),
    "after HTML that ends": ("a <b>x</b>\n/rebench", ["/rebench"]),
    "in HTML that hides nothing": ("<div align=center>\n\n/rebench\n\n</div>", ["/rebench"]),
    "HTML element": ("<div>/rebench</div>", ["/rebench"]),
    "after a comment that ends": ("<!-- x -->\n\n/rebench", ["/rebench"]),
    "after a table": ("| a |\n|---|\n| b |\n\n/rebench", ["/rebench"]),
    "front matter": ("---\na: b\n---\n/rebench", ["/rebench"]),
    "a lone surrogate": ("/rebench \ud800", ["/rebench ?"]),
    "a signature below": ("/rebench\n--\nAnn", ["/rebench"]),
    "after a quote": ("> look\n\n/rebench", ["/rebench"]),
    "after a fence": ("```\nx\n```\n/rebench", ["/rebench"]),
    "after closed details": ("<details>\n\nx\n\n</details>\n\n/rebench", ["/rebench"]),
    "after an image": ("![x](y.png)\n\n/rebench", ["/rebench"]),
    "non-ASCII words": ("/rebench modèle", ["/rebench modèle"]),
}
NO_COMMANDS = {
    "quote": "> /rebench",
    "lazy continuation of a quote": "> look\n/rebench",
    "quote in a quote": "> > /rebench",
    "fence": "```\n/rebench\n```",
    "fence of tildes": "~~~\n/rebench\n~~~",
    "fence that is never closed": "```\n/rebench",
    "longer fence": "````\n```\n/rebench\n```\n````",
    "indented code": "    /rebench",
    "indented by a tab": "\t/rebench",
    "list": "- /rebench",
    "lazy continuation of a list": "- a\n/rebench",
    "numbered list": "1. /rebench",
    "code span": "`/rebench`",
    "code span over lines": "a `b\n/rebench\n`",
    "HTML comment": "<!-- /rebench -->",
    "HTML comment over lines": "<!--\n\n/rebench\n\n-->",
    "HTML comment in a paragraph": "a <!--\n/rebench\n-->",
    "HTML comment never closed": "<!--\n\n/rebench",
    "details": "<details>\n\n/rebench\n\n</details>",
    "details in a paragraph": "a <details>\n/rebench\n</details>",
    "blockquote element": "<blockquote>\n\n/rebench\n\n</blockquote>",
    "heading": "# /rebench",
    "within a line": "please /rebench",
    "longer word": "/rebenchmark",
    "a path": "/rebench/out.txt\n/rebench.py\n/rebench-x",
    "Cyrillic letter": "/rеbench",
    "right-to-left override before": "\u202e/rebench",
    "line separator before": "x\u2028/rebench",
    "link definition": "[a]: /rebench",
    "struck out": "~~/rebench~~",
    "superscript": "<sup>/rebench</sup>",
    "keys": "<kbd>/rebench</kbd>",
    "after a picture": "![x](y) /rebench",
    "footnote": "a[^1]\n\n[^1]: note\n/rebench",
    "footnote that nobody refers to": "[^1]: note\n/rebench",
    "after a table's head": "a | b\n--- | ---\n/rebench",
    "HTML comment after raw HTML": "<div><!--\n\n/rebench\n\n--></div>",
    "details in a table": "<table><tr><td>\n\n/rebench\n\n</td></tr></table>",
    "link's title": "[a](b\n'c\n/rebench')",
    "attribute": "<img alt='\n/rebench\n'>",
    "summary": "<details><summary>/rebench</summary></details>",
    "alert": "> [!NOTE]\n> /rebench",
    "task": "- [ ] /rebench",
    "table": "| a |\n|---|\n| /rebench |",
    "CDATA": "<![CDATA[\n\n/rebench\n\n]]>",
    "body beyond GitHub's limit": "/rebench\n" + "x" * MAX_BODY_CHARACTERS,
}


@pytest.mark.parametrize("name", COMMANDS)
def test_lines_that_are_commands(name):
    body, expected = COMMANDS[name]
    lines = body.split("\n") if expected is None else expected
    assert [line.text for line in find_commands(body)] == lines


@pytest.mark.parametrize("name", NO_COMMANDS)
def test_lines_that_are_not_commands(name):
    assert find_commands(NO_COMMANDS[name]) == []


@pytest.mark.parametrize("body", ["**/rebench**", "[/rebench](x)", "<div>\n\n/rebench\n\n</div>"])
def test_a_command_in_markup_is_answered_and_not_run(body):
    (line,) = find_commands(body)
    with pytest.raises(InputError, match="emphasised, a link, or within HTML"):
        line.words()


def test_words_are_split_as_by_a_shell():
    line = CommandLine('/rebench accept A --reason "two words"')
    assert line.words() == ("accept", "A", "--reason", "two words")
    assert CommandLine("/rebench: a # b\\").words() == ("a", "#", "b\\")


@pytest.mark.parametrize("quotes", ["“”", "„“", "«»", "‘’", "””", "＂＂", "''", "″″"])
def test_words_are_enclosed_by_whatever_a_keyboard_writes(quotes):
    line = CommandLine(f"/rebench accept A --reason {quotes[0]}two words{quotes[1]}")
    assert line.words() == ("accept", "A", "--reason", "two words")


@pytest.mark.parametrize("start", ["/rebench", "/REBENCH.", "／rebench：", "/rebench…"])
def test_punctuation_after_the_command_means_nothing(start):
    assert CommandLine(f"{start} all").words() == ("all",)


def test_a_comment_that_nests_too_deep_is_answered_if_it_names_the_command():
    (line,) = find_commands(">" * (MAX_DEPTH + 1) + "\n\n/rebench")
    with pytest.raises(InputError, match="nests more than 1000 elements"):
        line.words()
    assert find_commands(">" * (MAX_DEPTH + 1) + "\n\nhello") == []


@pytest.mark.parametrize("text", ['/rebench "a', "/rebench " + "x" * MAX_LINE_CHARACTERS])
def test_lines_that_cannot_be_split_are_refused(text):
    with pytest.raises(InputError):
        CommandLine(text).words()


def test_the_longest_body_and_line_are_read():
    body = "/rebench\n" + "x" * (MAX_BODY_CHARACTERS - 9)
    assert len(find_commands(body)) == 1
    line = CommandLine("/rebench " + "x" * (MAX_LINE_CHARACTERS - 9))
    assert len(line.words()[0]) == 991


def test_reading_stops_one_command_after_the_tenth():
    assert len(find_commands("/rebench\n" * 1000)) == 11


@given(st.text(st.sampled_from("/rebench \n\t>`-*<!\\[]~#&;a1."), max_size=200))
def test_any_text_is_read(body):
    for line in find_commands(body):
        assert line.text.startswith("/rebench")
        assert "\n" not in line.text


@given(st.text(max_size=300))
def test_any_characters_are_read(body):
    for line in find_commands(body + "\n\n/rebench\n\n" + body):
        assert "rebench" in line.text.casefold()


@given(st.lists(st.sampled_from(["/rebench", "/rebench all", "/rebench help"]), max_size=9))
def test_plain_lines_are_all_found(lines):
    assert [line.text for line in find_commands("\n".join(lines))] == lines
