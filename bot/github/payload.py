"""The base of what GitHub sends: only the fields in use are declared, GitHub adds others freely.

A field is optional or may be None exactly where GitHub's OpenAPI description says so;
``tests/bot/github/test_schema.py`` holds the two together.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

Sha = Field(pattern="^[0-9a-f]{40}$")


class Payload(BaseModel):
    """A part of an answer or of an event, as far as the bot reads it."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Account(Payload):
    """A person, App or organisation. ``type`` is ``User``, ``Bot``, ``Mannequin`` or
    ``Organization``; empty if GitHub does not say.
    """

    login: str
    type: str = ""


GHOST = "ghost"
"""The login that GitHub shows for a deleted account; the API has null in its place."""


def login_of(account: Account | None) -> str:
    """The login of an account, or ``ghost`` for a deleted one."""
    return account.login if account else GHOST
