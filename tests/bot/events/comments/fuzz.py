"""Random comments against the grammar: ``python -m tests.bot.events.comments.fuzz COUNT [SEED]``.

Bodies are blocks whose meaning is known, lines of hostile words, and noise. Each must be read
without a crash, hold exactly the commands that were put there as plain lines, and lead to an
answer in which nothing of the author's is left unescaped. Exits 1 at the first that does not.
"""

import random
import re
import sys
import time

from bot.events.comments import ValidNames, parse_comment
from bot.events.comments.answers import answer, render_answers
from bot.events.comments.base import Facts
from bot.events.comments.grammar import find_commands
from bot.events.intake import _carry_out
from bot.github.values import Pull

NAMES = ValidNames(("PP-LiteSeg-Tiny", "PP-HumanSeg-Lite"), ("qat", "ptq"), ("cpu", "gpu"))
PULL = Pull(1, True, "a" * 40, "main")
WORDS = [
    "", "all", "status", "cancel", "help", "accept", "compare", "PP-LiteSeg-Tiny", "PP-*", "*",
    "0123abc", "--runner", "cpu", "--runner=gpu", "--full", "--reason", '"a b"', "'", '"', "\\",
    "@octocat", "#1", "<b>", "<!--", "-->", "|", "`x`", "![x](y)", "[x](javascript:y)", "\u202e",
    "\u200b", "café", "名前", "$x$", "GH-1", "www.x.y", "https://x.y", "main..x", "a" * 70,
]  # fmt: skip
ALLOWED_HTML = re.compile(r"</?code>|<!-- slimgate:\S+ \S+ \S+ -->")
COPY = re.compile(r"^```text\n/rebench [\w .*?+/-]*\n```$", re.MULTILINE)
"""A command to copy: nothing in it can end the block."""
NOISE = [
    *"/rebnch \n\t>`-*_<!\\[](){}~#&;|@$:+=.0123é中\u202e\u200b\r\x00\x1b",
    "/rebench",
    "```",
    "<!--",
    "-->",
]


def plain(rng):
    words = " ".join(["/rebench", *rng.choices(WORDS, k=rng.randrange(4))])
    return " ".join(words.split())


def quiet_word(rng):
    return rng.choice(["hello", "a b c", "see below", "1", "fine"])


HIDDEN = [
    lambda line: f"> {line}",
    lambda line: f"> a\n{line}",
    lambda line: f"```\n{line}\n```",
    lambda line: f"~~~text\n{line}\n~~~",
    lambda line: f"    {line}",
    lambda line: f"- {line}",
    lambda line: f"* a\n{line}",
    lambda line: f"1. {line}",
    lambda line: f"<!--\n{line}\n-->",
    lambda line: f"<details>\n\n{line}\n\n</details>",
    lambda line: f"<blockquote>\n{line}\n</blockquote>",
    lambda line: f"# {line}",
    lambda line: f"x {line}",
    lambda line: f"/r\u0435bench{line[8:]}",
    lambda line: f"\u202e{line}",
    lambda line: f"a[^1]\n\n[^1]: b\n{line}",
    lambda line: f"a | b\n--- | ---\n{line}",
    lambda line: f"<div><!--\n\n{line}\n\n<p>--></p></div>",
]
SAFE = re.compile(r"[\w /.*=-]*")
"""A line that opens no markup, so that its meaning within a block is known."""


def structured(rng):
    """A body of known blocks, and the commands in it."""
    blocks, expected = [], []
    for _ in range(rng.randrange(1, 6)):
        line = plain(rng)
        while not SAFE.fullmatch(line) or line.count("*") > 1:
            line = plain(rng)
        kind = rng.randrange(3)
        if kind == 0:
            blocks.append(line)
            expected.append(line)
        elif kind == 1:
            blocks.append(rng.choice(HIDDEN)(line))
        else:
            blocks.append(quiet_word(rng))
    end = rng.choice(["\n\n", "\r\n\r\n", "\n\n\n"])
    newline = "\r\n" if "\r" in end else "\n"
    return end.join(block.replace("\n", newline) for block in blocks), expected


def hostile(rng):
    """Lines whose words may open markup: what they mean is not known beforehand."""
    return "\n".join(plain(rng) for _ in range(rng.randrange(1, 4))), None


def noise(rng):
    """Anything."""
    return "".join(rng.choices(NOISE, k=rng.randrange(120))), None


GENERATORS = (structured, hostile, noise)


def check(body, expected):
    """What is wrong with the reading of a body, if anything."""
    found = [line.text for line in find_commands(body)]
    if expected is not None and found != expected:
        return f"found {found}, expected {expected}"
    parsed = list(parse_comment(body, NAMES))
    facts = Facts(PULL, "ann", "write", (), None)
    answers = [answer(command, _carry_out(command, facts)) for command in parsed]
    return unescaped(render_answers(answers, parsed)) if parsed else None


def unescaped(text):
    """What in an answer could be markup of the author's."""
    table = text.find("\n| command |")
    spoken = text[:table] if table >= 0 else text
    rest = ALLOWED_HTML.sub("", COPY.sub("", spoken))
    bad = re.search(
        r"[<>`*_\[\]|\\$~!\x00-\x09\x0b-\x1f\u202e\u200b]|@\w|#\d(?!\d*;)|://|www\.", rest
    )
    return f"unescaped {bad.group(0)!r} in {rest!r}" if bad else None


def main(count, seed=0):
    rng = random.Random(seed)
    start = time.monotonic()
    commands = 0
    for number in range(count):
        body, expected = GENERATORS[number % 3](rng)
        wrong = check(body, expected)
        commands += len(find_commands(body))
        if wrong:
            print(f"body {number} (seed {seed}): {body!r}\n{wrong}")
            return 1
    seconds = time.monotonic() - start
    print(f"{count} bodies with {commands} commands read in {seconds:.0f} s: none misread")
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), *map(int, sys.argv[2:])))
