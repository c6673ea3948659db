"""Random Markdown against GitHub's own parser: ``python -m tests.bot.events.comments.sweep 50000``.

Bodies are composed of everything that GitHub's Markdown has, with commands in all places. The
commands that the bot finds must be the lines that a reader sees: by cmark-gfm's HTML, as html5lib
makes a tree of it, with the elements that the HTML standard has called special since then. The bot
reads that HTML in another way, by another parser. Exits 1 at the first difference.
"""

import random
import re
import sys
import time
import unicodedata

import cmarkgfm
import html5lib
import html5lib.html5parser
from cmarkgfm.cmark import Options

from bot.events.comments.grammar import find_commands

SPECIAL = "figcaption hgroup keygen main search source summary template track"
"""What the HTML standard calls special, and html5lib of 2020 does not."""
html5lib.html5parser.specialElements |= {
    (html5lib.constants.namespaces["html"], name) for name in SPECIAL.split()
}
OPTIONS = (
    Options.CMARK_OPT_HARDBREAKS
    | Options.CMARK_OPT_FOOTNOTES
    | Options.CMARK_OPT_UNSAFE
    | Options.CMARK_OPT_SOURCEPOS
)
COMMANDS = [
    *["/rebench", "/rebench all", "/rebench PP-*", "/Rebench status", "/rebench\u00a0all"],
    *["/rebench --full", "/REBENCH — all", "/rebench `x`", "/rebench <b>x</b>", "/rebench a_b_c"],
    *["\\/rebench", "&#47;rebench", "**/rebench**", "_/rebench_ all", "\u200b/rebench"],
    *["/rebench [x](y)", "/rebench <!-- x", "/rebench *x", "/rebench | x", "/rebench:"],
    *["/rebench https://x.y/a?b=c", "/rebench @ann #1", "／rebench all", "/rebench “x y”"],
]
NEAR = [
    "/rebenchmark",
    "/rebench.py",
    "please /rebench",
    "`/rebench`",
    "/r\u0435bench",
    "#/rebench",
]
WORDS = [
    *["hello", "vector<float>", "a < b", "<br>", "<b>", "</b>", "<i>x</i>", "<float>", "</p>"],
    *["<!-- x -->", "<!--", "-->", "<!-->", "<!--->", "<!x>", "<?x?>", "<![CDATA[x]]>", "]]>"],
    *["<div>", "</div>", "<span>", "</span>", "<details>", "</details>", "<blockquote>", "<p>"],
    *["</blockquote>", "<a href='x'>", "</a>", "<img src=x>", "<kbd>", "</kbd>", "<code>"],
    *["<script>", "</script>", "<style>", "<textarea>", "<table>", "<td>", "</table>", "<ul>"],
    *["`a`", "``", "`", "*a*", "**", "_", "~~a~~", "~~", "\\", "\\\\", "&amp;", "&#x2F;", "<li>"],
    *["[a](b)", "[a]", "![a](b)", "[^1]", "[", "](", "<https://x.y>", "www.x.y", "a@b.c"],
    *["|", "a | b", "\u200b", "\u00a0", "\u2028", "\x0b", "\x00", "  ", "\t", "$x$", "1.", "-"],
    *["<b title='", "'>", '<b title="', '">', "<h1>", "</h1>", "<hr>", "<q>", "<pre>", "</pre>"],
    *["<sub>", "</sub>", "</code>", "&lt;", "+", ":+1:", "<ins>", "<summary>", "</summary>"],
]  # fmt: skip


def line(rng):
    """A line of text with or without a command."""
    kind = rng.random()
    if kind < 0.4:
        return rng.choice(COMMANDS)
    if kind < 0.5:
        return rng.choice(NEAR)
    return " ".join(rng.choices(WORDS, k=rng.randrange(1, 4)))


def lines(rng):
    return [line(rng) + rng.choice(["", "", "  ", "\\"]) for _ in range(rng.randrange(1, 4))]


def quote(rng, depth):
    lazy = rng.random() < 0.3
    return [("" if lazy and n else "> ") + text for n, text in enumerate(block(rng, depth))]


def item(rng, depth):
    marker = rng.choice(["- ", "* ", "1. ", "- [ ] ", "10) "])
    indent = rng.choice([" " * len(marker), "  ", ""])
    return [(indent if n else marker) + text for n, text in enumerate(block(rng, depth))]


def fence(rng, _depth):
    bars = rng.choice(["```", "~~~", "````", "```text"])
    end = [] if rng.random() < 0.2 else [bars.rstrip("tex")]
    return [bars, *lines(rng), *end]


def indented(rng, _depth):
    return [rng.choice(["    ", "\t", "   "]) + text for text in lines(rng)]


def heading(rng, _depth):
    if rng.random() < 0.5:
        return [rng.choice(["# ", "### ", "#"]) + line(rng)]
    return [*lines(rng), rng.choice(["---", "===", "-", "--  "])]


def table(rng, _depth):
    return ["| a | b |", rng.choice(["|---|---|", "--- | ---", "|:-|-:|", "|---|"]), *lines(rng)]


def footnote(rng, _depth):
    return ["a[^1] b", "", rng.choice(["[^1]: ", "[^2]: ", "[^1]:"]) + line(rng), *lines(rng)]


def definition(rng, _depth):
    return [rng.choice(["[a]: ", "[a]:", "[a]: <"]) + line(rng), *lines(rng)]


def element(rng, depth):
    tag = rng.choice(
        ["div", "details", "details open", "blockquote", "table", "ul", "p", "center", "pre", "h1"]
    )
    gap = [""] if rng.random() < 0.7 else []
    end = [] if rng.random() < 0.3 else [f"</{tag.split()[0]}>"]
    summary = ["<summary>x</summary>"] if tag.startswith("details") else []
    return [f"<{tag}>", *summary, *gap, *block(rng, depth), *gap, *end]


def comment(rng, depth):
    start = rng.choice(["<!--", "<div><!--", "x <!--", "<!-- a", "<b><!--"])
    end = rng.choice(["-->", "--></div>", "--!>", "", "--"])
    gap = [""] if rng.random() < 0.6 else []
    return [start, *gap, *block(rng, depth), *gap, end]


def rule(rng, _depth):
    return [rng.choice(["---", "***", "___", "- - -"])]


def front(rng, _depth):
    return ["---", "a: b", line(rng), "---"]


def text(rng, _depth):
    return lines(rng)


KINDS = (
    *(text, text, text, quote, item, fence, indented, heading),
    *(table, footnote, definition, element, comment, rule, front),
)


def block(rng, depth):
    """The lines of one or two blocks."""
    if depth <= 0:
        return lines(rng)
    first = rng.choice(KINDS)(rng, depth - 1)
    if rng.random() < 0.7:
        return first
    return [*first, *([""] if rng.random() < 0.6 else []), *rng.choice(KINDS)(rng, depth - 1)]


def body_of(rng):
    """A comment."""
    parts = []
    for _ in range(rng.randrange(1, 5)):
        parts += [*block(rng, 3), *([""] if rng.random() < 0.7 else [])]
    return rng.choice(["\n", "\n", "\n", "\r\n", "\r"]).join(parts)


KEPT = set(
    re.findall(
        r"\w+",
        "h1 h2 h3 h4 h5 h6 br b i strong em a pre code img tt div ins del sup sub p ol ul table "
        "thead tbody tfoot blockquote dl dt dd kbd q samp var hr ruby rt rp li tr td th s strike "
        "summary details caption figure figcaption abbr bdo cite dfn mark small span time wbr",
    )
)
WITHIN = set(
    re.findall(
        r"\w+",
        "a abbr b bdo cite code del dfn em i ins kbd mark q rp rt ruby s samp small span strike "
        "strong sub sup time tt var wbr",
    )
)
SPEAKS = {"p", "div", "b", "strong", "i", "em", "a", "ins", "mark", "small", "span", "setext"}
START = re.compile(r"/rebench(?![a-z0-9_/]|[-.][a-z0-9_])", re.IGNORECASE | re.ASCII)


MARKS = dict.fromkeys(map(ord, "*_~\ufffc"))
"""What the bot writes for emphasis and for pictures."""


def words_of(node, around):
    """The text of a tree, piece by piece, each with the elements around it; None ends a line."""
    if isinstance(node.tag, str):  # not a comment
        yield from words_within(node, around)
    if node.tail:
        yield node.tail, around


def words_within(node, around):
    tag = node.tag if node.tag in KEPT else None
    line_break = [(None, around)] if tag not in {None, "img", *WITHIN} else []
    yield from line_break
    if tag == "img":
        yield "\ufffc", around
    inside = (*around, "setext" if is_underlined(node) else tag) if tag else around
    if node.text:
        yield node.text, inside
    for child in node:
        yield from words_of(child, inside)
    yield from line_break


def is_underlined(node):
    """Whether a heading stands on more than one line."""
    first, _, last = node.get("data-sourcepos", "1:1-1:1").partition("-")
    return node.tag in ("h1", "h2") and first.split(":")[0] != last.split(":")[0]


def seen_commands(body):
    """The command lines that a reader of the rendered comment sees."""
    html = cmarkgfm.github_flavored_markdown_to_html(body, OPTIONS)
    document = html5lib.parse(f"<!doctype html><body>{html}", namespaceHTMLElements=False)
    tree = document.find("body")
    found, text, speaks = [], "", False
    for piece, around in [*words_of(tree, ()), (None, ())]:
        if piece is None:
            if speaks and START.match(visible(text)):
                found.append(visible(text))
            text = ""
        elif text or piece.strip(" \t\n\r\f"):
            if not text:
                speaks = set(around) <= SPEAKS
            text += piece
    return found


def visible(text):
    """A line with ordinary spaces and without what nobody sees."""
    wide = text.replace("\uff0f", "/")
    shown = "".join(
        " " if unicodedata.category(c) == "Zs" or c in "\t\n\r\f" else c
        for c in wide
        if unicodedata.category(c) != "Cf"
    )
    return " ".join(part for part in shown.split(" ") if part)


def difference(body):
    """What the bot reads otherwise than a reader, if anything."""
    shown = [found.translate(MARKS) for found in seen_commands(body)[:11]]
    read = [visible(found.text).translate(MARKS) for found in find_commands(body)]
    return (
        None
        if [r.split() for r in read] == [s.split() for s in shown]
        else f"a reader sees {shown}, the bot reads {read}"
    )


def main(count, seed=0):
    rng = random.Random(seed)
    start, commands = time.monotonic(), 0
    for number in range(count):
        body = body_of(rng)
        wrong = difference(body)
        commands += len(find_commands(body))
        if wrong:
            print(f"body {number} (seed {seed}): {body!r}\n{wrong}")
            return 1
    seconds = time.monotonic() - start
    print(f"{count} bodies with {commands} commands as a reader sees them, in {seconds:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), *map(int, sys.argv[2:])))
