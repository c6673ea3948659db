"""Everything that publishing can do to GitHub, as values."""

from __future__ import annotations

from dataclasses import dataclass

from bot.github.values import CheckText, LineNote


@dataclass(frozen=True)
class CreateComment:
    """Posts a comment in the conversation."""

    body: str


@dataclass(frozen=True)
class UpdateComment:
    """Replaces a comment's body."""

    id: int
    body: str


@dataclass(frozen=True)
class DeleteComment:
    """Deletes a comment; one that is gone counts as deleted."""

    id: int


@dataclass(frozen=True)
class CreateCheck:
    """Opens our check on a commit."""

    head_sha: str
    text: CheckText
    external_id: str


@dataclass(frozen=True)
class UpdateCheck:
    """Changes a check of ours."""

    id: int
    text: CheckText
    external_id: str


@dataclass(frozen=True)
class React:
    """Adds a reaction to a comment; adding it twice changes nothing."""

    comment_id: int
    content: str


@dataclass(frozen=True)
class Suggest:
    """Notes on changed lines, as one review; refused by GitHub if one is not on a changed line."""

    head_sha: str
    notes: tuple[LineNote, ...]


@dataclass(frozen=True)
class CancelRun:
    """Stops a workflow run; one that has ended counts as stopped."""

    id: int


Action = (
    CreateComment
    | UpdateComment
    | DeleteComment
    | CreateCheck
    | UpdateCheck
    | React
    | Suggest
    | CancelRun
)
