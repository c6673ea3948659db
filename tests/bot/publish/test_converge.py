"""Reading, deciding and writing go on until nothing is left to do, and not for ever."""

import pytest

from bot.github.actions import CreateComment
from bot.github.errors import GitHubError
from bot.github.values import Comment, Identity
from bot.publish.comment import Marker, compose, decide_comment
from bot.publish.converge import MAX_ROUNDS, converge
from tests.bot.events.builders import NOW


@pytest.fixture(autouse=True)
def waits(monkeypatch):
    """How long was waited, instead of waiting."""
    seconds = []
    monkeypatch.setattr("bot.publish.converge.time.sleep", seconds.append)
    return seconds


class Board:
    """Keeps texts; the first ``lost`` writes get lost on the way."""

    def __init__(self, lost=0):
        self.texts, self.lost, self.reads = [], lost, 0

    def look(self):
        self.reads += 1
        return tuple(self.texts)

    def apply(self, action):
        if self.lost > 0:
            self.lost -= 1
        else:
            self.texts.append(action.body)


def decide(texts):
    """The texts that are missing."""
    return [CreateComment(text) for text in ("a", "b") if text not in texts]


def test_what_is_missing_is_written_and_the_last_state_returned():
    board = Board()
    assert converge(board.look, decide, board) == ("a", "b")
    assert board.texts == ["a", "b"]


def test_without_anything_to_do_github_is_read_once():
    board = Board()
    board.texts = ["b", "a"]
    assert converge(board.look, decide, board) == ("b", "a")
    assert (board.reads, board.texts) == (1, ["b", "a"])


def test_a_write_that_was_lost_is_repeated():
    board = Board(lost=3)
    assert sorted(converge(board.look, decide, board)) == ["a", "b"]


def test_what_becomes_visible_late_is_waited_for(waits):
    class Late(Board):
        def look(self):
            super().look()
            return tuple(self.texts) if waits else ()

    board = Late()
    converge(board.look, decide, board)
    assert (waits, len(board.texts)) == ([0.25], 4)


def test_the_waits_double_up_to_a_limit(waits):
    with pytest.raises(GitHubError):
        converge(lambda: (), decide, Board())
    assert waits == [0.25, 0.5, 1.0, 2.0, 4.0, 4.0, 4.0, 4.0]


def test_a_github_that_keeps_nothing_is_an_error_with_the_next_step():
    board = Board(lost=1000)
    with pytest.raises(GitHubError, match="run the job again"):
        converge(board.look, decide, board)
    assert board.reads == MAX_ROUNDS


MARKER = Marker("report", "b" * 40)
BODY = compose(MARKER, "", "text")


class Crowd:
    """A conversation; each of ``others`` posts the same comment right after a read of ours."""

    def __init__(self, others):
        self.comments, self.others, self.count = [], others, 0

    def look(self):
        state = tuple(self.comments)
        if self.others:
            self.others -= 1
            self.post()
        return state

    def post(self):
        self.count += 1
        self.comments.append(Comment(self.count, Identity().login, BODY, NOW))

    def apply(self, action):
        if isinstance(action, CreateComment):
            self.post()
        else:
            self.comments = [c for c in self.comments if c.id != action.id]


@pytest.mark.parametrize("others", range(MAX_ROUNDS - 1))
def test_others_that_write_meanwhile_leave_one_comment(others):
    crowd = Crowd(others)
    converge(crowd.look, lambda seen: decide_comment(MARKER, BODY, seen, Identity()), crowd)
    assert [comment.body for comment in crowd.comments] == [BODY]


def test_an_error_of_a_write_ends_it():
    class Broken(Board):
        def apply(self, action):
            raise GitHubError("refused")

    board = Broken()
    with pytest.raises(GitHubError, match="refused"):
        converge(board.look, decide, board)
    assert board.reads == 1
