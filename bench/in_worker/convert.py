"""Worker: writes a model of Paddle's in OpenVINO's own form.

Two repairs make OpenVINO compute what Paddle does. Its reader refuses scales without dimensions,
which PaddleSlim's PTQ writes. It takes no notice of ``only_observer``, with which
``quantize_linear`` changes nothing and merely notes a range: without the repair every activation
would be rounded to int8, additions and all, at a loss of accuracy.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from bench.openvino_form import MODEL
from bench.requests import Converted, ConvertRequest
from compress.in_worker.graph.program import WEIGHTED_OPS, load_program, save_program

QUANTISE, DEQUANTISE = "quantize_linear", "dequantize_linear"
OBSERVES = "only_observer"
OLD_FORM = ("fake_quantize", "fake_dequantize", "fake_channel_wise_dequantize")


def handle(request: ConvertRequest) -> Converted:
    """Writes ``model.xml`` and ``model.bin``, with weights as they are. Raises ValueError for a
    model that PaddleSlim quantised in its old form.
    """
    import openvino

    loaded = load_program(request.model)
    block = loaded.program.global_block()
    if any(op.type.startswith(OLD_FORM) for op in block.ops):
        raise ValueError(
            "OpenVINO does not read how this model is quantised: "
            "set onnx_format: true in the recipe's section QuantAware or QuantPost"
        )
    give_scales_a_dimension(block)
    remove_observers(block)
    save_program(loaded, Path())
    model = openvino.Core().read_model("model.pdmodel")
    openvino.save_model(model, request.out / MODEL, compress_to_fp16=False)
    return Converted()


def give_scales_a_dimension(block: Any) -> None:
    """Makes scales of shape [1] from those of shape []."""
    import paddle

    scope = paddle.static.global_scope()
    names = {op.input("Scale")[0] for op in block.ops if op.type in (QUANTISE, DEQUANTISE)}
    for name in names:
        tensor = scope.find_var(name).get_tensor()
        value = np.array(tensor)
        if value.ndim == 0 or not block.var(name).shape:
            tensor.set(value.reshape(1), paddle.CPUPlace())
            block.var(name).desc.set_shape([1])


def remove_observers(block: Any) -> None:
    """Has the ops that read a tensor behind an observer read the one before it, except for those
    with weights: Paddle quantises their inputs by the range that was noted.
    """
    before: dict[str, str] = {}
    for op in block.ops:
        if op.type == QUANTISE and _observes(op):
            name = op.input("X")[0]
            before[op.output("Y")[0]] = before.get(name, name)
        elif op.type == DEQUANTISE and op.input("X")[0] in before:
            before[op.output("Y")[0]] = before[op.input("X")[0]]
    for op in block.ops:
        if op.type not in (QUANTISE, DEQUANTISE, *WEIGHTED_OPS):
            for name in set(op.input_arg_names).intersection(before):
                op._rename_input(name, before[name])


def _observes(op: Any) -> bool:
    return bool(op.has_attr(OBSERVES) and op.attr(OBSERVES))
