"""Worker for tests: exports small networks and compresses them, many times in one process."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import paddle

from bench.deployment import Deployment
from bench.engines.targets import find_target
from compress.worker.requests import CompressRequest

SIZE, CHANNELS, CLASSES = 32, 8, 4
SHAPE = [1, 3, SIZE, SIZE]
SUITE = {"dialect": "paddleseg", "code": None, "data_dir": "data", "data": None}


class Network(paddle.nn.Layer):
    """Two convolutions with batch norm, one synchronised, a depthwise one, dropout, a head."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = paddle.nn.Conv2D(3, CHANNELS, 3, padding=1, bias_attr=False)
        self.norm = paddle.nn.BatchNorm2D(CHANNELS)
        self.depth = paddle.nn.Conv2D(CHANNELS, CHANNELS, 3, padding=1, groups=CHANNELS)
        self.body = paddle.nn.Conv2D(CHANNELS, 16, 1, bias_attr=False)
        self.body_norm = paddle.nn.SyncBatchNorm(16)
        self.dropout = paddle.nn.Dropout(0.1)
        self.head = paddle.nn.Conv2D(16, CLASSES, 1)

    def forward(self, x: Any) -> Any:
        x = paddle.nn.functional.relu(self.norm(self.stem(x)))
        x = paddle.nn.functional.relu(self.body_norm(self.body(self.depth(x))))
        return self.head(self.dropout(x))


class FeedForward(paddle.nn.Layer):
    """Patches, a feed-forward block as in ViT, another with a depthwise convolution as in
    SegFormer, and a head. Every other hidden unit of both is dead.
    """

    def __init__(self) -> None:
        super().__init__()
        self.patches = paddle.nn.Conv2D(3, 16, 8, stride=8)
        self.wide = paddle.nn.LayerList([paddle.nn.Linear(16, 64) for _ in range(2)])
        self.depth = paddle.nn.Conv2D(64, 64, 3, padding=1, groups=64)
        self.narrow = paddle.nn.LayerList([paddle.nn.Linear(64, 16) for _ in range(2)])
        self.head = paddle.nn.Linear(16, CLASSES)
        alive = paddle.to_tensor([[1.0], [0.0]] * 32)
        for layer in self.narrow:
            layer.weight.set_value(layer.weight * alive)

    def forward(self, x: Any) -> Any:
        x = self.patches(x).flatten(2).transpose([0, 2, 1])
        x = x + self.narrow[0](paddle.nn.functional.gelu(self.wide[0](x)))
        hidden = self.wide[1](x)
        batch = paddle.shape(hidden)[0]
        grid = hidden.transpose([0, 2, 1]).reshape([batch, 64, 4, 4])
        hidden = self.depth(grid).flatten(2).transpose([0, 2, 1])
        return self.head(x + self.narrow[1](paddle.nn.functional.gelu(hidden)))


class Branch(paddle.nn.Layer):
    """A convolution, and another one in a branch, as two-stage detectors have them."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = paddle.nn.Conv2D(3, CHANNELS, 3, padding=1)
        self.head = paddle.nn.Conv2D(CHANNELS, CHANNELS, 3, padding=1)

    def forward(self, x: Any) -> Any:
        x = paddle.nn.functional.relu(self.stem(x))
        return self.head(x) if paddle.max(x) > 0 else x * 2


class Computed(paddle.nn.Layer):
    """A convolution, and another one whose filter is computed, as SOLOv2 has them."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = paddle.nn.Conv2D(3, CHANNELS, 3, padding=1)

    def forward(self, x: Any) -> Any:
        x = paddle.nn.functional.relu(self.stem(x))
        filters = x.mean(axis=[2, 3]).unsqueeze([2, 3])
        return paddle.nn.functional.conv2d(x, filters)


class Biased(paddle.nn.Layer):
    """A convolution whose bias a batch norm follows, as in PaddleSeg, and a depthwise one with two
    outputs for each channel.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = paddle.nn.Conv2D(3, CHANNELS, 3, padding=1)
        self.norm = paddle.nn.BatchNorm2D(CHANNELS)
        self.wide = paddle.nn.Conv2D(CHANNELS, 2 * CHANNELS, 3, padding=1, groups=CHANNELS)
        self.head = paddle.nn.Conv2D(2 * CHANNELS, CLASSES, 1)
        self.stem.bias.set_value(paddle.linspace(-2.0, 2.0, CHANNELS))
        self.norm._mean.set_value(paddle.linspace(1.0, -1.0, CHANNELS))
        self.norm._variance.set_value(paddle.linspace(0.5, 2.0, CHANNELS))

    def forward(self, x: Any) -> Any:
        x = paddle.nn.functional.relu(self.norm(self.stem(x)))
        return self.head(self.wide(x))


class Flat(paddle.nn.Layer):
    """A convolution, and a one-dimensional one, as GINet and PointRend have them."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = paddle.nn.Conv2D(3, CHANNELS, 3, padding=1)
        self.line = paddle.nn.Conv1D(CHANNELS, CLASSES, 1)

    def forward(self, x: Any) -> Any:
        return self.line(paddle.nn.functional.relu(self.stem(x)).flatten(2))


class Overflowing(paddle.nn.Layer):
    """Two convolutions; between them everything is infinite for some images, but not for the first,
    as in SeaFormer with initial weights.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = paddle.nn.Conv2D(3, CHANNELS, 3, padding=1)
        self.head = paddle.nn.Conv2D(CHANNELS, CLASSES, 1)

    def forward(self, x: Any) -> Any:
        burst = paddle.exp(1e4 * (paddle.max(x) - 3.6))
        return self.head(paddle.nn.functional.relu(self.stem(x)) + burst)


class Distribution(paddle.nn.Layer):
    """A head as PP-YOLOE's: convolutions whose channels are reshaped, moved and normalised before
    the next convolution, which are its expectation; one that nothing of this concerns, ``free``.
    """

    def __init__(self) -> None:
        super().__init__()
        conv = paddle.nn.Conv2D
        self.free = conv(3, CHANNELS, 3, padding=1)
        self.norm = paddle.nn.BatchNorm2D(CHANNELS)
        self.boxes = conv(CHANNELS, 4 * 16, 1)
        self.expectation = conv(16, 1, 1, bias_attr=False)

    def forward(self, x: Any) -> Any:
        x = paddle.nn.functional.relu(self.norm(self.free(x)))
        boxes = self.boxes(x).reshape([-1, 4, 16, SIZE * SIZE]).transpose([0, 2, 3, 1])
        return self.expectation(paddle.nn.functional.softmax(boxes, axis=1))


class Mixed(paddle.nn.Layer):
    """Convolutions each of which is followed by something else before the next one, by name."""

    def __init__(self) -> None:
        super().__init__()
        conv = paddle.nn.Conv2D
        self.stem = conv(3, CHANNELS, 3, padding=1)
        self.grouped = conv(CHANNELS, CHANNELS, 1)
        self.group_norm = paddle.nn.GroupNorm(2, CHANNELS)
        self.layered = conv(CHANNELS, CHANNELS, 1)
        self.layer_norm = paddle.nn.LayerNorm(CHANNELS)
        self.attended = conv(CHANNELS, CHANNELS, 1)
        self.joined = conv(CHANNELS, CHANNELS, 1)
        self.split = conv(2 * CHANNELS, 2 * CHANNELS, 1)
        self.residual = conv(CHANNELS, CHANNELS, 1)
        self.tail = conv(CHANNELS, CHANNELS, 1)
        self.head = conv(CHANNELS, CLASSES, 1)

    def forward(self, x: Any) -> Any:
        x = self.grouped(paddle.nn.functional.relu(self.stem(x)))
        x = self.layered(self.group_norm(x))
        x = self.layer_norm(x.transpose([0, 2, 3, 1])).transpose([0, 3, 1, 2])
        x = paddle.nn.functional.softmax(self.attended(x), axis=1)
        x = paddle.concat([self.joined(x), x], axis=1)
        x = self.residual(paddle.split(self.split(x), 2, axis=1)[0])
        return self.head(paddle.nn.functional.relu(self.tail(x) + x))


class Repeating(paddle.nn.Layer):
    """A convolution whose outputs are concatenated with themselves."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = paddle.nn.Conv2D(3, CHANNELS, 3, padding=1)
        self.head = paddle.nn.Conv2D(3 * CHANNELS, CLASSES, 1)

    def forward(self, x: Any) -> Any:
        x = self.stem(x)
        return self.head(paddle.concat([x, x * 2, x], axis=1))


NETWORKS = {
    "repeating": Repeating,
    "distribution": Distribution,
    "mixed": Mixed,
    "biased": Biased,
    "convolutions": Network,
    "feed_forward": FeedForward,
    "branch": Branch,
    "computed": Computed,
    "flat": Flat,
    "overflowing": Overflowing,
}


def handle(request: dict[str, Any]) -> dict[str, Any]:
    """Requests by ``do``, with their further keys, and the keys of the answers.

    ``export`` (``network``, ``whole``) → ``model``; ``run`` (``model``) → ``output``; ``nodes``
    (``model``) → ``ours``, ``theirs``; ``effects`` (``model``) → those of ``count_effects`` and
    ``quantised``; ``shapes`` (``model``) → the shape of each parameter; ``ranges`` (``model``) →
    those of ``find_ranges``; ``prune`` (``model``, ``ratio``) → ``model``, ``units``; ``compress``
    (``model``, ``teacher``, ``method``, ``sections``, ``op_types``, ``quantises``) → the answer,
    with the folder as ``out``; ``count`` (``model``, ``op_types``, ``of``) → ``low``, ``every``:
    the number of convolutions, or of ops whose type contains ``of``, that run in int8, and of all;
    ``infer`` (``model``, ``target``, ``left_out``) → ``output`` of the engine.
    """
    if request["do"] == "export":
        paddle.disable_static()
        paddle.seed(0)
        return _export(
            NETWORKS[request.get("network", "convolutions")](), request.get("whole", False)
        )
    if request["do"] == "run":
        return {"output": _run(Path(request["model"]))}
    if request["do"] == "count":
        types = tuple(request["op_types"])
        return _count(Path(request["model"]), types, request.get("of", "conv"))
    if request["do"] == "infer":
        return {"output": _infer(request)}
    looks = {"effects": _effects, "shapes": _shapes, "nodes": _nodes, "ranges": _ranges}
    if request["do"] in looks:
        return looks[request["do"]](Path(request["model"]))
    if request["do"] == "prune":
        return _prune(Path(request["model"]), request["ratio"])
    from compress.in_worker import compress

    out = tempfile.mkdtemp(dir=".")
    common = {"suite": SUITE, "data_config": None, "shape": SHAPE, "seed": 0, "out": out}
    with (
        paddle.static.scope_guard(paddle.static.Scope()),
        paddle.utils.unique_name.guard(),
    ):
        content = {key: value for key, value in {**request, **common}.items() if key != "do"}
        made = compress.handle(CompressRequest.model_validate(content), lambda _: None)
    return {**made.model_dump(mode="json"), "out": str(Path(out).resolve())}


def _export(network: Any, whole: bool) -> dict[str, Any]:
    """``whole``: with the head's weights all zero, as freshly built heads have them."""
    from compress.in_worker.graph.exporting import install
    from compress.in_worker.layers import write_layers

    install()
    out = Path(tempfile.mkdtemp(dir="."))
    if whole:
        network.head.weight.set_value(paddle.zeros_like(network.head.weight))
    network.eval()
    spec = [paddle.static.InputSpec([None, *SHAPE[1:]], "float32", "x")]
    paddle.jit.save(paddle.jit.to_static(network, input_spec=spec), str(out / "model"))
    write_layers(network, out)
    paddle.enable_static()
    return {"model": str(out.resolve())}


def _run(model: Path) -> list[Any]:
    from compress.in_worker.graph.program import load_program

    loaded = load_program(model)
    image = np.random.default_rng(0).random(SHAPE, dtype=np.float32)
    (output,) = loaded.executor.run(
        loaded.program, feed={loaded.feeds[0]: image}, fetch_list=loaded.fetches
    )
    return list(output.ravel().astype(float))


def _infer(request: dict[str, Any]) -> list[Any]:
    from bench.in_worker.engine import load_model

    deployed = _deployment(
        Path(request["model"]),
        request["target"],
        ("conv2d", "fused_conv2d"),
        tuple(request.get("left_out", ())),
    )
    (output,) = load_model(deployed.configured(threads=1)).run(
        {"x": np.random.default_rng(0).random(SHAPE, dtype=np.float32)}
    )
    return list(output.ravel().astype(float))


def _deployment(
    model: Path, target: str, op_types: tuple[str, ...], left_out: tuple[str, ...] = ()
) -> Deployment:
    return Deployment(model, find_target(target), op_types, left_out, tuple(SHAPE))


def _nodes(model: Path) -> dict[str, Any]:
    from paddleslim.common.patterns import find_final_nodes

    from compress.in_worker.graph.program import load_program

    loaded = load_program(model)
    theirs = sorted(var.name() for var in find_final_nodes(loaded.program))
    return {"ours": loaded.distillation_nodes(), "theirs": theirs}


def _count(model: Path, op_types: tuple[str, ...], of: str) -> dict[str, Any]:
    from bench.in_worker.engine import load_model
    from bench.in_worker.proving import prove

    dump = Path(tempfile.mkdtemp(dir="."))
    deployed = _deployment(model, "cpu-onednn-int8", op_types)
    load_model(deployed.configured(threads=1), dump, save=True)
    counts, _ = prove(dump, deployed.target.engine.proof("int8"))
    pairs = [pair for name, pair in counts.items() if of in name]
    return {"low": sum(low for low, _ in pairs), "every": sum(every for _, every in pairs)}


def _effects(model: Path) -> dict[str, Any]:
    from compress.in_worker.graph.effects import count_effects, quantised_op_types
    from compress.in_worker.graph.program import load_program

    with paddle.static.scope_guard(paddle.static.Scope()):
        loaded = load_program(model)
        return {**count_effects(loaded), "quantised": quantised_op_types(loaded)}


def _ranges(model: Path) -> dict[str, Any]:
    from compress.in_worker.graph.ranges import find_ranges

    return find_ranges(model).model_dump(mode="json")


def _shapes(model: Path) -> dict[str, Any]:
    """The shape of each parameter."""
    from compress.in_worker.graph.program import load_program, parameters

    with paddle.static.scope_guard(paddle.static.Scope()):
        return {name: list(values.shape) for name, values in parameters(load_program(model))}


def _prune(model: Path, ratio: float) -> dict[str, Any]:
    """Removes hidden units, without training."""
    from compress.in_worker.graph.hidden_units import prune_hidden_units
    from compress.in_worker.graph.program import load_program, save_program

    out = Path(tempfile.mkdtemp(dir=".")).resolve()
    loaded = load_program(model)
    units = prune_hidden_units(loaded, ratio)
    save_program(loaded, out)
    return {"model": str(out), "units": list(units.values())}
