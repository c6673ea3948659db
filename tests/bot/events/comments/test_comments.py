"""Every command of a comment is read, and each goes to the module that understands it."""

import pytest

from bot.events.comments import COMMANDS, DEFAULT, carry_out, parse_comment
from bot.events.comments.accept import Accept
from bot.events.comments.cancel import Cancel
from bot.events.comments.compare import Compare
from bot.events.comments.run import Run
from bot.events.comments.status import Status
from bot.events.comments.usage import Help
from core.errors import InputError
from tests.bot.events.builders import FAILED, NAMES, make_facts, meanings


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("", Run()),
        ("PP-LiteSeg-Tiny", Run(("PP-LiteSeg-Tiny",))),
        ("status", Status()),
        ("Status", Status()),
        ("STATUS!", Status()),
        ("ｓｔａｔｕｓ", Status()),
        ("help?", Help()),
        ("cancel", Cancel()),
        ("help", Help()),
        ("accept deadbee --reason r", Accept("deadbee", "r")),
        ("compare main", Compare("main")),
    ],
)
def test_the_first_word_chooses_the_command(words, meaning):
    assert meanings(f"/rebench {words}".strip()) == [meaning]


@pytest.mark.parametrize("word", ["statu", "状态"])
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
    ("words", "text"),
    [
        ("", "measuring the affected models"),
        (" accept deadbee --reason r", "a regression of deadbee may pass"),
        (" compare main", "comparing aaaaaaaaaaaa with main"),
        (" cancel", "nothing is running"),
        (" status", "nothing is running; the check on aaaaaaaaaaaa"),
        (" help", "these are the commands"),
    ],
)
def test_a_command_is_carried_out_by_its_module(words, text):
    facts = make_facts(check=FAILED, commits={"main": "c" * 40})
    (parsed,) = parse_comment(f"/rebench{words}", NAMES)
    assert carry_out(parsed, facts).text.startswith(text)


def test_an_error_in_a_command_is_raised_when_it_is_to_be_carried_out():
    (parsed,) = parse_comment("/rebench nonsense", NAMES)
    with pytest.raises(InputError, match="unknown model 'nonsense'"):
        carry_out(parsed, make_facts())


@pytest.mark.parametrize("command", COMMANDS)
def test_the_usage_of_a_command_starts_with_its_word(command):
    words = command.USAGE.split()
    assert words[0] == "/rebench"
    assert command is DEFAULT or words[1] == command.WORD
    assert command.SUMMARY
