"""Every change that the bot can make on GitHub, as a value."""

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
    """Deletes a comment; one that does not exist any more counts as deleted."""

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
    """Posts notes on changed lines, as one review. GitHub refuses them all if one is on another
    line.
    """

    head_sha: str
    notes: tuple[LineNote, ...]


@dataclass(frozen=True)
class CancelRun:
    """Cancels a workflow run; one that has ended counts as cancelled."""

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
