"""Manifests that people write into a suite, and the names that they hold."""

import json
from collections.abc import Iterator
from typing import Any

from tests.attack.attack import ANY, Attack, Ground
from tests.attack.finished import leaves, replaced
from tests.attack.suites import copy_suite, dump
from tests.attack.values import VALUES, some

MANIFEST: dict[str, Any] = {
    "schema": "slimgate.manifest/1",
    "suite": "s",
    "dialect": "paddleseg",
    "config_roots": ["configs"],
    "recipe_roots": ["deploy/slim/act/configs"],
    "data_dir": "data",
    "threads": 2,
    "max_jobs": 4,
    "gate": {"max_drop_vs_base_points": 0.5, "max_drop_vs_fp32_points": 1.0},
    "quick": {"train_iter": 10, "eval_images": 10, "latency_s": 1.0, "stage_timeout_s": 60.0},
    "default_recipe": {"name": "ptq", "file": "slimgate:ptq.yaml"},
    "models": [
        {
            "name": "PP-LiteSeg",
            "config": "configs/pp_liteseg/pp_liteseg_mobilenetv2_shapes_160x160.yml",
            "weights": {
                "url": "https://bj.bcebos.com/x.pdparams",
                "sha256": "0" * 64,
                "member": "a",
            },
            "input_shape": [1, 3, 160, 160],
            "recipes": [
                {
                    "name": "ptq",
                    "file": "deploy/slim/act/configs/pp_liteseg/pp_liteseg_ptq.yaml",
                    "delete_passes": ["x"],
                }
            ],
            "published": [{"recipe": "ptq", "accuracy_before_points": 77.0, "machine": "x"}],
        }
    ],
}
COMMANDS = {
    "lint": ("lint", "m.yml"),
    "plan": ("plan", "--suite", "m.yml", "--repo", "suite", "--base", "main", "--head", "benign"),
    "compress": ("compress", "--suite", "m.yml", "--repo", "suite", "--model", "x", "--out", "out"),
    "survey": (
        "survey",
        "--suite",
        "m.yml",
        "--repo",
        "suite",
        "--out",
        "out",
        "--configs",
        "none",
    ),
    "execute": (
        "execute",
        "--plan",
        "plan.json",
        "--suite",
        "m.yml",
        "--repo",
        "suite",
        "--out",
        "out",
    ),
}
PATHS = {
    "config": ("models", 0, "config"),
    "recipe": ("models", 0, "recipes", 0, "file"),
    "data config": ("models", 0, "recipes", 0, "data_config"),
    "default recipe": ("default_recipe", "file"),
    "config root": ("config_roots", 0),
    "recipe root": ("recipe_roots", 0),
    "data folder": ("data_dir",),
    "name": ("models", 0, "name"),
    "recipe name": ("models", 0, "recipes", 0, "name"),
    "suite": ("suite",),
    "dialect": ("dialect",),
    "address": ("models", 0, "weights", "url"),
    "member": ("models", 0, "weights", "member"),
}
TEXTS = (
    "../../outside/secret.txt",
    "/etc/passwd",
    "~/x",
    "a\0b",
    "configs/../../x",
    "configs\\..\\x",
    "",
    ".",
    "..",
    "-rf",
    "--upload-pack=touch CANARY",
    "a\nb",
    "\ud800",
    "slimgate:../../pyproject.toml",
    "slimgate:",
    "file:///etc/passwd",
    "http://169.254.169.254/",
    "https://bj.bcebos.com@evil.example/",
    "x" * 5000,
    "ſuite",
    "..x/a.yml",
)
EACH = 9
"""Texts that each place gets."""


def attacks() -> Iterator[Attack]:
    """Random changes for each command, and texts in every place of a path or name."""
    for seed in range(20):
        for name, command in COMMANDS.items():
            yield attack(f"random {seed}, {name}", command, shaken(seed))
    for number, (place, path) in enumerate(PATHS.items()):
        for text in some(number).sample(TEXTS, EACH):
            document = placed(path, text)
            yield attack(f"{place} {text[:30]!r}", COMMANDS["plan"], document, (0, 2))
    for seed in range(10):
        yield attack(f"sizes {seed}", COMMANDS["plan"], sized(seed))


def attack(name: str, command: tuple[str, ...], document: Any, codes=ANY) -> Attack:
    def prepare(ground: Ground) -> None:
        copy_suite(ground, "seg")
        text = json.dumps(document) if "\ud800" in json.dumps(document) else dump(document)
        ground.write("m.yml", text)
        ground.write("plan.json", "{}")

    return Attack(name, command, prepare, codes)


def placed(path, text: str) -> Any:
    """The manifest with the text at a path that may be new."""
    document = json.loads(json.dumps(MANIFEST))
    place = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = text
    return document


def shaken(seed: int) -> Any:
    """The manifest with one to three values replaced."""
    random, document = some(seed), MANIFEST
    for _ in range(random.randint(1, 3)):
        path = random.choice([path for path in leaves(document) if path])
        document = replaced(document, path, random.choice([*VALUES.values()]))
    return document


def sized(seed: int) -> Any:
    """The manifest with huge sizes and counts."""
    random = some(seed)
    huge = [2**31, 2**63, 10**18, 10**30]
    document = {**MANIFEST, "threads": random.choice(huge), "max_jobs": random.choice(huge)}
    return replaced(document, ("models", 0, "input_shape"), [random.choice(huge) for _ in range(4)])
