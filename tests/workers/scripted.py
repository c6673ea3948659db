"""Worker for tests: answers every request of making and measuring as the model's file says.

``model.pdmodel`` of such a model is JSON. Any key may be missing:
``name``, ``log``: each request is noted in the file ``log`` under that name;
``ops``: the answer to a proof;  ``ms``: of a run;  ``quality``: the share of correct pixels;
``crashes``: graph passes and kernels in which the process is killed unless they are left out;
``fails``: by request, the text of an error;
``dies_in_turn``: the turn in which the process is killed, of which warming up is the first;
``compressed``: the keys that compression changes;  ``quantised``: op types that it quantised;
``trained``: the keys in which the model before conversion differs, which is left, too;
``weights_misfit``: how the trained weights differ from the network;
``feeds``: shapes by input;  ``shapes``: the text of a file of collected shapes.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any, ClassVar

PASS_TRACE = "9   paddle::framework::ir::{name}::ApplyImpl(paddle::framework::ir::Graph*) const"
KERNEL_TRACE = "6   void phi::{name}Kernel<float, phi::OneDNNContext>(phi::OneDNNContext const&)"
PIXELS = 500
"""Of each of two classes in an image that ``tests.bench.conftest.label_images`` makes."""
PNG = b"\x89PNG\r\n\x1a\n drawn"


class Loaded:
    """The model that this process holds, and how many turns it has had."""

    script: ClassVar[dict[str, Any]] = {}
    turns = 0


def handle(request: dict[str, Any]) -> dict[str, Any]:
    """Answers by the request's form, which is that of a schema of bench or compress."""
    if "do" in request:
        answer = {"load": _load, "build": _build, "run": _run, "prove": _prove}[request["do"]]
        return answer(request)
    if "engine" in request:
        return _predict(request)
    if "before" in request:
        return _draw(request)
    if "sizes" in request or ("images" in request and "engine" not in request):
        return _collect(request)
    if "method" in request:
        return _compress(request)
    return _export(request) if "resolved" in request else _inspect(request)


def _enter(request: dict[str, Any], kind: str) -> dict[str, Any]:
    """Notes the request and does what the script says of crashing or failing."""
    engine = request.get("engine", request)
    script: dict[str, Any] = json.loads((Path(engine["model"]) / "model.pdmodel").read_text())
    left_out = _left_out(engine.get("calls", ()))
    built = engine.get("engines") and (Path(engine["engines"]) / "engine").read_text()
    _note(script, " ".join([kind, *left_out, *([f"engine of {built}"] if built else [])]))
    for name in script.get("crashes", ()):
        if name not in left_out and "engine" in request:
            _crash(name)
    if kind in script.get("fails", {}):
        raise ValueError(script["fails"][kind])
    return script


def _left_out(calls: Any) -> list[str]:
    """Graph passes and kernels that the calls leave out."""
    passes = [call["arguments"][0] for call in calls if call["method"] == "delete_pass"]
    sets = [argument for call in calls for argument in call["arguments"] if type(argument) is dict]
    return passes + [kernel for each in sets for kernel in each.get("without_kernels", ())]


def _note(script: dict[str, Any], text: str) -> None:
    if "log" in script:
        with open(script["log"], "a") as stream:
            stream.write(f"{script.get('name', '')} {text}\n")


def _crash(name: str) -> None:
    trace = PASS_TRACE if name.endswith("_pass") else KERNEL_TRACE
    print(trace.format(name=name.title().replace("_", "")), flush=True)
    sys.stdout.flush()
    os.kill(os.getpid(), signal.SIGABRT)


def _load(request: dict[str, Any]) -> dict[str, Any]:
    Loaded.script = _enter(request, "load")
    return {}


def _build(request: dict[str, Any]) -> dict[str, Any]:
    script = _enter(request, "build")
    (Path(request["out"]) / "engine").write_text(script["name"])
    return {}


def _run(request: dict[str, Any]) -> dict[str, Any]:
    script = Loaded.script
    Loaded.turns += 1
    if Loaded.turns == 1:
        _note(script, f"run {request['runs']}")
    if Loaded.turns == script.get("dies_in_turn"):
        os.kill(os.getpid(), signal.SIGKILL)
    return {"samples_ms": [script.get("ms", 2.4)] * request["runs"], "peak_memory_bytes": 2**20}


def _prove(request: dict[str, Any]) -> dict[str, Any]:
    script = _enter(request, "prove")
    return {"ops": script.get("ops", {"conv2d": [3, 4]}), "kernels": None}


def _predict(request: dict[str, Any]) -> dict[str, Any]:
    """Half of the pixels are of class 0, the others of class 1; beyond the quality all are 2."""
    import zlib

    script = _enter(request, "predict")
    maps = Path(request["out"]) / "maps"
    maps.mkdir()
    right = round(PIXELS * script.get("quality", 0.9))
    wrong = [2] * (PIXELS - right)
    size = (25).to_bytes(4, "little") + (40).to_bytes(4, "little")
    labels = size + bytes([0] * right + wrong + [1] * right + wrong)
    for number in range(len(request["images"])):
        (maps / f"{number}.z").write_bytes(zlib.compress(labels))
    return {"images": len(request["images"])}


def _draw(request: dict[str, Any]) -> dict[str, Any]:
    pictures = json.loads((Path(request["before"]) / "pictures.json").read_text())
    for name, text in pictures["files"].items():
        (Path(request["out"]) / name).write_bytes(PNG if text is None else text.encode())
    return {"pictures": pictures["pictures"]}


def _collect(request: dict[str, Any]) -> dict[str, Any]:
    script = _enter(request, "collect")
    _note(script, f"images {len(request.get('images', ()))}")
    Path(request["out"]).write_text(script["shapes"])
    return {}


def _export(request: dict[str, Any]) -> dict[str, Any]:
    script = request["resolved"]["model"]
    if "export" in script.get("fails", {}):
        raise ValueError(script["fails"]["export"])
    return _leave(Path(request["out"]), script)


def _compress(request: dict[str, Any]) -> dict[str, Any]:
    script = _enter(request, "compress")
    out = Path(request["out"])
    if "trained" in script:
        (out / "fake_quantised").mkdir()
        _leave(out / "fake_quantised", {**script, **script["trained"]})
    return _leave(out, {**script, **script.get("compressed", {})})


def _leave(out: Path, script: dict[str, Any]) -> dict[str, Any]:
    (out / "model.pdmodel").write_text(json.dumps(script))
    (out / "model.pdiparams").write_text("parameters")
    told = ("quantised", "remarks", "weights_misfit")
    made = {key: script[key] for key in told if key in script}
    return {**made, "graph": {"ops": {}, "variables": [], "candidates": [], "feeds": {}}}


def _inspect(request: dict[str, Any]) -> dict[str, Any]:
    script = _enter(request, "inspect")
    return {
        "nodes": [],
        "feeds": script.get("feeds", {"x": [1, 3, 8, 8]}),
        "ops": {"conv2d": 4},
        "quantised": script.get("quantised", []),
        "facts": {"ops": {"conv2d": 4}, "variables": [], "candidates": [], "feeds": {}},
    }
