"""Plans and requests that are not what slimgate wrote, for every command that reads them."""

import json
from collections.abc import Iterator
from typing import Any

from tests.attack.attack import ANY, Attack, Ground
from tests.attack.finished import REQUEST, lay_out, leaves, plan, replaced
from tests.attack.hub import State
from tests.attack.surfaces.result_files import CONTENT
from tests.attack.surfaces.results import PUBLISH, REPORT
from tests.attack.values import VALUES, some

ANNOUNCE = ("announce", "--request", "request.json", "--plan", "plan.json")
PLANNED = ("plan", "--suite", "example-seg", "--repo", ".", "--request", "request.json")
EXECUTE = (
    "execute",
    "--plan",
    "plan.json",
    "--suite",
    "example-seg",
    "--repo",
    ".",
    "--out",
    "out",
)
ROUNDS = 24
"""Random plans for each command, and random requests."""


def attacks() -> Iterator[Attack]:
    """Random changes of plans and requests, and files that are none."""
    for seed in range(ROUNDS):
        for command in (REPORT, PUBLISH, ANNOUNCE):
            yield attack(f"a random plan {seed}, {command[0]}", command, random_plan(seed))
        yield attack(f"a random request {seed}, publish", PUBLISH, plan(1), random_request(seed))
    for seed in range(ROUNDS // 4):
        yield attack(f"a random request {seed}, plan", PLANNED, plan(1), random_request(-seed - 1))
        yield attack(f"a random plan {seed}, execute", EXECUTE, random_plan(-seed - 1))
    for name, content in CONTENT.items():
        for file, command in (("plan", REPORT), ("plan", ANNOUNCE), ("request", PUBLISH)):
            yield broken(f"{file}: {name}, {command[0]}", command, f"{file}.json", content)


def attack(name: str, command: tuple[str, ...], planned: Any, request: Any = REQUEST) -> Attack:
    def prepare(ground: Ground) -> None:
        lay_out(ground, [], "results-cpu")
        lay_out(ground, [])
        ground.write("plan.json", json.dumps(planned))
        ground.write("request.json", json.dumps(request))

    return Attack(name, command, prepare, ANY, hub=State)


def broken(name: str, command: tuple[str, ...], file: str, content: str | bytes) -> Attack:
    def prepare(ground: Ground) -> None:
        lay_out(ground, [])
        ground.write(file, content)

    return Attack(name, command, prepare, says=(file,), hub=State)


def random_plan(seed: int) -> Any:
    return shaken(plan(1), seed)


def random_request(seed: int) -> Any:
    return shaken(REQUEST, seed)


def shaken(document: Any, seed: int) -> Any:
    """The document with one to three values replaced."""
    random = some(seed)
    for _ in range(random.randint(1, 3)):
        path = random.choice([path for path in leaves(document) if path])
        document = replaced(document, path, random.choice([*VALUES.values()]))
    return document
