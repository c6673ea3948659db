"""Ops that oneDNN computes by its slow reference kernels."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject

MUCH = 0.1
OPS = {
    "softmax": ("softmax",),
    "reduction": ("reduce_mean", "reduce_sum", "reduce_max", "reduce_min"),
    "pooling": ("pool2d",),
    "resampling": ("bilinear_interp_v2", "nearest_interp_v2"),
    "concat": ("concat",),
    "layer_normalization": ("layer_norm",),
    "batch_normalization": ("batch_norm",),
    "shuffle": ("shuffle_channel",),
    "eltwise": ("gelu", "hard_swish", "mish", "swish", "sigmoid"),
    "binary": ("elementwise_add", "elementwise_mul", "elementwise_sub"),
}
"""Paddle's op types by oneDNN's name of the primitive that computes them."""
SLOW = {"result": {"fallbacks": {"reduction": 0.3, "softmax": 0.27}}}


def check(subject: Subject) -> Iterator[Problem]:
    """More than a tenth of the time in reference kernels of ops that Paddle can compute itself."""
    result, target = subject.result, subject.target
    assert result is not None
    if target is not None and not target.name.startswith("cpu-onednn"):
        return
    shares = {name: share for name, share in result.fallbacks.items() if name in OPS}
    if sum(shares.values()) < MUCH:
        return
    present = set(subject.graph.ops) if subject.graph else set()
    slow = sorted(shares, key=lambda name: -shares[name])
    types = [op for name in slow for op in OPS[name] if not present or op in present]
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
        "op, on one element after the other. Paddle's own kernels are then faster. FIGURES"
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
