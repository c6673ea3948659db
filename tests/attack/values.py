"""Values that break programs, for every field of every file."""

import random
from typing import Any

VALUES: dict[str, Any] = {
    "10**400": 10**400,
    "-10**400": -(10**400),
    "10**18": 10**18,
    "2**63": 2**63,
    "1e308": 1e308,
    "-1e308": -1e308,
    "5e-324": 5e-324,
    "1e-300": 1e-300,
    "1e7": 1e7,
    "-0.0": -0.0,
    "0": 0,
    "-1": -1,
    "1": 1,
    "not a number": float("nan"),
    "infinity": float("inf"),
    "null": None,
    "true": True,
    "an empty text": "",
    "a long text": "x" * 100_000,
    "a number as text": "1e308",
    "a half of a surrogate pair": "\ud800",
    "a zero": "a\0b",
    "line separators": "a\u2028b\u0085c\u2029d\x0be\x0cf\x1cg\rh\ni",
    "text that turns around": "\u202e\u2066abc\u200b\ufeff",
    "Markdown": "`|\n\n```\n# x\n@suite #1 ![x](http://x.example/x.png) [x](javascript:x) $x$ <!--",
    "HTML": "<script>alert(1)</script><img src=x onerror=alert(1)>'\"&lt;",
    "Mermaid": '"]\n```\n<img src=x>\nxychart-beta\n  title "x',
    "a workflow command": "::error::x\n##[command]x\n::stop-commands::x",
    "a format": "{0.__class__} %s %(x)s ${{ secrets.TOKEN }} {{ 7*7 }}",
    "a terminal": "\x1b[2J\x1b]0;x\x07\x9b2J",
    "a path": "../../outside/secret.txt",
    "an absolute path": "/etc/passwd",
    "a list": [],
    "nested lists": [[[[]]]],
    "an object": {},
    "an object with a bad key": {"a\u2028`|<b>": 1},
    "emoji": "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 2_000,
    "combining marks": "e" + "\u0301" * 10_000,
}


def some(seed: int) -> random.Random:
    """A generator with a fixed seed."""
    return random.Random(f"slimgate-{seed}")
