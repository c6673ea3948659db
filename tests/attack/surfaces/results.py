"""Results of a runner that lies, field by field: the case of each is judged apart from others."""

import functools
import json
from collections.abc import Iterator
from typing import Any

from tests.attack.attack import Attack, Ended, Ground
from tests.attack.finished import JOB, lay_out, leaves, pristine, replaced
from tests.attack.hub import State
from tests.attack.inert import living
from tests.attack.values import VALUES, some

REPORT = ("report", "--plan", "plan.json", "--results", "results", "--out", "out")
PUBLISH = ("publish", "--request", "request.json", "--plan", "plan.json")
PUBLISH = (*PUBLISH, "--results", ".", "--out", "out")
JUDGED = (0, 1, 3)
PAIRS = 24
"""Attacks of random pairs of changes, and results in each."""


def attacks() -> Iterator[Attack]:
    """Each value in every field; random pairs of them."""
    for name, value in VALUES.items():
        yield judged(f"{name} in every field", functools.partial(everywhere, value=value))
        yield published(f"{name} in every field", functools.partial(everywhere, value=value))
    for seed in range(PAIRS):
        yield judged(f"random changes {seed}", functools.partial(at_random, seed=seed))


def judged(name: str, results) -> Attack:
    """An attack on ``slimgate report``."""
    return Attack(
        f"{name}, report", REPORT, lambda ground: lay_out(ground, results()), JUDGED, check=intact
    )


def published(name: str, results) -> Attack:
    """An attack on ``slimgate publish``, which also writes to GitHub."""
    return Attack(
        f"{name}, publish",
        PUBLISH,
        lambda ground: lay_out(ground, results(), "results-cpu"),
        JUDGED,
        check=posted,
        hub=State,
    )


def everywhere(value: Any) -> list[dict[str, Any]]:
    """A result for each field, with the value in it."""
    document, _ = pristine()
    return [replaced(document, path, value) for path in leaves(document) if path]


def at_random(seed: int) -> list[dict[str, Any]]:
    """Results with some fields replaced or left out."""
    random, (document, _) = some(seed), pristine()
    return [_shaken(document, random) for _ in range(PAIRS)]


def _shaken(document: dict[str, Any], random) -> dict[str, Any]:
    for _ in range(random.randint(1, 4)):
        path = random.choice([path for path in leaves(document) if path])
        value = random.choice([*VALUES.values()])
        document = replaced(document, path, value)
        if not isinstance(document, dict):
            return document
    return document


def intact(ground: Ground, ended: Ended) -> str | None:
    """What is wrong if the case of the honest result was not judged like any other."""
    report = json.loads((ground.work / "out" / "report.json").read_text())
    honest = next(case for case in report["cases"] if case["id"] == JOB)
    if not honest["comparisons"]:
        return f"the honest case was lost: {honest['headline']}"
    return living(ground, ended)


def posted(ground: Ground, ended: Ended) -> str | None:
    """What is wrong if the report did not get to GitHub, too."""
    made = [path for method, path, _ in ended.sent if method == "POST"]
    complete = any("comments" in path for path in made) and any("check-runs" in p for p in made)
    return intact(ground, ended) if complete else f"no comment or no check: {made}"
