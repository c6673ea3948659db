"""Which lines of a comment are commands, and how they are split."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.events.comments.grammar import MAX_LINE_CHARACTERS, CommandLine, find_commands
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
    "a tab": ("/rebench\tall", ["/rebench\tall"]),
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
    "other case": "/Rebench",
    "escaped": "\\/rebench",
    "entity": "&#47;rebench",
    "fullwidth slash": "／rebench",
    "Cyrillic letter": "/rеbench",
    "zero-width space inside": "/re\u200bbench",
    "byte order mark before": "\ufeff/rebench",
    "right-to-left override before": "\u202e/rebench",
    "no-break space after": "/rebench\u00a0all",
    "line separator before": "x\u2028/rebench",
    "link definition": "[a]: /rebench",
    "bold": "**/rebench**\n",
    "table": "| a |\n|---|\n| /rebench |",
    "HTML element": "<div>/rebench</div>",
    "CDATA": "<![CDATA[\n\n/rebench\n\n]]>",
    "body beyond GitHub's limit": "/rebench\n" + "x" * MAX_BODY_CHARACTERS,
}


@pytest.mark.parametrize("name", COMMANDS)
def test_lines_that_are_commands(name):
    body, expected = COMMANDS[name]
    assert [line.text for line in find_commands(body)] == expected


@pytest.mark.parametrize("name", NO_COMMANDS)
def test_lines_that_are_not_commands(name):
    assert find_commands(NO_COMMANDS[name]) == []


def test_words_are_split_as_by_a_shell():
    line = CommandLine('/rebench accept A --reason "two words"')
    assert line.words() == ("accept", "A", "--reason", "two words")
    curly = CommandLine("/rebench accept A --reason “two words”")
    assert curly.words()[-1] == "two words"


@pytest.mark.parametrize(
    "text", ['/rebench "a', "/rebench " + "x" * MAX_LINE_CHARACTERS, "/rebench a\\"]
)
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
        assert line.text in body


@given(st.lists(st.sampled_from(["/rebench", "/rebench all", "/rebench help"]), max_size=9))
def test_plain_lines_are_all_found(lines):
    assert [line.text for line in find_commands("\n".join(lines))] == lines
