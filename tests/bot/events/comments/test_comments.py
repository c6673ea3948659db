"""Every command of a comment is read, and each goes to the module that understands it."""

import pytest

from bot.events.comments import (
    VERBS,
    Accept,
    Cancel,
    Compare,
    Help,
    Run,
    Status,
    carry_out,
    parse_comment,
)
from core.errors import InputError
from tests.bot.events.builders import FAILED, NAMES, make_facts, meanings


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("", Run()),
        ("PP-LiteSeg-Tiny", Run(("PP-LiteSeg-Tiny",))),
        ("status", Status()),
        ("cancel", Cancel()),
        ("help", Help()),
        ("accept deadbee --reason r", Accept("deadbee", "r")),
        ("compare main", Compare("main")),
    ],
)
def test_the_first_word_chooses_the_command(words, meaning):
    assert meanings(f"/rebench {words}".strip()) == [meaning]


@pytest.mark.parametrize("word", ["Status", "STATUS", "statu"])
def test_a_misspelt_verb_is_read_as_a_model(word):
    (error,) = meanings(f"/rebench {word}")
    assert error.message == f"unknown model {word!r}"
    assert error.choices == NAMES.models


def test_a_wrong_command_does_not_stop_the_others():
    wrong, right = meanings("/rebench nonsense\n/rebench status")
    assert isinstance(wrong, InputError)
    assert right == Status()


def test_a_line_that_cannot_be_split_is_an_error_of_its_own():
    (parsed,) = parse_comment("/rebench accept 'x", NAMES)
    assert parsed.line.text == "/rebench accept 'x"
    assert "quotation mark" in parsed.meaning.message


def test_the_eleventh_command_is_refused_and_ends_the_reading():
    parsed = meanings("/rebench\n" * 50)
    assert len(parsed) == 11
    assert parsed[:10] == [Run()] * 10
    assert "more than 10" in parsed[10].message


def test_ten_commands_are_not_too_many():
    assert meanings("/rebench\n" * 10) == [Run()] * 10


@pytest.mark.parametrize(
    ("command", "text"),
    [
        (Run(), "measuring the affected models"),
        (Accept("deadbee", "r"), "a regression of deadbee may pass"),
        (Compare("main"), "comparing aaaaaaaaaaaa with main"),
        (Cancel(), "nothing is running"),
        (Status(), "nothing is running; the check on aaaaaaaaaaaa"),
        (Help(), "these are the commands"),
    ],
)
def test_a_command_is_carried_out_by_its_module(command, text):
    facts = make_facts(check=FAILED, commits={"main": "c" * 40})
    assert carry_out(command, facts).text.startswith(text)


@pytest.mark.parametrize("verb", VERBS)
def test_the_usage_of_a_command_names_its_verb(verb):
    assert VERBS[verb].USAGE.split()[:2] == ["/rebench", verb]
    assert VERBS[verb].SUMMARY
