"""The files of a finished run, which a runner may have forged: plan, results, request."""

import copy
import functools
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.schema import write_json
from tests.attack.attack import Ground
from tests.bot.builders import make_plan, make_result

JOB = "m0.qat"
"""The job whose result is as it should be."""
Keys = tuple[str | int, ...]


@functools.cache
def pristine() -> tuple[dict[str, Any], dict[str, bytes]]:
    """A result as JSON with every optional part, and its files of statistics by name."""
    with tempfile.TemporaryDirectory() as folder:
        result = make_result(Path(folder))
        write_json(Path(folder) / "r.json", result)
        document = json.loads((Path(folder) / "r.json").read_text())
        files = {path.name: path.read_bytes() for path in (Path(folder) / JOB).iterdir()}
    variants = [_filled(variant) for variant in reversed(document["variants"])]
    return {**document, **OPTIONAL, "variants": variants}, files


OPTIONAL = {
    "pictures": [{"title": "an image", "panels": {"truth": f"{JOB}/a.png"}}],
    "stage_s": {"export": 1.0},
    "graph": {
        "ops": {"conv2d": 3},
        "variables": ["x"],
        "candidates": ["y"],
        "feeds": {"x": [1, 3, 8, 8]},
        "weights": 10,
        "layers": {"w": "conv.weight"},
        "integer_weights": ["w"],
        "vector_products": ["w"],
    },
}
KERNELS = {
    "total_ms": 4.0,
    "computing_ms": 2.0,
    "converting_ms": 1.0,
    "reference_ms": 0.5,
    "reference": 1,
}
DATA = {
    "images": 10,
    "calibration_sizes": [[8, 8]],
    "export_size": [8, 8],
    "fixed_size": [8, 8],
    "image_sizes": [[8, 8]],
    "training": ["mean"],
    "evaluation": ["mean"],
}


def _filled(variant: dict[str, Any]) -> dict[str, Any]:
    artifact = {**variant["artifact"], "losses": [1.0, 0.5], "data": DATA}
    proof = variant["proof"] and {**variant["proof"], "kernels": KERNELS}
    latency = {**variant["latency"], "rounds_ms": variant["latency"]["rounds_ms"][:3]}
    return {**variant, "artifact": artifact, "proof": proof, "latency": latency, "target": "t"}


@functools.cache
def plan(count: int) -> dict[str, Any]:
    """A plan with so many jobs, as JSON."""
    document: dict[str, Any] = json.loads(make_plan(count).model_dump_json(by_alias=True))
    return document


def lay_out(ground: Ground, results: list[dict[str, Any]], folder: str = "results") -> None:
    """Writes a plan, a request and the results: the pristine one for ``JOB``, then these, each for
    a job of its own. A result's ``job`` is kept if it was changed.
    """
    document, files = pristine()
    ground.write("plan.json", json.dumps(plan(len(results) + 1)))
    ground.write("request.json", json.dumps(REQUEST))
    for index, result in enumerate([document, *results]):
        job = f"m{index}.qat"
        named = {**result, "job": job} if result.get("job") == JOB else result
        text = json.dumps(named).replace(f'"{JOB}/', f'"{job}/')
        ground.write(f"{folder}/{job}.json", text)
        for name, content in files.items():
            ground.write(f"{folder}/{job}/{name}", content)


REQUEST = {
    "schema": "slimgate.request/1",
    "origin": "push",
    "number": 1,
    "base": "main",
    "head": "b" * 40,
    "base_commit": "a" * 40,
    "trusted_commit": "a" * 40,
    "runners": ["cpu"],
}


def leaves(value: Any, path: Keys = ()) -> Iterator[Keys]:
    """The paths of all values, of the first item only in lists."""
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list) and value:
        yield from leaves(value[0], (*path, 0))


def replaced(document: Any, path: Keys, value: Any) -> Any:
    """A copy of the document with another value at the path."""
    if not path:
        return value
    changed = copy.copy(document)
    changed[path[0]] = replaced(document[path[0]], path[1:], value)
    return changed
