"""Decides what becomes of our comment: one per kind, updated in place, posted anew when it is loud.

Our comments are found by author and by the marker on their first line. The marker tells which
comment this is (its head, its regressions); nothing that matters to the gate is read from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.github.actions import Action, CreateComment, DeleteComment, UpdateComment
from bot.github.values import Comment, Identity

REPORT = "report"
"""The kind of the one comment with the report."""
_MARKER = re.compile(r"<!-- slimgate:(?P<kind>[a-z0-9-]+) (?P<key>\S*) (?P<loud>\S*) -->")


@dataclass(frozen=True)
class Marker:
    """``kind`` and ``key`` say which comment it is; ``loud`` names what must not be a silent edit
    (the hash of the regressed cases), empty for nothing.
    """

    kind: str
    key: str = "-"
    loud: str = "-"

    def __str__(self) -> str:
        return f"<!-- slimgate:{self.kind} {self.key} {self.loud} -->"


@dataclass(frozen=True)
class Own:
    """A comment of ours with its marker."""

    comment: Comment
    marker: Marker


def compose(marker: Marker, banner: str, text: str) -> str:
    """A comment's body: the marker, one line for a banner, which may be empty, and the text."""
    return f"{marker}\n{banner}\n\n{text}"


def with_banner(body: str, banner: str) -> str:
    """The same comment with another banner."""
    marker, _, rest = body.partition("\n")
    return "\n".join([marker, banner, rest.partition("\n")[2]])


def own_comments(comments: Iterable[Comment], identity: Identity, kind: str) -> list[Own]:
    """Our comments of one kind, oldest first."""
    return sorted(_own(comments, identity, kind), key=lambda own: own.comment.id)


def _own(comments: Iterable[Comment], identity: Identity, kind: str) -> Iterator[Own]:
    for comment in comments:
        first = comment.body.replace("\r\n", "\n").partition("\n")[0]
        match = _MARKER.fullmatch(first)
        if comment.author == identity.login and match and match["kind"] == kind:
            yield Own(comment, Marker(**match.groupdict()))


def decide_comment(
    marker: Marker, body: str, comments: Iterable[Comment], identity: Identity
) -> list[Action]:
    """The actions after which exactly one comment of the marker's kind is there, with ``body``.

    A new loudness posts a new comment and deletes the old one, so that people are notified. Of
    several, as two writers at once leave behind, the newest stays.
    """
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
