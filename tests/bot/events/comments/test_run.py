"""``/rebench``: which models, commit, runner and recipe the words name, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.events.comments import run
from bot.events.comments.run import Run
from core.errors import InputError
from tests.bot.events.builders import HEAD, NAMES, make_facts, meanings, take

SHA = "0123456789abcdef0123456789abcdef01234567"
IN_3 = ("paddle-2", "paddle-3")
OTHERS = ("paddle-3", "paddle-3-gpu")


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
        (SHA.upper(), Run(commit=SHA)),
        ("DEADBEE", Run(("deadbee",))),
        ("ALL", Run(all_models=True)),
        ("all.", Run(all_models=True)),
        ("PP-LiteSeg-Tiny, PP-HumanSeg-Lite", Run(("PP-LiteSeg-Tiny", "PP-HumanSeg-Lite"))),
        ("PP-LiteSeg-Tiny,deadbee;", Run(("PP-LiteSeg-Tiny", "deadbee"))),
        ("PP-LiteSeg-Tiny，deadbee、PP-*", Run(("PP-LiteSeg-Tiny", "deadbee", "PP-*"))),
        ("PP\u2011LiteSeg\u2013Tiny!", Run(("PP-LiteSeg-Tiny",))),
        ("`PP-LiteSeg-Tiny`", Run(("PP-LiteSeg-Tiny",))),
        ("pp-*", Run(("PP-LiteSeg-Tiny", "PP-HumanSeg-Lite"))),
        ("PP-Lite*.", Run(("PP-Lite*",))),
        ("—full –runner gpu", Run(runners=("gpu",), full=True)),
        ("--Runner “gpu”", Run(runners=("gpu",))),
        ("PP-LiteSeg-Tiny --full.", Run(("PP-LiteSeg-Tiny",), full=True)),
        ("deadbee", Run(("deadbee",))),  # a model before it is a commit
        ("--runner gpu --full", Run(runners=("gpu",), full=True)),
        ("--runner=GPU", Run(runners=("gpu",))),
        ("--recipe=ptq", Run(recipe="ptq")),
        ("--runtime paddle-3", Run(runners=("cpu",), runtimes=IN_3)),
        ("--Runtime=Paddle-3. PP-*", Run(("PP-*",), runners=("cpu",), runtimes=IN_3)),
        ("--runner cpu --runtime paddle-3", Run(runners=("cpu",), runtimes=IN_3)),
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
        ("pp-x*", "unknown model 'pp-x*'"),
        ("[P]*", "unknown model '[P]*'"),
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
        ("--fulll", ("--full", "--runner", "--recipe", "--runtime"), "--full"),
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


@pytest.mark.parametrize("name", [HEAD, HEAD.upper(), f"{HEAD},"])
def test_naming_the_head_in_full_says_that_its_code_was_reviewed(name):
    assert take(f"/rebench {name}").request.reviewed


@pytest.mark.parametrize("commit", ["c" * 40, HEAD[:7], HEAD[:39]])
@pytest.mark.parametrize(
    ("words", "whole"),
    [
        ("{}", "/rebench {}"),
        ("all {} --full", "/rebench all {} --full"),
        ("{} PP-*, deadbee --recipe QAT", "/rebench PP-* deadbee {} --recipe qat"),
        ("--runner=gpu {}", "/rebench {} --runner gpu"),
        ("--runtime paddle-3 {}", "/rebench {} --runner cpu --runtime paddle-3"),
    ],
)
def test_any_other_commit_is_refused_with_the_whole_command(commit, words, whole):
    intake = take(f"/rebench {words.format(commit)}")
    assert intake.request is None
    assert f"```text\n{whole.format(HEAD)}\n```" in intake.answer[1]
    again = take(whole.format(HEAD))
    assert again.request.reviewed


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("", "measuring the affected models at aaaaaaaaaaaa"),
        ("all", "measuring every model at aaaaaaaaaaaa"),
        ("PP-* deadbee", "measuring PP-*, deadbee at aaaaaaaaaaaa"),
        (
            "--runtime paddle-3",
            "measuring every model at aaaaaaaaaaaa in paddle-3 and in paddle-2",
        ),
        (
            "PP-* --runtime paddle-3",
            "measuring PP-* at aaaaaaaaaaaa in paddle-3 and in paddle-2",
        ),
    ],
)
def test_the_answer_says_what_is_measured(words, text):
    (command,) = meanings(f"/rebench {words}".strip())
    assert run.carry_out(command, make_facts()).text == text


@pytest.mark.parametrize(
    ("words", "message", "choices"),
    [
        ("--runtime paddle-2", "of the kind cpu or gpu measure in paddle-2 anyway", OTHERS),
        ("--runtime paddle-4", "unknown runtime 'paddle-4'", (*OTHERS, "paddle-2", "p")),
        ("--runtime", "--runtime needs a value", ()),
        ("--runtime p", "measure in p anyway", OTHERS),
        ("--runner gpu --runtime paddle-3", "runners of the kind gpu can measure in one", ()),
    ],
)
def test_a_runtime_that_no_runner_of_the_kind_can_take_is_refused(words, message, choices):
    (error,) = meanings(f"/rebench {words}")
    assert isinstance(error, InputError)
    assert message in error.message
    assert tuple(error.choices) == choices


def test_two_runtimes_are_compared_at_the_head():
    request = take("/rebench PP-* --runtime paddle-3").request
    assert (request.head, request.base_commit) == (HEAD, HEAD)
    assert (request.runtimes, request.runners) == (IN_3, ("cpu",))
    assert request.compares == "runtime paddle-3"
    assert take("/rebench").request.compares is None
