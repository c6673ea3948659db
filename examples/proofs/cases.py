"""What each rule says, as an experiment: a recipe with the defect, the mended one, and what to see.

``{node}`` stands for the network's last convolution. All recipes are run by PaddleSlim's own ACT.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bench.dynamic_shape.ranges import extreme_sizes
from compress.doctor.facts import DataFacts, ResultFacts, TargetFacts
from compress.doctor.rules import find_rule
from examples.proofs.accuracy import COSTS
from examples.proofs.suites import FAILURES

Outcome = dict[str, Any]
Claim = Callable[[Outcome, Outcome], bool]
TRAIN = (
    "TrainConfig: {train_iter: 3, learning_rate: 0.001, "
    "optimizer_builder: {optimizer: {type: SGD}}}\n"
)
QAT = "QuantAware: {quantize_op_types: [conv2d, depthwise_conv2d]}\n"
DISTIL = "Distillation: {loss: l2, alpha: 1.0}\n"
PTQ = "QuantPost: {batch_nums: 4, batch_size: 2, quantize_op_types: [conv2d, depthwise_conv2d]}\n"


INT8, CONVS = "cpu-onednn-int8", ("conv2d", "fused_conv2d", "depthwise_conv2d")
SIZES = tuple((2 * h, 2 * w) for h, w in np.random.default_rng(0).integers(8, 32, (40, 2)).tolist())
"""Heights and widths of forty images; even, since the network halves them."""
TWO_NAMES = "prune_params_name: [conv2d_0.w_0, conv2d_2.w_0]"
LONG = TRAIN.replace("train_iter: 3", "train_iter: 40").replace("0.001", "RATE")


@dataclass(frozen=True)
class Case:
    """``claim`` judges both outcomes; ``said``: in words. ``kind`` of network and what to ``do``:
    see the worker; ``bad_more`` and ``good_more`` go to it besides. ``facts``: what the doctor
    knows of an outcome, beside the exported graph. ``stays``: it also says so where slimgate
    mended the model.
    """

    code: str
    bad: str
    good: str
    said: str
    claim: Claim
    kind: str = "plain"
    do: str = "act"
    stays: bool = False
    bad_more: Outcome = field(default_factory=dict)
    good_more: Outcome = field(default_factory=dict)
    facts: Callable[[Outcome, Outcome], Outcome] = lambda *_: {}


def fails(bad: Outcome, good: Outcome) -> bool:
    """The defect ends in an error, the mended recipe in a model."""
    return "error" in bad and "error" not in good


def both(claim: Claim) -> Claim:
    """A claim about two recipes that both end in a model."""
    return lambda bad, good: "error" not in bad and "error" not in good and claim(bad, good)


def post(**settings: Any) -> str:
    """A ``QuantPost`` section with these settings besides."""
    items = {"batch_nums": 4, "batch_size": 2, **settings}
    inner = ", ".join(f"{key}: {value}" for key, value in items.items() if value is not None)
    return f"QuantPost: {{{inner}}}\n"


def train(**settings: Any) -> str:
    """A ``TrainConfig`` with these settings besides."""
    inner = "".join(f", {key}: {value}" for key, value in settings.items())
    return TRAIN.rstrip("}\n") + "}}" + inner + "}\n"


def gradual(**schedule: int) -> str:
    """An ``UnstructurePrune`` section with this schedule."""
    items = {"stable_iterations": 0, "tunning_iterations": 10, "resume_iteration": -1, **schedule}
    inner = "".join(f"{key}: {value}, " for key, value in items.items())
    return (
        "UnstructurePrune: {prune_strategy: gmp, ratio: 0.5, prune_params_type: null, "
        f"gmp_config: {{{inner}initial_ratio: 0.15}}}}\n"
    )


CASES = (
    Case("SG100", "QuantPost:\n  batch_nums: 4\n batch_size: 2\n", post(), "an error", fails),
    Case(
        "SG101",
        "QuantAwares: {weight_bits: 8}\n" + DISTIL + TRAIN,
        QAT + DISTIL + TRAIN,
        "nothing is quantised, and nothing says so",
        both(lambda bad, good: not bad["weights"] and bool(good["weights"])),
    ),
    Case("SG102", post(bias_correct="true"), post(bias_correction="true"), "an error", fails),
    Case("SG103", post(algo="KLD"), post(algo="avg"), "an error", fails),
    Case(
        "SG104",
        QAT + DISTIL + TRAIN.replace("0.001", "1e-4"),
        QAT + DISTIL + TRAIN.replace("0.001", "0.0001"),
        "an error",
        fails,
    ),
    Case("SG105", post(recon_level="None"), post(recon_level="null"), "an error", fails),
    Case(
        "SG106",
        QAT + "Distillation: {loss: l2, node: ['{node}'], alpha: 1}\n" + TRAIN,
        QAT + "Distillation: {loss: l2, node: ['{node}'], alpha: 1.0}\n" + TRAIN,
        "an error",
        fails,
    ),
    Case("SG107", TRAIN, PTQ + TRAIN, "an error, or a method of ACT's choice", fails),
    Case("SG108", QAT + TRAIN, QAT + DISTIL + TRAIN, "an error without words", fails),
    Case(
        "SG109",
        QAT + DISTIL + PTQ + TRAIN,
        QAT + DISTIL + TRAIN,
        "one of the two is dropped",
        lambda bad, _: "error" in bad or len(bad["strategies"]) < 2,
    ),
    Case(
        "SG110",
        post(skip_tensor_list="[conv2d_0.w_0, x]"),
        post(skip_tensor_list="[conv2d_0.w_0, x]", recon_level="layer-wise", epochs=1),
        "the tensor is quantised all the same",
        both(lambda bad, _: "conv2d_0.w_0" in bad["weights"]),
    ),
    Case(
        "SG111",
        QAT + "Distillation: {node: [['teacher_{node}', '{node}'], ['teacher_{node}', '{node}']], "
        "loss: [l2], alpha: [1.0, 0.5]}\n" + TRAIN,
        QAT + "Distillation: {node: [['teacher_{node}', '{node}'], ['teacher_{node}', '{node}']], "
        "loss: [l2, soft_label], alpha: [1.0, 0.5]}\n" + TRAIN,
        "an error",
        fails,
    ),
    Case(
        "SG112",
        QAT + DISTIL + TRAIN,
        QAT + DISTIL + train(eval_iter=1),
        "no evaluation while training",
        both(lambda bad, good: bad["evaluations"] < good["evaluations"]),
    ),
    Case(
        "SG113",
        "QuantAware: {for_tensorrt: true, quantize_op_types: [conv2d]}\n" + DISTIL + TRAIN,
        "QuantAware: {quantize_op_types: [conv2d]}\n" + DISTIL + TRAIN,
        "the depthwise convolution is quantised, too",
        both(lambda bad, good: "conv2d_1.w_0" in set(bad["weights"]) - set(good["weights"])),
    ),
    Case(
        "SG114",
        PTQ + "HyperParameterOptimization: {ptq_algo: [avg], bias_correct: [true], "
        "hist_percent: [0.999], batch_num: [4]}\n",
        PTQ,
        "an error",
        fails,
    ),
    Case(
        "SG115",
        post(batch_nums=None, algo="avg"),
        post(batch_nums=4, algo="avg"),
        "all of the training data is read",
        both(lambda bad, good: bad["images"] > 2 * good["images"]),
    ),
    Case(
        "SG117",
        QAT + DISTIL + train(origin_metric=77.0),
        QAT + DISTIL + train(origin_metric=0.77),
        "an error",
        fails,
    ),
    Case(
        "SG118",
        "QuantPost:\n  batch_nums: 4\n  batch_size: 2\n  quantize_op_types: [conv2d]\n"
        "  quantize_op_types: [depthwise_conv2d]\n",
        post(quantize_op_types="[conv2d]"),
        "the first is lost without a word",
        both(lambda bad, good: bad["weights"] != good["weights"]),
    ),
    Case(
        "SG119",
        "QuantAware: {quantize_op_types: [conv2d, depthwise_conv]}\n" + DISTIL + TRAIN,
        QAT + DISTIL + TRAIN,
        "an error",
        fails,
    ),
    Case(
        "SG120",
        find_rule("SG120").example.bad,  # type: ignore[union-attr]
        find_rule("SG120").example.good,  # type: ignore[union-attr]
        "nothing is planned",
        lambda bad, good: bad.get("error", "").startswith("exit 2") and "error" not in good,
        do="manifest",
    ),
    Case(
        "SG122",
        "QuantAware:\nquantize_op_types: [conv2d]\n" + DISTIL + TRAIN,
        "QuantAware:\n  quantize_op_types: [conv2d]\n" + DISTIL + TRAIN,
        "the key is ignored: other op types are quantised, too",
        both(lambda bad, good: bool(set(bad["weights"]) - set(good["weights"]))),
    ),
    Case(
        "SG123",
        QAT + DISTIL + TRAIN.replace("0.001", "{type: CosineAnnealingDecay, learning_rate: 0.001}"),
        QAT
        + DISTIL
        + TRAIN.replace("0.001", "{type: CosineAnnealingDecay, learning_rate: 0.001, T_max: 3}"),
        "an error",
        fails,
    ),
    Case(
        "SG124",
        QAT + DISTIL + TRAIN.replace("{type: SGD}", "{type: AdamW}"),
        QAT + DISTIL + TRAIN.replace("{type: SGD}", "{type: AdamW}, weight_decay: 0.01"),
        "an error",
        fails,
    ),
    Case(
        "SG125",
        f"ChannelPrune: {{pruned_ratio: [0.5], {TWO_NAMES}}}\n" + DISTIL + TRAIN,
        f"ChannelPrune: {{pruned_ratio: [0.5, 0.5], {TWO_NAMES}}}\n" + DISTIL + TRAIN,
        "an error, or a parameter that keeps its channels",
        lambda bad, good: "error" in bad or bad["flops"] > good.get("flops", bad["flops"]),
    ),
    Case(
        "SG126",
        gradual(pruning_iterations=20, pruning_steps=2) + DISTIL + LONG.replace("RATE", "0.001"),
        gradual(pruning_iterations=22, pruning_steps=2) + DISTIL + LONG.replace("RATE", "0.001"),
        "an error",
        fails,
    ),
    Case(
        "SG130",
        QAT
        + "Distillation: {loss: l2, node: ['teacher_{node}', '{node}', 'teacher_{node}']}\n"
        + TRAIN,
        QAT + "Distillation: {loss: l2, node: ['teacher_{node}', '{node}']}\n" + TRAIN,
        "an error",
        fails,
    ),
    Case(
        "SG201",
        QAT + "Distillation: {loss: l2, node: [conv2d_9.tmp_9], alpha: 1.0}\n" + TRAIN,
        QAT + "Distillation: {loss: l2, node: ['{node}'], alpha: 1.0}\n" + TRAIN,
        "an error",
        fails,
    ),
    Case(
        "SG202",
        post(quantize_op_types="[mul]"),
        post(quantize_op_types="[conv2d]"),
        "nothing is quantised",
        lambda bad, _: "error" in bad or not bad["weights"],
    ),
    Case(
        "SG205",
        post(quantize_op_types="[conv2d, matmul_v2]"),
        post(quantize_op_types="[conv2d]"),
        "an error",
        fails,
        kind="vector",
    ),
    Case(
        "SG206",
        "QuantAware: {not_quant_pattern: [lastconv]}\n" + DISTIL + TRAIN,
        "QuantAware: {not_quant_pattern: [last_conv]}\n" + DISTIL + TRAIN,
        "the layer is quantised all the same",
        both(lambda bad, good: "conv2d_3.w_0" in set(bad["weights"]) - set(good["weights"])),
        do="slimgate",
    ),
    Case(
        "SG207",
        "ChannelPrune: {pruned_ratio: 0.5, prune_params_name: [conv2d_9.w_0]}\n" + DISTIL + TRAIN,
        "ChannelPrune: {pruned_ratio: 0.5, prune_params_name: [conv2d_0.w_0]}\n" + DISTIL + TRAIN,
        "nothing is pruned",
        lambda bad, good: "error" in bad or bad["flops"] > good.get("flops", bad["flops"]),
    ),
    Case(
        "SG204",
        post(quantize_op_types="[depthwise_conv2d]"),
        post(quantize_op_types="[depthwise_conv2d]"),
        "upstream's model fails to load in int8, ours runs",
        fails,
        kind="whole",
        do="engine",
        stays=True,
        bad_more={"op_types": ("conv2d", "fused_conv2d", "depthwise_conv2d")},
        good_more={"op_types": ("conv2d", "fused_conv2d", "depthwise_conv2d"), "by": "slimgate"},
    ),
    Case(
        "SG301",
        post(quantize_op_types="[conv2d, depthwise_conv2d]"),
        post(quantize_op_types="[conv2d, depthwise_conv2d, pool2d]"),
        "an op runs in int8 that the recipe leaves in fp32",
        both(lambda bad, _: "pool2d" in bad["int8"]),
        do="engine",
        bad_more={"op_types": (*CONVS, "pool2d")},
        good_more={"op_types": (*CONVS, "pool2d")},
        facts=lambda _, more: {"target": TargetFacts(INT8, more["op_types"])},
    ),
    Case(
        "SG304",
        PTQ,
        PTQ,
        "an error, where Paddle is built without TensorRT",
        fails,
        do="tensorrt",
        bad_more={"target": "gpu-trt-int8"},
        good_more={"target": "cpu-onednn-fp32"},
        facts=lambda outcome, more: {
            "target": TargetFacts(more["target"], tensorrt=tuple(outcome["tensorrt"]))
        },
    ),
    Case(
        "SG302",
        PTQ,
        PTQ,
        "fewer convolutions run in int8",
        both(lambda bad, good: bad["convolutions"][0] < good["convolutions"][0]),
        do="engine",
        bad_more={"op_types": ("conv2d", "depthwise_conv2d")},
        good_more={"op_types": CONVS},
        facts=lambda _, more: {"target": TargetFacts(INT8, more["op_types"])},
    ),
    Case(
        "SG401",
        PTQ,
        PTQ,
        "the range that Paddle collects lacks images of the data",
        both(lambda bad, good: bool(bad["lacking"]) and not good["lacking"]),
        kind="sized",
        do="shapes",
        bad_more={"sizes": SIZES[:1], "of": SIZES},
        good_more={"sizes": extreme_sizes(SIZES), "of": SIZES},
        facts=lambda outcome, more: {
            "target": TargetFacts(
                "gpu-trt-int8",
                shape_range=tuple(tuple(size) for size in outcome["range"]),  # type: ignore[arg-type]
            ),
            "data": DataFacts(dynamic_shape=True, image_sizes=extreme_sizes(more["of"])),
        },
    ),
    Case(
        "SG402",
        post(batch_nums=1),
        post(batch_nums=32),
        "two draws of images lead further apart",
        both(lambda bad, good: bad["apart"] > good["apart"]),
        do="draws",
        facts=lambda outcome, _: {"data": DataFacts(images=outcome["images"])},
    ),
    Case(
        "SG503",
        QAT + DISTIL + LONG.replace("RATE", "0.5"),
        QAT + DISTIL + LONG.replace("RATE", "0.001"),
        "the loss is higher at the end",
        both(lambda bad, good: bad["losses"][-1] > good["losses"][-1]),
        do="slimgate",
        facts=lambda outcome, _: {"result": ResultFacts(losses=tuple(outcome.get("losses", ())))},
    ),
    Case(
        "SG604",
        PTQ,
        PTQ,
        "the engine crashes, and another does not",
        fails,
        kind="unbiased",
        do="infer",
        bad_more={"target": "cpu-onednn-fp32"},
        good_more={"target": "cpu-native-fp32"},
        facts=lambda outcome, _: {"failure": outcome.get("failure")},
    ),
)

TRAINED = "on trained models: make check-accuracy"
SUITES = "on the suites' own models: make check-suites"
ELSEWHERE = {
    "SG127": "an error of the detection suite's own script at its first evaluation",
    "SG128": "follows from the formula of the loss (its test)",
    "SG129": "follows from PaddleSlim's source: what its search needs hardly installs (its test)",
    "SG303": "a matter of latency: make check-upstream",
    "SG305": "a matter of latency on RT-DETR-L: make check-upstream",
    "SG307": "a matter of TensorRT on a GPU; the ranges themselves: test_ranges.py",
    "SG501": "a matter of latency: make check-upstream",
    "SG504": "a matter of latency: slimgate bench (docs/int8.md)",
    **{failure.code: SUITES for failure in FAILURES},
    **{cost.code: TRAINED for cost in COSTS},
}
"""Rules that no run of this small network can prove, and what does, if anything."""
