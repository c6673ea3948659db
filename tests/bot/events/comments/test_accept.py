"""``/rebench accept``: one model, a reason, and a regression that has been found."""

import pytest

from bot.events.comments import accept
from bot.events.comments.accept import Accept
from bot.github.values import Check
from bot.plan.request import AcceptedModel
from core.errors import InputError
from tests.bot.events.builders import FAILED, HEAD, NAMES, make_facts, meanings

COMMAND = Accept("PP-LiteSeg-Tiny", "as agreed")


@pytest.mark.parametrize(
    "words",
    [
        "PP-LiteSeg-Tiny --reason 'as agreed'",
        "pp-liteseg-tiny --reason='as agreed'",
        "--reason ' as agreed ' PP-LiteSeg-Tiny",
    ],
)
def test_the_model_and_the_reason_are_read(words):
    assert meanings(f"/rebench accept {words}") == [COMMAND]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("", "name one model"),
        ("PP-LiteSeg-Tiny deadbee --reason x", "name one model"),
        ("PP-LiteSeg-Tiny", "a reason is needed"),
        ("PP-LiteSeg-Tiny --reason ' '", "a reason is needed"),
        ("PP-LiteSeg-Tiny --reason=", "a reason is needed"),
        ("PP-LiteSeg-Tiny --reason " + "x" * 501, "longer than 500"),
        ("PP-* --reason x", "unknown model"),
        ("all --reason x", "unknown model"),
        ("PP-LiteSeg-Tiny --why x", "unknown option '--why'"),
    ],
)
def test_words_that_accept_nothing_are_refused(words, message):
    (error,) = meanings(f"/rebench accept {words}".strip())
    assert isinstance(error, InputError)
    assert message in error.message


def test_a_reason_of_500_characters_is_not_too_long():
    command = accept.parse(["deadbee", "--reason", "x" * 500], NAMES)
    assert command == Accept("deadbee", "x" * 500)


@pytest.mark.parametrize("words", [[], ["deadbee"]])
def test_the_next_step_is_the_usage(words):
    with pytest.raises(InputError) as caught:
        accept.parse(words, NAMES)
    assert caught.value.hint == 'write /rebench accept MODEL --reason "…"'


def test_an_acceptance_names_its_author():
    outcome = accept.carry_out(COMMAND, make_facts(check=FAILED))
    assert outcome.accepted == AcceptedModel(
        model="PP-LiteSeg-Tiny", reason="as agreed", author="ann"
    )
    assert (outcome.request, outcome.actions) == (None, ())


@pytest.mark.parametrize(
    "check",
    [
        None,
        Check(1, HEAD, None, "Measuring", "", "run-42", 0),
        Check(1, HEAD, "failure", "x", "", "", 0),
    ],
    ids=["no check", "in progress", "not of ours"],
)
def test_before_a_run_has_ended_nothing_can_be_accepted(check):
    with pytest.raises(InputError) as caught:
        accept.carry_out(COMMAND, make_facts(check=check))
    assert HEAD[:12] in caught.value.message
    assert caught.value.hint


def test_readers_cannot_accept():
    with pytest.raises(InputError, match="'read'"):
        accept.carry_out(COMMAND, make_facts(role="read", check=FAILED))
