"""Worker: a small network, and what PaddleSlim's own ACT makes of it by a recipe as it stands."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import paddle

from bench.deployment import Deployment
from bench.dynamic_shape.ranges import Size, parse_shape_ranges
from bench.engines.proof import MarkedOps
from bench.engines.targets import find_target
from bench.in_worker import collect_shapes
from bench.in_worker.engine import load_model
from bench.in_worker.proving import prove
from bench.requests import ShapesRequest
from bot.run.demo import make_repository
from compress.in_worker.graph.effects import count_effects
from compress.in_worker.graph.facts import read_graph_facts
from compress.in_worker.graph.feeds import synthetic_feeds
from compress.in_worker.graph.program import Program, load_program, read_feed_specs
from compress.in_worker.layers import read_layers, write_layers
from compress.recipes.parse import QUANTISING, parse_recipe
from compress.worker.requests import CompressRequest, SuiteRequest
from core.safe_yaml import parse_mapping
from examples.proofs.network import SIZE, Images, Network
from examples.scenarios import DEMOS


def handle(request: dict[str, Any]) -> dict[str, Any]:
    """``do``: ``export`` (``kind``, ``out``) → ``facts``; any other (``model``, ``recipe``, more by
    the case) → what it led to, or an ``error``.
    """
    if request["do"] == "export":
        return _export(request["kind"], Path(request["out"]))
    actions: dict[str, Callable[..., dict[str, Any]]] = {
        "act": _act,
        "slimgate": _slimgate,
        "engine": _engine,
        "infer": _infer,
        "draws": _draws,
        "tensorrt": _tensorrt,
        "shapes": _shapes,
        "manifest": _manifest,
    }
    try:
        return actions[request.pop("do")](**request)
    except Exception as error:  # noqa: BLE001  how it fails is the outcome
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"no message, {Path(place.filename).name}:{place.lineno}"
        said = str(error).strip().splitlines() or [where]
        return {"error": f"{type(error).__name__}: {said[-1].strip()[:90]}"}


def _export(kind: str, out: Path) -> dict[str, Any]:
    paddle.seed(0)
    network = Network(kind)
    network.train()
    for image in Images().images[:8]:
        network(paddle.to_tensor(image[None]))  # for batch norm
    network.eval()
    side = None if kind == "sized" else SIZE
    spec = [paddle.static.InputSpec([None, 3, side, side], "float32", "x")]
    paddle.jit.save(paddle.jit.to_static(network, input_spec=spec), str(out / "model"))
    write_layers(network, out)
    paddle.enable_static()
    facts = read_graph_facts(load_program(out), read_layers(out))
    return {"facts": facts.model_dump()}


def _act(model: str, recipe: str, seed: int = 0) -> dict[str, Any]:
    """The recipe by ``paddleslim.auto_compression`` alone, as the suites' scripts call it."""
    from paddleslim.auto_compression import AutoCompression

    paddle.enable_static()
    images, evaluations = Images(seed), []

    def evaluate(*_: Any) -> float:
        evaluations.append(1)
        return 0.77

    loader = paddle.io.DataLoader(
        images,
        places=[paddle.CPUPlace()],
        batch_size=2,
        return_list=True,
        drop_last=True,
        collate_fn=lambda batch: {"x": np.stack(batch)},
    )
    out = Path(tempfile.mkdtemp(dir=".")).resolve()
    compression = AutoCompression(
        model_dir=model,
        model_filename="model.pdmodel",
        params_filename="model.pdiparams",
        save_dir=str(out),
        config=recipe,
        train_dataloader=loader,
        eval_callback=evaluate,
        deploy_hardware="cpu",
    )
    compression.compress()
    made = max(out.rglob("*.pdmodel"), key=lambda file: file.stat().st_mtime).parent
    return {
        "strategies": compression._strategy,
        "images": images.read,
        "evaluations": len(evaluations),
        **_outcome(made, model),
    }


def _slimgate(model: str, recipe: str) -> dict[str, Any]:
    """The same by our own engine."""
    from compress.in_worker import compress

    parsed = parse_recipe(parse_mapping(Path(recipe).read_text(), recipe), recipe)
    (step,) = parsed.steps
    out = Path(tempfile.mkdtemp(dir=".")).resolve()
    suite = SuiteRequest(dialect="paddleseg", code=None, data_dir="data", data=None)
    request = CompressRequest(
        suite=suite,
        model=Path(model),
        teacher=Path(model),
        method=step.method,
        sections=step.sections,
        op_types=parsed.op_types,
        quantises=step.method in QUANTISING,
        data_config=None,
        shape=(1, 3, SIZE, SIZE),
        seed=0,
        out=out,
    )
    made = compress.handle(request, lambda _: None)
    return {
        "strategies": [step.method],
        "losses": made.curve.losses.get("loss", ()),
        **_outcome(out, model),
    }


def _engine(model: str, recipe: str, op_types: tuple[str, ...], by: str = "act") -> dict[str, Any]:
    """Compressed as the recipe says, and run in int8 by Paddle Inference with these op types."""
    made = (_act if by == "act" else _slimgate)(model, recipe)
    dump = Path(tempfile.mkdtemp(dir="."))
    output = _inferred(Path(made["model"]), "cpu-onednn-int8", op_types, dump)
    exact = _inferred(Path(model), "cpu-native-fp32")
    proof = find_target("cpu-onednn-int8").engine.proof("int8")
    assert isinstance(proof, MarkedOps)
    counts, _ = prove(dump, proof)
    convolutions = [numbers for name, numbers in counts.items() if "conv" in name]
    return {
        "int8": {name: low for name, (low, _) in counts.items() if low},
        "convolutions": [sum(numbers) for numbers in zip(*convolutions, strict=True)],
        "distance": _distance(output, exact),
    }


def _infer(model: str, recipe: str, target: str) -> dict[str, Any]:  # noqa: ARG001
    """The exported model as it is, on this target."""
    exact = _output(load_program(Path(model)))
    return {"distance": _distance(_inferred(Path(model), target), exact)}


def _tensorrt(model: str, recipe: str, target: str) -> dict[str, Any]:
    """Like ``_infer``, or by TensorRT, which this Paddle may lack."""
    version = paddle.inference.get_trt_compile_version()
    if target.startswith("cpu-"):
        return {**_infer(model, recipe, target), "tensorrt": version}
    config = paddle.inference.Config(f"{model}/model.pdmodel", f"{model}/model.pdiparams")
    try:
        config.enable_tensorrt_engine(precision_mode=paddle.inference.PrecisionType.Int8)
    except RuntimeError as error:
        return {"error": str(error).strip()[:90], "tensorrt": version}
    return {"tensorrt": version}


def _shapes(model: str, recipe: str, sizes: Sequence[Size], of: Sequence[Size]) -> dict[str, Any]:  # noqa: ARG001
    """The range that Paddle collects on images of ``sizes``, and which images ``of`` the data it
    lacks.
    """
    out = Path(tempfile.mkdtemp(dir=".")).resolve() / "shapes.pbtxt"
    request = ShapesRequest(model=Path(model), sizes=tuple(sizes), batch=1, out=out)
    collect_shapes.handle(request)
    collected = parse_shape_ranges(out.read_text(), str(out))["x"].sizes
    (low, left), (high, right) = collected
    lacking = [(h, w) for h, w in of if not (low <= h <= high and left <= w <= right)]
    return {"range": collected, "images": len(sizes), "lacking": lacking}


def _manifest(model: str, recipe: str) -> dict[str, Any]:  # noqa: ARG001
    """What ``slimgate plan`` says, where the file is a manifest."""
    repo = make_repository(DEMOS["seg"], Path(tempfile.mkdtemp(dir=".")).resolve())
    command = [sys.executable, "-m", "bot.cli", "plan", "--suite", recipe, "--repo", str(repo)]
    branches = ["--base", "main", "--head", DEMOS["seg"].scenarios[-1].name]
    ended = subprocess.run([*command, *branches], capture_output=True, text=True, check=False)
    if ended.returncode:
        return {"error": f"exit {ended.returncode}, {ended.stderr.strip().splitlines()[0]}"}
    return {"planned": ended.stdout.strip()}


def _draws(model: str, recipe: str) -> dict[str, Any]:
    """How far apart the outputs are after calibration on two draws of images."""
    section = parse_mapping(Path(recipe).read_text(), recipe)["QuantPost"]
    first, second = (np.array(_act(model, recipe, seed)["output"]) for seed in (1, 2))
    images = section["batch_nums"] * section["batch_size"]
    return {"images": images, "apart": _distance(first, second)}


def _inferred(
    model: Path, target: str, op_types: tuple[str, ...] = (), dump: Path | None = None
) -> Any:
    deployed = Deployment(model, find_target(target), op_types, (), (1, 3, SIZE, SIZE))
    loaded = load_model(deployed.configured(threads=1), dump, save=dump is not None)
    return loaded.run(synthetic_feeds(read_feed_specs(model), [1, 3, SIZE, SIZE], seed=7))[0]


def _distance(output: Any, exact: Any) -> float:
    """Of two outputs, relative to the second."""
    return float(np.linalg.norm(output - exact) / np.linalg.norm(exact))


def _outcome(folder: Path, model: str) -> dict[str, Any]:
    """``weights`` that are quantised by name, ``flops``; ``distance`` of outputs from those of the
    uncompressed model.
    """
    made = load_program(folder)
    block = made.program.global_block()
    counted = count_effects(made)
    after = _output(made)
    before = _output(load_program(Path(model)))  # its weights replace those of the same names
    return {
        "model": str(folder),
        "weights": sorted(
            name
            for op in block.ops
            if op.type == "dequantize_linear"
            for name in op.input("X")
            if block.var(name).persistable
        ),
        "flops": counted["flops"],
        "output": after.ravel().astype(float).tolist(),
        "distance": _distance(after, before),
    }


def _output(loaded: Program) -> Any:
    feeds = synthetic_feeds(loaded.feed_specs(), [1, 3, SIZE, SIZE], seed=7)
    (output,) = loaded.executor.run(loaded.program, feed=feeds, fetch_list=loaded.fetches)
    return output
