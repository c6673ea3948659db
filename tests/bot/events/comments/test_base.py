"""What commands share: options, choices, and who may write about which commit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.events.comments.base import (
    choose,
    refuse_words,
    require_head,
    require_write,
    split_arguments,
)
from core.errors import InputError
from tests.bot.events.builders import HEAD, make_facts

OPTIONS = {"flags": ("--full",), "valued": ("--runner", "--reason")}


@pytest.mark.parametrize(
    ("words", "positional", "options"),
    [
        ([], (), {}),
        (["a", "--full", "b"], ("a", "b"), {"--full": None}),
        (["--runner", "cpu", "a"], ("a",), {"--runner": "cpu"}),
        (["--runner=cpu"], (), {"--runner": "cpu"}),
        (["--runner="], (), {"--runner": ""}),
        (["--reason=a=b"], (), {"--reason": "a=b"}),
        (["--reason=--full"], (), {"--reason": "--full"}),
        (["--reason", ""], (), {"--reason": ""}),
        (["-x"], ("-x",), {}),
    ],
)
def test_options_are_taken_apart_from_positional_words(words, positional, options):
    arguments = split_arguments(words, **OPTIONS)
    assert (arguments.positional, arguments.options) == (positional, options)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--runner"], "--runner needs a value"),
        (["--runner", "--full"], "--runner needs a value"),
        (["--full="], "--full takes no value"),
        (["--full", "--full"], "--full is given twice"),
        (["--runner", "a", "--runner=b"], "--runner is given twice"),
        (["--"], "unknown option '--'"),
        (["--Full"], "unknown option '--Full'"),
    ],
)
def test_wrong_options_are_refused(words, message):
    with pytest.raises(InputError) as caught:
        split_arguments(words, **OPTIONS)
    assert caught.value.message == message


def test_an_unknown_option_comes_with_the_valid_ones():
    with pytest.raises(InputError) as caught:
        split_arguments(["--runer=cpu"], **OPTIONS)
    assert caught.value.choices == ("--full", "--runner", "--reason")
    assert caught.value.nearest == "--runner"


@given(st.lists(st.text(min_size=1).filter(lambda word: not word.startswith("--"))))
def test_words_without_options_stay_as_they_are(words):
    assert split_arguments(words).positional == tuple(words)


@pytest.mark.parametrize(
    ("word", "choices", "choice"),
    [
        ("cpu", ("cpu", "gpu"), "cpu"),
        ("CPU", ("cpu", "gpu"), "cpu"),
        ("a", ("A", "a"), "a"),  # exact before another case
        ("STRASSE", ("straße",), "straße"),
    ],
)
def test_a_choice_is_found_in_letters_of_either_case(word, choices, choice):
    assert choose(word, choices, "runner") == choice


@pytest.mark.parametrize(("word", "choices"), [("Aa", ("AA", "aa")), ("x", ()), ("", ("cpu",))])
def test_a_word_that_names_no_choice_or_two_is_refused(word, choices):
    with pytest.raises(InputError) as caught:
        choose(word, choices, "runner")
    assert caught.value.message == f"unknown runner {word!r}"
    assert (caught.value.given, caught.value.choices) == (word, choices)


@pytest.mark.parametrize("role", ["write", "maintain", "admin"])
def test_these_roles_may_write(role):
    require_write(make_facts(role))


@pytest.mark.parametrize("role", ["none", "read", "triage", "Write", "owner", ""])
def test_all_other_roles_may_not_write(role):
    with pytest.raises(InputError, match="only people who may write"):
        require_write(make_facts(role))


@pytest.mark.parametrize("commit", [None, HEAD[:7], HEAD[:12], HEAD])
def test_the_head_may_be_named_by_seven_digits_or_more(commit):
    require_head(commit, make_facts(), "/rebench")


@pytest.mark.parametrize("commit", ["", HEAD[:6], "c" * 40, HEAD + "a", HEAD[:7].upper()])
def test_anything_else_is_not_the_head(commit):
    with pytest.raises(InputError) as caught:
        require_head(commit, make_facts(), "/rebench compare x")
    assert (caught.value.given, caught.value.choices) == (commit, (HEAD,))
    assert caught.value.hint.endswith(f"/rebench compare x {HEAD[:12]}")


def test_a_command_without_words_refuses_the_first_of_them():
    refuse_words([], "/rebench help")
    with pytest.raises(InputError, match="unexpected 'a'") as caught:
        refuse_words(["a", "b"], "/rebench help")
    assert (caught.value.given, caught.value.hint) == ("a", "write /rebench help")
