"""What is said to a comment: every command is answered, and nothing of its author is markup."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.events.comments import COMMANDS, parse_comment
from bot.events.comments.answers import MAX_BYTES, Answer, answer, render_answers
from bot.events.comments.base import CommandError, CommandOutcome
from bot.text.limits import MAX_COMMENT_BYTES, size
from core.errors import InputError
from tests.bot.events.builders import NAMES
from tests.bot.events.comments.fuzz import unescaped

ERROR = InputError("unknown model 'A'", given="A", choices=("AB", "CD"), hint="name one")


def say(body, outcome):
    """The Markdown that answers each command of a comment with the same outcome."""
    parsed = list(parse_comment(body, NAMES))
    return render_answers([answer(command, outcome) for command in parsed], parsed)


def test_an_outcome_becomes_an_answer():
    (parsed,) = parse_comment("/rebench", NAMES)
    assert answer(parsed, CommandOutcome("done")) == Answer("/rebench", "done", wrong=False)


def test_an_error_becomes_an_answer_with_choices_and_next_step():
    (parsed,) = parse_comment("/rebench A", NAMES)
    assert answer(parsed, ERROR) == Answer(
        line="/rebench A",
        text="unknown model 'A'",
        wrong=True,
        choices=("AB", "CD"),
        nearest="AB",
        hint="name one",
    )


def test_a_command_that_was_carried_out_is_quoted_with_its_answer():
    text = say("/rebench", CommandOutcome("measuring"))
    assert text.strip() == "<code>/rebench</code>: measuring."


def test_an_error_is_rendered_with_choices_nearest_and_next_step():
    text = say("/rebench status", ERROR).strip()
    assert text == (
        "<code>/rebench status</code>: ⚠️ unknown model 'A'. "
        "Valid: <code>AB</code>, <code>CD</code>. Did you mean <code>AB</code>. Next: name one."
    )


def test_the_command_to_write_instead_is_a_block_of_its_own_to_copy():
    error = CommandError("not the head", hint="copy this", command="/rebench " + "a" * 40)
    text = say("/rebench aaaaaaa", error)
    assert f"Next: copy this.\n\n```text\n/rebench {'a' * 40}\n```\n" in text


def test_at_most_forty_choices_are_listed():
    many = InputError("unknown", choices=[f"m{i}" for i in range(41)])
    text = say("/rebench status", many)
    assert "<code>m39</code>, …" in text
    assert "m40" not in text


@pytest.mark.parametrize("body", ["/rebench help", "/rebench nonsense", "/rebench\n/rebench help"])
def test_the_commands_are_listed_for_help_and_after_a_mistake(body):
    text = say(body, CommandOutcome("x"))
    rows = [line for line in text.splitlines() if line.startswith("| <code>")]
    assert len(rows) == len(COMMANDS)


def test_the_commands_are_not_listed_otherwise():
    assert "| command |" not in say("/rebench\n/rebench status", CommandOutcome("x"))


@pytest.mark.parametrize("letter", ["a", "@", "é", "🎉", "<"])
def test_any_number_of_mistakes_fits_in_a_comment(letter):
    parsed = list(parse_comment("\n".join(["/rebench nonsense"] * 11), NAMES))
    names = tuple(letter * 200 + str(number) for number in range(60))
    wrong = Answer("/rebench " + letter * 900, letter * 900, True, names, names[0], letter * 900)
    text = render_answers([wrong] * 11, parsed)
    assert size(text) <= MAX_BYTES < MAX_COMMENT_BYTES
    assert text.count("Did you mean") == 11
    assert "| command |" in text


def test_choices_go_before_words_do():
    parsed = list(parse_comment("/rebench nonsense", NAMES))
    few = Answer("/rebench x", "wrong", True, ("m" * 200,) * 40, None, "h" * 300)
    texts = [render_answers([few] * count, parsed) for count in (1, 8, 40, 200)]
    assert [text.count("<code>mmm") // text.count("Next: ") for text in texts] == [40, 10, 0, 0]
    assert ["h" * 300 in text for text in texts] == [True, True, True, False]


@given(st.text(max_size=200), st.text(max_size=60))
def test_nothing_of_an_author_is_markup(message, choice):
    error = InputError(message, choices=(choice,), hint=message)
    assert unescaped(say("/rebench status", error)) is None
