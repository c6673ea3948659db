"""Reading, deciding and writing go on until nothing is left to do, and not for ever."""

import pytest

from bot.github.actions import CreateComment
from bot.github.errors import GitHubError
from bot.publish.converge import MAX_ROUNDS, converge


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


def test_a_github_that_keeps_nothing_is_an_error_with_the_next_step():
    board = Board(lost=1000)
    with pytest.raises(GitHubError, match="run the job again"):
        converge(board.look, decide, board)
    assert board.reads == MAX_ROUNDS


def test_an_error_of_a_write_ends_it():
    class Broken(Board):
        def apply(self, action):
            raise GitHubError("refused")

    board = Broken()
    with pytest.raises(GitHubError, match="refused"):
        converge(board.look, decide, board)
    assert board.reads == 1
