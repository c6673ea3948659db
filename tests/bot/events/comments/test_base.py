"""What commands share: options, choices, and who may write about which commit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.events.comments.base import (
    CommandError,
    choose,
    read_commit,
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
        (["--FULL"], (), {"--full": None}),
        (["—full,"], (), {"--full": None}),
        (["!", "a", "…"], ("a",), {}),
        (["－－runner＝ＣＰＵ"], (), {"--runner": "ＣＰＵ"}),
        (["--reason", "—so—"], (), {"--reason": "—so—"}),
        (["PP–Lite‑Seg"], ("PP-Lite-Seg",), {}),
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
        (["—full", "--Full."], "--full is given twice"),
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


@given(st.lists(st.from_regex(r"[A-Za-z0-9_.+*?/-]*[A-Za-z0-9_+*/-]", fullmatch=True)))
def test_words_without_options_stay_as_they_are(words):
    words = [word for word in words if not word.startswith("--")]
    assert split_arguments(words).positional == tuple(words)


@pytest.mark.parametrize(
    ("word", "choices", "choice"),
    [
        ("cpu", ("cpu", "gpu"), "cpu"),
        ("CPU", ("cpu", "gpu"), "cpu"),
        ("a", ("A", "a"), "a"),  # exact before another case
        ("STRASSE", ("straße",), "straße"),
        ("cpu.", ("cpu", "gpu"), "cpu"),
        ("a.", ("A", "a."), "a."),  # as it is before another spelling
        ("ｃｐｕ", ("cpu", "gpu"), "cpu"),
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


@pytest.mark.parametrize("commit", [None, HEAD])
def test_the_head_is_named_in_full_or_not_at_all(commit):
    require_head(commit, make_facts(), "/rebench {commit}")


@pytest.mark.parametrize("digits", [7, 12, 39])
def test_the_beginning_of_the_head_is_answered_with_the_whole_command(digits):
    """A second commit with the same 7 digits was made in 152 s on one core."""
    with pytest.raises(CommandError) as caught:
        require_head(HEAD[:digits], make_facts(), "/rebench compare x {commit} --full")
    assert f"by {digits} of its 40 digits" in caught.value.message
    assert "compare all 40 digits" in caught.value.hint
    assert caught.value.command == f"/rebench compare x {HEAD} --full"


@pytest.mark.parametrize("commit", ["c" * 40, "c" * 7, HEAD + "a"])
def test_another_commit_is_not_the_head(commit):
    with pytest.raises(CommandError) as caught:
        require_head(commit, make_facts(), "/rebench compare x {commit}")
    assert caught.value.message == f"{commit} is not the head of this pull request"
    assert caught.value.command == f"/rebench compare x {HEAD}"


@pytest.mark.parametrize(
    ("word", "commit"),
    [
        (HEAD, HEAD),
        (HEAD.upper(), HEAD),
        (f"{HEAD}.", HEAD),
        ("0123ABC", "0123abc"),
        ("0123ab", None),
        (HEAD + "a", None),
        ("0123abg", None),
    ],
)
def test_seven_to_forty_digits_in_either_case_are_read_as_a_commit(word, commit):
    assert read_commit(word) == commit


def test_a_command_without_words_refuses_the_first_of_them():
    refuse_words([], "/rebench help")
    refuse_words(["!", "。"], "/rebench help")
    with pytest.raises(InputError, match="unexpected 'a'") as caught:
        refuse_words(["a", "b"], "/rebench help")
    assert (caught.value.given, caught.value.hint) == ("a", "write /rebench help")
