"""Options and variables: values that nobody gives on purpose, and names of files to match."""

from collections.abc import Iterator

from tests.attack.attack import ANY, Attack, Ground
from tests.attack.hub import HEAD, State
from tests.attack.suites import copy_suite
from tests.attack.surfaces.comments import ADMIT, RUN, write_event
from tests.attack.values import some

VALUES = (
    "",
    " ",
    "-1",
    "0",
    "1e400",
    "nan",
    "inf",
    "9" * 400,
    "x",
    "1x1x1x1x1x1",
    "0x0x0x0",
    "-1x3x8x8",
    f"1x3x{10**18}x{10**18}",
    "１x３x８x８",
    "\x1b[2J\u202e",
    "a\u2028b",
    "::error::x",
    "[[[",
    "*" * 3000 + "x",
    "../../outside/secret.txt",
    "/dev/zero",
    "$(touch CANARY)",
    "{0.__class__}",
    "%s%n",
)
PLAN = ("plan", "--suite", "example-seg", "--repo", "suite", "--base", "main")
OPTIONS: dict[str, tuple[str, ...]] = {
    "plan --models": (*PLAN, "--models"),
    "plan --head": (*PLAN, "--head"),
    "plan --threads": (*PLAN, "--threads"),
    "plan --suite": ("plan", "--repo", "suite", "--base", "main", "--suite"),
    "plan --repo": ("plan", "--suite", "example-seg", "--base", "main", "--repo"),
    "plan --request": ("plan", "--suite", "example-seg", "--repo", "suite", "--request"),
    "lint": ("lint",),
    "lint --model": ("lint", "suite/deploy", "--model"),
    "explain": ("explain",),
    "schema": ("schema",),
    "fetch": ("fetch", "--out", "out"),
    "report --results": ("report", "--plan", "suite/README.md", "--out", "out", "--results"),
    "report --plan": ("report", "--results", "suite", "--out", "out", "--plan"),
    "bench --shape": ("bench", "suite", "--shape"),
    "bench --target": ("bench", "suite", "--shape", "1x3x8x8", "--target"),
    "bench --seconds": ("bench", "suite", "--shape", "1x3x8x8", "--seconds"),
    "shapes --size": ("shapes", "suite", "--out", "out/s", "--size"),
    "shapes --resize": ("shapes", "suite", "--out", "out/s", "--images", "suite", "--resize"),
    "shapes --check": ("shapes", "suite", "--size", "8x8", "--check"),
    "nodes": ("nodes",),
    "init --slimgate": ("init", "--repo", "suite", "--slimgate"),
    "init --bundled": ("init", "--repo", "suite", "--slimgate", f"a/b@{HEAD}", "--bundled"),
    "init --dialect": ("init", "--repo", "suite", "--slimgate", f"a/b@{HEAD}", "--dialect"),
    "cache gc --max-gb": ("cache", "gc", "--store", "store", "--max-gb"),
    "cache gc --max-days": ("cache", "gc", "--store", "store", "--max-days"),
    "survey --configs": (
        "survey",
        "--suite",
        "example-seg",
        "--repo",
        "suite",
        "--out",
        "out",
        "--sample",
        "0",
        "--configs",
    ),
    "survey --recipe": (
        "survey",
        "--suite",
        "example-seg",
        "--repo",
        "suite",
        "--out",
        "out",
        "--configs",
        "no",
        "--recipe",
    ),
    "compress --model": (
        "compress",
        "--suite",
        "example-seg",
        "--repo",
        "suite",
        "--out",
        "out",
        "--model",
    ),
    "compress --rev": (
        "compress",
        "--suite",
        "example-seg",
        "--repo",
        "suite",
        "--out",
        "out",
        "--model",
        "x",
        "--rev",
    ),
    "compress --recipe": (
        "compress",
        "--suite",
        "example-seg",
        "--repo",
        "suite",
        "--out",
        "out",
        "--model",
        "x",
        "--recipe",
    ),
}
VARIABLES = {
    "GITHUB_RUN_ID": ("x", "-1", "1e3", "9" * 400, "１"),
    "GITHUB_REPOSITORY": ("", "x", "../..", "a/b/c", "a b", "\x1b[2J", "a/b?c#d"),
    "GITHUB_API_URL": (
        "x",
        "http://[",
        "http://127.0.0.1:1",
        "file:///etc/passwd",
        "http://127.0.0.1:99999",
    ),
    "GITHUB_SERVER_URL": ("x", "http://[", "\x1b"),
    "GITHUB_TOKEN": ("", "a\nb", "\u2028"),
    "SLIMGATE_APP": ("", "x" * 10_000, "\x1b[2J"),
    "GITHUB_OUTPUT": ("/proc/x/y", "", "."),
    "GITHUB_SHA": ("", "x", "-"),
}
EACH = 6
"""Values that each option gets."""
NAMES = (
    "a\x1b[2J.yaml",
    "a\u202e.yaml",
    "a\n::error::x.yaml",
    "a\u2028b.yaml",
    "::error::x.yaml",
    "-x.yaml",
    "`|<img src=x>.yaml",
    "x" * 240 + ".yaml",
    "\udcff\udcfe.yaml",
    "a,line=1::x.yaml",
    "%0A::error::x.yaml",
)


def attacks() -> Iterator[Attack]:
    """Values of each option and variable, and recipes with odd names in each format."""
    for number, (name, words) in enumerate(OPTIONS.items()):
        for value in some(number).sample(VALUES, EACH):
            yield Attack(
                f"{name} {value[:20]!r}", (*words, value), lambda g: copy_suite(g, "seg"), ANY
            )
    for name, values in VARIABLES.items():
        for value in values:
            yield Attack(
                f"{name}={value[:20]!r}",
                ADMIT,
                lambda g: write_event(g, RUN),
                ANY,
                hub=State,
                environment={"GITHUB_EVENT_NAME": "issue_comment", name: value},
            )
    for name in NAMES:
        for form in ("text", "json", "sarif", "github"):
            yield Attack(
                f"the file {name[:20]!r} as {form}",
                ("lint", ".", "--fix", "--format", form),
                lambda g, n=name: recipe(g, n),
                ANY,
            )


def recipe(ground: Ground, name: str) -> None:
    """A recipe with a slip, under an odd name."""
    ground.write(name, "QuantAware:\n  use_pactt: true\nDistillation:\n  loss: l2\n")
