"""What becomes of our comment: one of each kind, and anew when it has to be noticed."""

from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.github.actions import CreateComment, DeleteComment, UpdateComment
from bot.github.values import Comment, Identity
from bot.publish.comment import Marker, compose, decide_comment, own_comments, with_banner
from bot.text.limits import MAX_COMMENT_BYTES, size

IDENTITY = Identity()
NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)
QUIET, LOUD = Marker("report", "h1"), Marker("report", "h1", "abc")


def comment(number, body, author=IDENTITY.login):
    return Comment(number, author, body, NOW)


def decide(marker, body, comments):
    return decide_comment(marker, body, comments, IDENTITY)


def test_the_marker_is_an_html_comment():
    assert str(QUIET) == "<!-- slimgate:report h1 - -->"
    assert str(LOUD) == "<!-- slimgate:report h1 abc -->"


def test_the_first_comment_is_created():
    assert decide(QUIET, "x", [comment(1, "hello", "ann")]) == [CreateComment("x")]


def test_a_comment_that_says_the_same_is_left_alone():
    body = compose(QUIET, "", "numbers\n")
    assert decide(QUIET, body, [comment(1, body)]) == []
    assert decide(QUIET, body, [comment(1, body.replace("\n", "\r\n"))]) == []


def test_another_text_edits_the_comment():
    old, new = compose(QUIET, "", "a"), compose(QUIET, "", "b")
    assert decide(QUIET, new, [comment(1, old)]) == [UpdateComment(1, new)]


def test_a_new_regression_is_posted_anew_before_the_old_comment_goes():
    old, new = compose(QUIET, "", "a"), compose(LOUD, "", "b")
    assert decide(LOUD, new, [comment(1, old)]) == [CreateComment(new), DeleteComment(1)]


@pytest.mark.parametrize("marker", [LOUD, QUIET], ids=["the same regression", "a fix"])
def test_the_same_regression_and_a_fix_are_edits(marker):
    new = compose(marker, "", "b")
    assert decide(marker, new, [comment(1, compose(LOUD, "", "a"))]) == [UpdateComment(1, new)]


def test_of_several_comments_the_newest_stays():
    body = compose(QUIET, "", "a")
    comments = [comment(3, body), comment(1, body), comment(2, body)]
    assert decide(QUIET, body, comments) == [DeleteComment(1), DeleteComment(2)]
    new = compose(QUIET, "", "b")
    assert decide(QUIET, new, comments)[0] == UpdateComment(3, new)


@pytest.mark.parametrize(
    ("body", "author"),
    [
        (compose(QUIET, "", "a"), "eve"),
        ("text\n" + compose(QUIET, "", "a"), IDENTITY.login),
        (compose(Marker("compare-1"), "", "a"), IDENTITY.login),
        ("<!-- slimgate:report h1 -->\n", IDENTITY.login),
        (f" {QUIET}\n", IDENTITY.login),
        ("", IDENTITY.login),
    ],
    ids=["forged", "not first", "another kind", "two fields", "indented", "empty"],
)
def test_a_comment_without_our_marker_is_not_ours(body, author):
    assert own_comments([comment(1, body, author)], IDENTITY, "report") == []


def test_our_comments_are_listed_oldest_first():
    bodies = [comment(2, compose(QUIET, "", "a")), comment(1, compose(LOUD, "", "a"))]
    listed = own_comments(bodies, IDENTITY, "report")
    assert [(own.comment.id, own.marker) for own in listed] == [(1, LOUD), (2, QUIET)]


@given(st.text("ab \n", max_size=30), st.text("ab >", max_size=10), st.text("ab >", max_size=10))
def test_a_banner_is_replaced_and_nothing_else(text, before, after):
    assert with_banner(compose(LOUD, before, text), after) == compose(LOUD, after, text)


KINDS = st.sampled_from([QUIET, LOUD, Marker("answer-5")])
BODIES = st.builds(compose, KINDS, st.just(""), st.sampled_from(["a", "b"]))


@given(st.lists(BODIES, max_size=4), KINDS, st.sampled_from(["a", "b"]))
def test_afterwards_there_is_one_comment_and_nothing_left_to_do(bodies, marker, text):
    body = compose(marker, "", text)
    comments = {n: comment(n, old) for n, old in enumerate(bodies)}
    for action in decide(marker, body, comments.values()):
        if isinstance(action, DeleteComment):
            del comments[action.id]
        elif isinstance(action, UpdateComment):
            comments[action.id] = comment(action.id, action.body)
        else:
            comments[99] = comment(99, action.body)
    (ours,) = own_comments(comments.values(), IDENTITY, marker.kind)
    assert ours.comment.body == body
    assert decide(marker, body, comments.values()) == []


def test_a_body_beyond_githubs_limit_is_cut():
    body = compose(QUIET, "", "é" * 40_000)
    (created,) = decide(QUIET, body, [])
    assert MAX_COMMENT_BYTES - 1 <= size(created.body) <= MAX_COMMENT_BYTES
    assert decide(QUIET, body, [comment(1, created.body)]) == []
    assert size(with_banner(created.body, "> stale" * 99)) <= MAX_COMMENT_BYTES
