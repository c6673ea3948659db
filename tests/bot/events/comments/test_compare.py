"""``/rebench compare``: one revision of the suite's repository, never an option of git."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.events.comments import compare
from bot.events.comments.compare import Compare
from core.errors import InputError
from tests.bot.events.builders import HEAD, NAMES, make_facts, meanings

OTHER = "c" * 40


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("release/2.8", Compare("release/2.8")),
        ("v2.8.0", Compare("v2.8.0")),
        ("a" * 200, Compare("a" * 200)),
        (f"develop {HEAD}", Compare("develop", HEAD)),
    ],
)
def test_a_revision_and_the_head_are_read(words, meaning):
    assert meanings(f"/rebench compare {words}") == [meaning]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("", "name one revision"),
        ("a b c", "name one revision"),
        ("a..b", "not a revision"),
        ("-x", "not a revision"),
        ("--upload-pack=x", "not a revision"),
        ("refs@{1}", "not a revision"),
        ("refs/pull/1/head", "not a revision"),
        ("pull/1/head", "not a revision"),
        ("a//b", "not a revision"),
        ("a.lock", "not a revision"),
        ("a.lock/b", "not a revision"),
        ("a:b", "not a revision"),
        ("a^", "not a revision"),
        ("a" * 201, "not a revision"),
    ],
)
def test_words_that_are_not_a_revision_are_refused(words, message):
    (error,) = meanings(f"/rebench compare {words}".strip())
    assert isinstance(error, InputError)
    assert message in error.message
    assert error.hint


@given(st.text(max_size=20))
def test_a_revision_that_is_taken_cannot_be_an_option_or_a_range(word):
    try:
        revision = compare.parse([word], NAMES).revision
    except InputError:
        return
    assert revision[0].isalnum() or revision[0] == "_"
    assert not any(part in revision for part in ("..", "@{", "//", ":", " ", "\n"))


def test_the_head_is_compared_with_the_commit_of_the_revision():
    outcome = compare.carry_out(Compare("develop"), make_facts(commits={"develop": OTHER}))
    request = outcome.request
    assert (request.head, request.base_commit, request.against) == (HEAD, OTHER, "develop")
    assert (request.origin, request.reviewed) == ("command", False)


def test_naming_the_head_says_that_the_code_was_reviewed():
    facts = make_facts(commits={"develop": OTHER})
    assert compare.carry_out(Compare("develop", HEAD[:7]), facts).request.reviewed
    with pytest.raises(InputError) as caught:
        compare.carry_out(Compare("develop", OTHER), facts)
    assert f"/rebench compare develop {HEAD[:12]}" in caught.value.hint


@pytest.mark.parametrize("commits", [{}, {"develop": None}])
def test_a_revision_that_does_not_exist_is_refused(commits):
    with pytest.raises(InputError, match="no revision 'develop'"):
        compare.carry_out(Compare("develop"), make_facts(commits=commits))


def test_readers_cannot_compare():
    with pytest.raises(InputError, match="'none'"):
        compare.carry_out(Compare("develop"), make_facts("none", commits={"develop": OTHER}))
