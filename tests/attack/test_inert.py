"""Markup of strangers is found in a text as GitHub would render it, and only there."""

import pytest

from tests.attack.inert import alive


@pytest.mark.parametrize(
    "text",
    [
        "![x](http://x.example/x.png)",
        "a <img src=x onerror=alert(1)>",
        "<script>alert(1)</script>",
        "| a |\n|---|\n| @suite |",
        "see #1",
    ],
)
def test_markup_that_is_alive_is_found(text):
    assert list(alive(text))


@pytest.mark.parametrize(
    "text",
    [
        "`![x](http://x.example/x.png)`",
        "```\n<script>alert(1)</script>\n@suite #1\n```",
        "&lt;img src=x onerror=alert&#40;1)>",
        "&#64;&#8203;suite &#35;&#8203;1",
        "&#33;&#91;x](http&#58;//x.example/x.png)",
    ],
)
def test_what_renders_as_itself_is_inert(text):
    assert list(alive(text)) == []
