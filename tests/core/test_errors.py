"""What an error says to a person: the problem, the place, the choices and the next step."""

import pytest

from core.errors import MAX_LOOKED_UP, MAX_SHOWN, MAX_TEXT, InputError, JobFailure, shown


def test_an_error_without_details_is_one_line():
    assert str(InputError("no such file")) == "no such file"


def test_every_detail_has_a_line_of_its_own_in_a_fixed_order():
    error = InputError(
        "unknown key",
        file="m.yml",
        key="models.0.confg",
        given="confg",
        choices=("name", "config"),
        hint="correct the key",
    )
    assert str(error).splitlines() == [
        "unknown key",
        "  file:    m.yml",
        "  key:     models.0.confg",
        "  choices: name, config",
        "  nearest: config",
        "  next:    correct the key",
    ]


@pytest.mark.parametrize(
    ("value", "nearest"),
    [
        ("PaddelSeg", "PaddleSeg"),
        ("paddleseg", "PaddleSeg"),
        ("PADDLEDETECTION", "PaddleDetection"),
        ("torch", None),
        ("", None),
        (None, None),
    ],
)
def test_the_nearest_choice_ignores_case_and_needs_some_likeness(value, nearest):
    error = InputError("unknown", given=value, choices=("PaddleSeg", "PaddleDetection"))
    assert error.nearest == nearest
    assert ("nearest:" in str(error)) == (nearest is not None)


def test_without_choices_there_is_no_nearest_one():
    assert InputError("unknown", given="a").nearest is None


def test_a_failed_job_names_its_stage():
    failure = JobFailure("export", "signal", "killed by SIGSEGV", log_tail="a page of output")
    assert str(failure) == "export: killed by SIGSEGV"


def test_a_long_value_is_quoted_without_its_middle():
    text = shown("a" * 1000 + "z")
    assert (len(text), text[:3], text[-3:]) == (MAX_SHOWN, "'aa", "az'")
    assert "…" in text
    assert shown([1, "x"]) == "[1, 'x']"


def test_no_part_of_an_error_grows_with_what_it_quotes():
    error = InputError("m" * 5000, file="m.yml", key="k" * 5000, hint="h" * 5000)
    assert [len(part) for part in (error.message, error.key, error.hint)] == [MAX_TEXT] * 3
    assert InputError("m" * MAX_TEXT).message == "m" * MAX_TEXT


def test_a_long_value_is_compared_with_no_choice():
    choice = "x" * MAX_LOOKED_UP
    assert InputError("wrong", given=choice, choices=(choice,)).nearest == choice
    assert InputError("wrong", given=choice + "y", choices=(choice,)).nearest is None
