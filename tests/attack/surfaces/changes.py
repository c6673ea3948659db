"""Changes whose size or shape costs the planner time or memory; each file by itself is allowed."""

import functools
from collections.abc import Callable, Iterator

from core.schema import MAX_JSON_BYTES
from tests.attack.attack import Attack, Ended, Ground
from tests.attack.held import PLAN
from tests.attack.suites import CONFIGS, change, copy_suite, request, template

CONFIG, BASE = CONFIGS["seg"], "configs/_base_/shapes.yml"
MANIFEST = """\
schema: slimgate.manifest/1
suite: s
dialect: paddleseg
config_roots: [configs]
recipe_roots: [deploy/slim/act/configs]
default_recipe: {name: ptq, file: "slimgate:ptq.yaml"}
"""
"""Of a suite that measures every model."""
HEIR = f"_base_: '../{BASE.removeprefix('configs/')}'\nmodel: {{type: PPLiteSeg, n: %d}}\n"


@functools.cache
def original(file: str) -> str:
    """The file's text on the branch main."""
    return (template("seg") / file).read_text()


def edited(file: str, more: str) -> dict[str, str]:
    """The file with another number and with more text at its end."""
    text = (
        original(file).replace("num_classes: 6", "num_classes: 7").replace("[160, 160]", "[96, 96]")
    )
    return {file: text + more}


def mapping(count: int, value: str = "1") -> str:
    return "\nextra:\n" + "".join(f"  k{i}: {value}\n" for i in range(count))


def heirs(count: int, text: str = HEIR) -> dict[str, str]:
    return {f"configs/h/h{i}.yml": text % i for i in range(count)}


CHANGES: dict[str, Callable[[], dict[str, str]]] = {
    "900,000 blank lines": lambda: edited(BASE, "\n" * 900_000),
    "lines that repeat": lambda: edited(
        BASE, "#  mode: train\n" * 50_000 + "    - type: Normalize\n" * 0
    ),
    "blank lines between comments": lambda: edited(BASE, "\n#\n" * 200_000),
    "every line of the file again": lambda: edited(
        BASE, "".join(f"#{line}\n" for line in original(BASE).split("\n")) * 500
    ),
    "a copy of the file in comments": lambda: edited(BASE, "\n" + "\n".join(["# x"] * 200_000)),
    "all lines reversed": lambda: {
        BASE: "\n".join(reversed((original(BASE) + "\n" * 100_000).split("\n")))
    },
    "a mapping of 60,000 keys": lambda: edited(BASE, mapping(60_000)),
    "a mapping of 60,000 keys and 150 heirs": lambda: edited(BASE, mapping(60_000)) | heirs(150),
    "heirs that change a large mapping": lambda: (
        edited(BASE, mapping(60_000)) | heirs(150, HEIR + "extra: {k0: 2}\n")
    ),
    "a list of 90,000 items": lambda: edited(BASE, "\nextra: [" + "1, " * 90_000 + "]\n"),
    "long keys": lambda: edited(
        BASE, "\nextra:\n" + "".join(f"  {'k' * 900}{i}: 1\n" for i in range(900))
    ),
    "deep keys": lambda: edited(BASE, "\nextra: " + "{a: " * 50 + "1" + "}" * 50 + "\n"),
    "deep long keys": lambda: edited(
        BASE, "\nextra: " + f"{{{'k' * 900}: " * 50 + "1" + "}" * 50 + "\n"
    ),
    "a large text": lambda: edited(BASE, "\nextra: '" + "x" * 900_000 + "'\n"),
    "a large text and 150 heirs": lambda: (
        edited(BASE, "\nextra: '" + "x" * 900_000 + "'\n") | heirs(150)
    ),
    "2000 new configs": lambda: heirs(2000),
    "2000 new configs of 20 kB": lambda: heirs(2000, HEIR + "note: " + "x" * 20_000 + "\n"),
    "2000 deleted lines": lambda: {CONFIG: "model: {type: PPLiteSeg}\n"},
    "an alias that expands": lambda: edited(
        BASE, "\na: &a {b: [" + "1, " * 300 + "]}\nextra: [" + "*a, " * 600 + "]\n"
    ),
    "an alias of a large text": lambda: edited(
        BASE, "\na: &a '" + "x" * 500_000 + "'\nextra: [" + "*a, " * 2000 + "]\n"
    ),
    "5000 recipes": lambda: {
        f"deploy/slim/act/configs/r{i}.yaml": "QuantPost:\n  batch_nums: 4\n" for i in range(5000)
    },
}


ALLOWED: dict[str, Callable[[], dict[str, str]]] = {
    "190,000 blank lines": lambda: edited(BASE, "\n" * 190_000),
    "lines that repeat, below the limit": lambda: edited(BASE, "#  mode: train\n" * 12_000),
    "9000 keys and 150 heirs": lambda: edited(BASE, mapping(9_000)) | heirs(150),
    "heirs that change 9000 keys": lambda: (
        edited(BASE, mapping(9_000)) | heirs(150, HEIR + "extra: {k0: 2}\n")
    ),
    "19,000 items and 150 heirs": lambda: (
        edited(BASE, "\nextra: [" + "1, " * 19_000 + "]\n") | heirs(150)
    ),
    "190 keys of 900 letters": lambda: (
        edited(BASE, "\nextra:\n" + "".join(f"  {'k' * 900}{i}: 1\n" for i in range(190)))
        | heirs(150)
    ),
    "a text of 190,000 letters and 150 heirs": lambda: (
        edited(BASE, "\nextra: '" + "x" * 190_000 + "'\n") | heirs(150)
    ),
    "an alias that expands to a million letters and 150 heirs": lambda: (
        edited(BASE, "\na: &a '" + "x" * 1000 + "'\nextra: [" + "*a, " * 990 + "]\n") | heirs(150)
    ),
    "500 configs of 190 kB": lambda: heirs(500, HEIR + "note: " + "x" * 190_000 + "\n"),
}
"""Changes of files just below the limit on one file."""


def attacks() -> Iterator[Attack]:
    """Each change as a stranger's pull request, planned."""
    for name, make in {**CHANGES, **ALLOWED}.items():
        command = (*PLAN, "--suite", "m.yml")
        yield Attack(name, command, lambda g, m=make: prepare(g, m), (0, 2), check=readable)
    for name, make in INHERITED.items():
        command = (*PLAN, "--suite", "m.yml")
        title = f"800 heirs of {name}"
        yield Attack(title, command, lambda g, m=make: inherit(g, m), (0, 2), check=readable)


INHERITED: dict[str, Callable[[], dict[str, str]]] = {
    "nothing": lambda: edited(BASE, ""),
    "9000 keys": lambda: edited(BASE, mapping(9_000)),
    "19,000 items": lambda: edited(BASE, "\nextra: [" + "1, " * 19_000 + "]\n"),
    "a text of 190,000 letters": lambda: edited(BASE, "\nextra: '" + "x" * 190_000 + "'\n"),
    "190 keys of 900 letters": lambda: edited(
        BASE, "\nextra:\n" + "".join(f"  {'k' * 900}{i}: 1\n" for i in range(190))
    ),
    "a long type": lambda: {
        BASE: original(BASE).replace("type: Dataset", "type: " + "x" * 190_000, 1)
    },
    "a long tag": lambda: edited(BASE, "\nextra: !" + "x" * 190_000 + " 1\n"),
    "a long base": lambda: {BASE: "_base_: " + "x" * 190_000 + "\n" + original(BASE)},
    "a long key that is wrong": lambda: edited(BASE, "\n" + "!" + "x" * 900 + ": 1\n"),
    "many wrong types": lambda: {
        BASE: original(BASE).replace("    - type: Normalize\n", "    - type: Nope\n" * 9000)
    },
    "a million letters": lambda: edited(
        BASE, "\na: &a '" + "x" * 1000 + "'\nextra: [" + "*a, " * 990 + "]\n"
    ),
}
"""Changes of one file from which 800 models inherit on both sides."""


def inherit(ground: Ground, make: Callable[[], dict[str, str]]) -> None:
    suite = copy_suite(ground, "seg")
    suite.commit(heirs(800, HEIR.replace("n: %d", "num_classes: %d")))
    suite.git("checkout", "-q", "-b", "change")
    request(ground, suite, suite.commit(make()))
    ground.write("m.yml", MANIFEST)


def prepare(ground: Ground, make: Callable[[], dict[str, str]]) -> None:
    change(ground, "seg", make())
    ground.write("m.yml", MANIFEST)


def readable(ground: Ground, ended: Ended) -> str | None:
    """What is wrong if the plan is larger than its readers take."""
    plan = ground.work / "out" / "plan.json"
    large = plan.exists() and plan.stat().st_size > MAX_JSON_BYTES
    return f"the plan has {plan.stat().st_size >> 20} MiB" if large else None
