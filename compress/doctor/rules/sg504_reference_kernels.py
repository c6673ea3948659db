"""Ops that oneDNN computes by its slow reference kernels."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject

MUCH, LITTLE = 0.1, 0.01
OPS = {
    "softmax": ("softmax",),
    "reduction": ("reduce_mean", "reduce_sum", "reduce_max", "reduce_min"),
    "pooling": ("pool2d",),
    "resampling": ("bilinear_interp_v2", "nearest_interp_v2"),
    "layer_normalization": ("layer_norm",),
    "shuffle": ("shuffle_channel",),
}
"""Paddle's op types by oneDNN's name of the primitive that computes them. What oneDNN fuses with
convolutions is left out: additions, activations, batch norms.
"""
SLOW = {"result": {"fallbacks": {"reduction": 0.3, "softmax": 0.27}}}


def check(subject: Subject) -> Iterator[Problem]:
    """More than a tenth of the time in reference kernels of ops that Paddle can compute itself."""
    result, target = subject.result, subject.target
    assert result is not None
    if target is not None and not target.name.startswith("cpu-onednn"):
        return
    present = set(subject.graph.ops) if subject.graph else set()
    types_of = {
        name: [op for op in types if not present or op in present] for name, types in OPS.items()
    }
    shares = {
        name: share
        for name, share in result.fallbacks.items()
        if share >= LITTLE and types_of.get(name)
    }
    if sum(shares.values()) < MUCH:
        return
    slow = sorted(shares, key=lambda name: -shares[name])
    types = [op for name in slow for op in types_of[name]]
    told = ", ".join(f"{name} {shares[name]:.0%}" for name in slow)
    yield Problem(
        f"oneDNN's reference kernels take {sum(shares.values()):.0%} of its time ({told}): leave "
        f"{', '.join(types)} to Paddle's own kernels",
        (),
    )


RULE = Rule(
    code="SG504",
    name="reference-kernels",
    severity="note",
    stage="result",
    title="Ops that oneDNN computes by its reference kernels",
    why=(
        "Where oneDNN has no fast kernel for a shape or an axis, its reference kernel computes the "
        "op, on one element after the other. Paddle's own kernels are then faster: PP-YOLOE+_l in "
        "int8 takes 570 ms, and 356 with `softmax` and `reduce_mean` left to Paddle, 1.61× as fast "
        "[1.52, 1.68] (`slimgate bench`, 640×640, 2 threads, AMX)."
    ),
    remedy=(
        "Name the op types in the manifest, `targets: {cpu-onednn: {disable_ops: [softmax]}}`, and "
        "in deployment pass all others to `set_mkldnn_op`. `slimgate bench --target "
        "cpu-onednn-int8:-softmax` measures what that saves."
    ),
    check=check,
    example=Example(
        bad="QuantPost:\n  batch_nums: 10\n",
        good="QuantPost:\n  batch_nums: 10\n",
        bad_facts=SLOW,
        good_facts={"result": {"fallbacks": {"softmax": 0.02}}},
    ),
)
