"""``/rebench compare``: one revision of the suite's repository, never an option of git."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.events.comments import compare
from bot.events.comments.base import CommandError
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
        (f"develop {HEAD.upper()}", Compare("develop", HEAD)),
        ("C" * 40, Compare("c" * 40)),
        ("Develop, 0123ABC.", Compare("Develop", "0123abc")),
    ],
)
def test_a_revision_and_the_head_are_read(words, meaning):
    assert meanings(f"/rebench compare {words}") == [meaning]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("", "name one revision"),
        ("a b c", "name one revision"),
        ("a b", "not a commit: 'b'"),
        ("a 0123ab", "not a commit: '0123ab'"),
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
    assert revision.isascii()
    assert revision[0].isalnum() or revision[0] == "_"
    assert not any(part in revision for part in ("..", "@{", "//", ":", " ", "\n"))


def test_the_head_is_compared_with_the_commit_of_the_revision():
    outcome = compare.carry_out(Compare("develop"), make_facts(commits={"develop": OTHER}))
    request = outcome.request
    assert (request.head, request.base_commit, request.against) == (HEAD, OTHER, "develop")
    assert (request.origin, request.reviewed) == ("command", False)


def test_naming_the_head_says_that_the_code_was_reviewed():
    facts = make_facts(commits={"develop": OTHER})
    assert compare.carry_out(Compare("develop", HEAD), facts).request.reviewed


@pytest.mark.parametrize("commit", [OTHER, HEAD[:7], HEAD[:39], OTHER[:7]])
def test_anything_but_the_head_in_full_is_refused_with_the_whole_command(commit):
    with pytest.raises(CommandError) as caught:
        compare.carry_out(Compare("develop", commit), make_facts(commits={"develop": OTHER}))
    assert caught.value.command == f"/rebench compare develop {HEAD}"


@pytest.mark.parametrize(("reviewed", "rest"), [(None, ""), (HEAD, f" {HEAD}")])
@pytest.mark.parametrize("revision", ["ccccccc", "CCCCCCCC", "c" * 39])
def test_a_revision_that_is_the_beginning_of_a_commit_is_refused(revision, reviewed, rest):
    facts = make_facts(commits={revision: OTHER})
    with pytest.raises(CommandError, match="of its 40 digits") as caught:
        compare.carry_out(Compare(revision, reviewed), facts)
    assert caught.value.command == f"/rebench compare {OTHER}{rest}"


def test_a_branch_whose_name_looks_like_a_commit_is_a_branch():
    facts = make_facts(commits={"deadbee": OTHER})
    assert compare.carry_out(Compare("deadbee"), facts).request.base_commit == OTHER


@pytest.mark.parametrize("commits", [{}, {"develop": None}])
def test_a_revision_that_does_not_exist_is_refused(commits):
    with pytest.raises(InputError, match="no revision 'develop'"):
        compare.carry_out(Compare("develop"), make_facts(commits=commits))


def test_readers_cannot_compare():
    with pytest.raises(InputError, match="'none'"):
        compare.carry_out(Compare("develop"), make_facts("none", commits={"develop": OTHER}))
