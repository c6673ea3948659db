"""``/rebench``: which models, commit, runner and recipe the words name, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.events.comments import run
from bot.events.comments.run import Run
from core.errors import InputError
from tests.bot.events.builders import HEAD, NAMES, make_facts, meanings, take

SHA = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("", Run()),
        ("PP-LiteSeg-Tiny", Run(("PP-LiteSeg-Tiny",))),
        ("pp-liteseg-tiny", Run(("PP-LiteSeg-Tiny",))),
        ("PP-LiteSeg-Tiny PP-LiteSeg-Tiny", Run(("PP-LiteSeg-Tiny",))),
        ("PP-*", Run(("PP-*",))),
        ("*-Lit?", Run(("*-Lit?",))),
        (f"PP-* {SHA}", Run(("PP-*",), commit=SHA)),
        ("0123abc", Run(commit="0123abc")),
        ("deadbee", Run(("deadbee",))),  # a model before it is a commit
        ("--runner gpu --full", Run(runners=("gpu",), full=True)),
        ("--runner=GPU", Run(runners=("gpu",))),
        ("--recipe=ptq", Run(recipe="ptq")),
    ],
)
def test_words_name_what_to_measure(words, meaning):
    assert meanings(f"/rebench {words}".strip()) == [meaning]


def test_all_asks_for_every_model():
    request = take(f"/rebench all {HEAD}").request
    assert (request.everything, request.models, request.reviewed) == (True, (), True)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("PP-LiteSeg", "unknown model 'PP-LiteSeg'"),
        ("X-*", "unknown model 'X-*'"),
        ("all PP-LiteSeg-Tiny", "cannot be combined"),
        ("PP-* all", "cannot be combined"),
        ("0123abc 4567def", "two commits"),
        ("0123ABC", "unknown model '0123ABC'"),
        ("012345", "unknown model '012345'"),
        ("--runner tpu", "unknown runner 'tpu'"),
        ("--recipe prune", "unknown recipe 'prune'"),
        ("--runner", "--runner needs a value"),
        ("--runner --full", "--runner needs a value"),
        ("--full=yes", "--full takes no value"),
        ("--full --full", "given twice"),
        ("--fulll", "unknown option '--fulll'"),
    ],
)
def test_words_that_name_nothing_valid_are_refused(words, message):
    (error,) = meanings(f"/rebench {words}")
    assert isinstance(error, InputError)
    assert message in error.message


@pytest.mark.parametrize(
    ("words", "choices", "nearest"),
    [
        ("PP-LiteSeg", NAMES.models, "PP-LiteSeg-Tiny"),
        ("--runner cpus", NAMES.runners, "cpu"),
        ("--recipe PTQ2", NAMES.recipes, "ptq"),
        ("--fulll", ("--full", "--runner", "--recipe"), "--full"),
    ],
)
def test_an_error_lists_the_valid_names(words, choices, nearest):
    (error,) = meanings(f"/rebench {words}")
    assert (error.choices, error.nearest) == (choices, nearest)


@given(st.lists(st.sampled_from(NAMES.models), max_size=6))
def test_models_are_kept_in_order_and_named_once(models):
    assert run.parse(models, NAMES).models == tuple(dict.fromkeys(models))


def test_options_reach_the_request():
    request = take("/rebench PP-* --runner gpu --recipe qat --full").request
    assert (request.origin, request.number, request.base) == ("command", 7, "develop")
    assert (request.models, request.everything) == (("PP-*",), False)
    assert (request.runners, request.recipe, request.budget) == (("gpu",), "qat", "full")


def test_a_run_is_quick_and_unreviewed_unless_said_otherwise():
    request = take("/rebench").request
    assert (request.budget, request.reviewed, request.runners) == ("quick", False, ())


@pytest.mark.parametrize("digits", [7, 12, 40])
def test_naming_the_head_says_that_its_code_was_reviewed(digits):
    assert take(f"/rebench {HEAD[:digits]}").request.reviewed


def test_naming_another_commit_is_refused_with_the_command_to_write():
    with pytest.raises(InputError) as caught:
        run.carry_out(Run(commit="c" * 40), make_facts())
    assert caught.value.choices == (HEAD,)
    assert f"/rebench {HEAD[:12]}" in caught.value.hint


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("", "measuring the affected models at aaaaaaaaaaaa"),
        ("all", "measuring every model at aaaaaaaaaaaa"),
        ("PP-* deadbee", "measuring PP-*, deadbee at aaaaaaaaaaaa"),
    ],
)
def test_the_answer_says_what_is_measured(words, text):
    (command,) = meanings(f"/rebench {words}".strip())
    assert run.carry_out(command, make_facts()).text == text
