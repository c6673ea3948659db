"""Decides how our comment changes: one per kind, edited in place, posted anew for a regression.

Our comments are found by author and by the marker on their first line. The marker identifies
the comment (its head, its regressions); the gate reads nothing from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.github.actions import Action, CreateComment, DeleteComment, UpdateComment
from bot.github.values import Comment, Identity
from bot.text.limits import MAX_COMMENT_BYTES, cut

REPORT = "report"
"""The kind of the comment that holds the report."""
_MARKER = re.compile(r"<!-- slimgate:(?P<kind>[a-z0-9-]+) (?P<key>\S*) (?P<loud>\S*) -->")


@dataclass(frozen=True)
class Marker:
    """``kind`` and ``key`` identify the comment; ``loud`` is a hash of the regressed cases, ``-``
    without any. Another hash must not appear by a silent edit.
    """

    kind: str
    key: str = "-"
    loud: str = "-"

    def __str__(self) -> str:
        return f"<!-- slimgate:{self.kind} {self.key} {self.loud} -->"


@dataclass(frozen=True)
class OwnComment:
    """A comment of ours with its marker."""

    comment: Comment
    marker: Marker


def compose(marker: Marker, banner: str, text: str) -> str:
    """A comment's body: the marker, a line for a banner (may be empty), and the text."""
    return f"{marker}\n{banner}\n\n{text}"


def with_banner(body: str, banner: str) -> str:
    """The same body with another banner, cut to GitHub's limit."""
    marker, _, rest = body.partition("\n")
    return cut("\n".join([marker, banner, rest.partition("\n")[2]]), MAX_COMMENT_BYTES)


def own_comments(comments: Iterable[Comment], identity: Identity, kind: str) -> list[OwnComment]:
    """Our comments of one kind, oldest first."""
    return sorted(_own(comments, identity, kind), key=lambda own: own.comment.id)


def _own(comments: Iterable[Comment], identity: Identity, kind: str) -> Iterator[OwnComment]:
    for comment in comments:
        first = comment.body.replace("\r\n", "\n").partition("\n")[0]
        match = _MARKER.fullmatch(first)
        if comment.author == identity.login and match and match["kind"] == kind:
            yield OwnComment(comment, Marker(**match.groupdict()))


def decide_comment(
    marker: Marker, body: str, comments: Iterable[Comment], identity: Identity
) -> list[Action]:
    """The actions after which exactly one comment of the marker's kind exists, with ``body``.

    A new ``loud`` hash posts a new comment and deletes the old one, so that people are notified.
    If two writers at once left several comments, the newest stays. A body beyond GitHub's limit is
    cut, whoever wrote it.
    """
    body = cut(body, MAX_COMMENT_BYTES)
    mine = own_comments(comments, identity, marker.kind)
    if not mine:
        return [CreateComment(body)]
    *older, newest = mine
    if marker.loud not in ("-", newest.marker.loud):
        return [CreateComment(body), *(DeleteComment(own.comment.id) for own in mine)]
    deletions: list[Action] = [DeleteComment(own.comment.id) for own in older]
    if newest.comment.body.replace("\r\n", "\n") == body:
        return deletions
    return [UpdateComment(newest.comment.id, body), *deletions]
