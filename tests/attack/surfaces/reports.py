"""Reports that are larger than GitHub takes: many cases, machines, findings, wide letters."""

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

from tests.attack.attack import Attack, Ground
from tests.attack.finished import REQUEST, lay_out, plan, pristine
from tests.attack.hub import State
from tests.attack.surfaces.results import JUDGED, PUBLISH, posted

WIDE = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
"""A letter of 18 bytes."""
ESCAPED = "&<>`|*_[]#@"
"""Characters that become entities."""


def attacks() -> Iterator[Attack]:
    """Each run of a runner or a change that makes as much text as it may, published."""
    for name, make in RUNS.items():
        for letters in (WIDE, ESCAPED, "x"):
            yield attack(f"{name} of {letters[:1]!r}", lambda make=make, text=letters: make(text))


def attack(name: str, make: Callable[[], tuple[dict[str, Any], list[dict[str, Any]]]]) -> Attack:
    def prepare(ground: Ground) -> None:
        planned, results = make()
        lay_out(ground, results, "results-cpu")
        ground.write("plan.json", json.dumps(planned))
        ground.write("request.json", json.dumps(REQUEST))

    return Attack(name, PUBLISH, prepare, JUDGED, check=posted, hub=State)


def many_failures(text: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Every variant of 40 cases failed, with a long message and log."""
    document, _ = pristine()
    words = {"stage": text * 50, "kind": "error", "message": text * 500, "log_tail": text * 3000}
    sides = [{"side": v["side"], "recipe": v["recipe"]} for v in document["variants"]]
    failed = [{"status": "failed", **side, **words} for side in sides]
    return plan(41), [{**document, "variants": failed}] * 40


def many_remarks(text: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """40 cases whose models have 300 long remarks each."""
    document, _ = pristine()
    variants = copy.deepcopy(document["variants"])
    for variant in variants:
        variant["artifact"]["remarks"] = [f"{i} {text * 100}" for i in range(300)]
    return plan(41), [{**document, "variants": variants}] * 40


def many_machines(text: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """40 cases, each on a machine of its own with a long name and many versions."""
    document, _ = pristine()
    results = []
    for number in range(40):
        versions = {f"{text * 20}{i}": text * 20 for i in range(50)}
        machine = {**document["fingerprint"], "cpu": f"{text * 70}{number}", "versions": versions}
        results.append({**document, "fingerprint": machine})
    return plan(41), results


def many_reasons(text: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A change that affects 3000 configs with long names, for many reasons each."""
    planned = copy.deepcopy(plan(1))
    affected = planned["affected"][0]
    reasons = [{"changed": f"{text * 30}{i}", "via": [text * 20] * 9} for i in range(30)]
    keys = [f"{text * 20}.{i}" for i in range(200)]
    planned["affected"] = [
        {**affected, "config": f"configs/{text * 40}{i}.yml", "reasons": reasons, "keys": keys}
        for i in range(60)
    ]
    skipped = {"case": text * 60, "config": None, "reason": text * 300, "needed": True}
    planned["skipped"] = [skipped] * 1000
    planned["code_changes"] = [f"ppdet/{text * 40}{i}.py" for i in range(3000)]
    return planned, []


def many_lines(text: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A regression with 200 changed lines to blame in one file with a long name."""
    document, _ = pristine()
    planned = copy.deepcopy(plan(2))
    file = f"deploy/{text * 60}.yaml"
    affected = {**planned["affected"][0], "config": file, "reasons": [{"changed": file}]}
    line = {"file": file, "text": text * 250, "before": text * 250}
    planned["affected"] = [affected]
    planned["changed_lines"] = [{**line, "line": number + 1} for number in range(200)]
    for job in planned["jobs"]:
        job["because"] = [file]
    return planned, [document]


def long_names(text: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Cases whose model, recipe and files have long names, with published figures."""
    planned = copy.deepcopy(plan(1))
    job = planned["jobs"][0]
    for key in ("model", "config_file", "recipe_file", "base_problem"):
        job[key] = text * 300
    job["because"] = [text * 300] * 300
    job["published"] = [{**job["published"][0], "machine": text * 300}] * 300
    planned["suite"] = planned["manifest_name"] = text * 300
    return planned, []


RUNS = {
    "failures": many_failures,
    "remarks": many_remarks,
    "machines": many_machines,
    "reasons": many_reasons,
    "lines": many_lines,
    "names": long_names,
}
