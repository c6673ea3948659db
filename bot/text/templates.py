"""The Jinja environment that every template is rendered in."""

from __future__ import annotations

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from core.installation import shipped


def template_environment(autoescape: bool) -> Environment:
    """Jinja over the ``templates`` folder; an undefined name is an error."""
    folder = shipped("templates")
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=autoescape,  # Markdown is escaped by bot.text.escape
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
