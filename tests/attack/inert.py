"""Whether a text on GitHub holds markup that came from a stranger."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.attack.attack import Ended, Ground
from tests.attack.hub import texts

PARSER = MarkdownIt("gfm-like", {"linkify": False})
MARKS = ("x.example", "javascript:", "onerror", "<script", "<img src=x")
"""What the hostile values would load or run."""
MENTION = re.compile(r"(?<![\w`/])@suite\b|(?<![\w&])#1\b")


def living(ground: Ground, ended: Ended) -> str | None:
    """What is wrong with the report's Markdown and with the texts that were sent to GitHub."""
    report = ground.work / "out" / "report.md"
    sent = [text for _, _, body in ended.sent for text in texts(body)]
    for text in (*sent, *([report.read_text()] if report.exists() else [])):
        for found in alive(text):
            return f"a stranger's markup is alive: {found[:200]!r}"
    return None


def alive(markdown: str) -> Iterator[str]:
    """Links, pictures, HTML and mentions of strangers in a text that GitHub renders."""
    for block in PARSER.parse(markdown):
        for token in (block, *(block.children or ())):
            if token.type in ("html_block", "html_inline"):
                yield from (token.content for mark in MARKS if mark in token.content)
            elif token.type in ("image", "link_open"):
                yield from _loads(token)
            elif token.type == "text" and MENTION.search(token.content):
                yield token.content


def _loads(token: Token) -> Iterator[str]:
    target = str(token.attrs.get("href") or token.attrs.get("src"))
    yield from (target for mark in MARKS if mark in target)
