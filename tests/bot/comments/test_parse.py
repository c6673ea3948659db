"""What each command means, and what is said about a wrong one."""

import pytest

from bot.events.comments import ValidNames, parse_comment
from bot.events.comments.accept import Accept
from bot.events.comments.cancel import Cancel
from bot.events.comments.compare import Compare
from bot.events.comments.run import Run
from bot.events.comments.status import Status
from bot.events.comments.usage import Help
from core.errors import InputError

KNOWN = ValidNames(
    ("PP-LiteSeg-Tiny", "PP-HumanSeg-Lite", "deadbee"), ("qat", "ptq"), ("cpu", "gpu")
)
SHA = "0123456789abcdef0123456789abcdef01234567"


def parse(body):
    return [one.meaning for one in parse_comment(body, KNOWN)]


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("", Run()),
        ("all", Run(everything=True)),
        ("PP-LiteSeg-Tiny", Run(("PP-LiteSeg-Tiny",))),
        ("pp-liteseg-tiny", Run(("PP-LiteSeg-Tiny",))),
        ("PP-*", Run(("PP-*",))),
        (f"PP-* {SHA}", Run(("PP-*",), commit=SHA)),
        ("0123abc", Run(commit="0123abc")),
        ("deadbee", Run(("deadbee",))),  # a model before it is a commit
        ("--runner gpu --full", Run(runners=("gpu",), full=True)),
        ("--recipe=ptq", Run(recipe="ptq")),
        ("status", Status()),
        ("cancel", Cancel()),
        ("help", Help()),
        ("accept PP-LiteSeg-Tiny --reason 'as agreed'", Accept("PP-LiteSeg-Tiny", "as agreed")),
        ("compare release/2.8", Compare("release/2.8")),
    ],
)
def test_meanings(text, meaning):
    assert parse(f"/rebench {text}") == [meaning]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("PP-LiteSeg", "unknown model 'PP-LiteSeg'"),
        ("X-*", "unknown model"),
        ("all PP-LiteSeg-Tiny", "exclude one another"),
        ("0123abc 4567def", "two commits"),
        ("0123ABC", "unknown model"),
        ("--runner tpu", "unknown runner 'tpu'"),
        ("--runner", "--runner needs a value"),
        ("--runner --full", "--runner needs a value"),
        ("--full=yes", "--full takes no value"),
        ("--full --full", "given twice"),
        ("--fulll", "unknown option"),
        ("status now", "unexpected 'now'"),
        ("accept", "name one model"),
        ("accept PP-LiteSeg-Tiny", "a reason is needed"),
        ("accept PP-LiteSeg-Tiny --reason ' '", "a reason is needed"),
        ("accept PP-LiteSeg-Tiny --reason " + "x" * 501, "longer than 500"),
        ("accept PP-* --reason x", "unknown model"),
        ("compare", "name one revision"),
        ("compare a..b", "not a revision"),
        ("compare -x", "not a revision"),
        ("compare refs@{1}", "not a revision"),
    ],
)
def test_what_is_wrong(text, message):
    (error,) = parse(f"/rebench {text}")
    assert isinstance(error, InputError)
    assert message in error.message


def test_valid_values_come_with_the_error():
    (error,) = parse("/rebench PP-LiteSeg")
    assert error.choices == KNOWN.models
    assert "nearest: PP-LiteSeg-Tiny" in str(error)


def test_a_wrong_command_does_not_stop_the_others():
    wrong, right = parse("/rebench nonsense\n/rebench status")
    assert isinstance(wrong, InputError)
    assert right == Status()


def test_too_many_commands():
    found = parse("/rebench\n" * 50)
    assert len(found) == 11
    assert "more than 10" in found[-1].message
