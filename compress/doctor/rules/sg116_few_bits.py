"""Bit widths without kernels."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject, edits_of

KERNEL_BITS = 8
KEYS = ("weight_bits", "activation_bits")


def check(subject: Subject) -> Iterator[Problem]:
    """Bit widths other than 8."""
    for name in ("QuantAware", "QuantPost"):
        for key in KEYS:
            bits = (subject.section(name) or {}).get(key)
            if isinstance(bits, int) and not isinstance(bits, bool) and bits != KERNEL_BITS:
                costs = "costs accuracy and is" if bits < KERNEL_BITS else "is"
                edits = edits_of(subject.recipe.replace((name, key), str(KERNEL_BITS)))
                yield Problem(
                    f"{key}: {bits} {costs} no faster: oneDNN and TensorRT compute in 8 bits"
                    f"{_refused(subject, name)}",
                    (name, key),
                    edits,
                )


def _refused(subject: Subject, name: str) -> str:
    """``PostTrainingQuantization`` asserts that both widths are the same."""
    section = subject.section(name) or {}
    weights, activations = (section.get(key, KERNEL_BITS) for key in KEYS)
    differ = name == "QuantPost" and weights != activations
    return "; after training, Paddle refuses widths that differ" if differ else ""


RULE = Rule(
    code="SG116",
    name="few-bits",
    severity="warning",
    stage="text",
    title="Bit widths without kernels",
    why=(
        "Weights of fewer bits are still stored and computed as int8. On slimgate's example suite"
        " `weight_bits: 4` instead of 8 costs PP-HumanSeg-Lite about 30 points of mIoU (`make"
        " check-accuracy`)."
    ),
    remedy="Use 8. `slimgate lint --fix` does so.",
    check=check,
    example=Example(
        bad="QuantAware:\n  weight_bits: 4\nDistillation:\n  loss: l2\n",
        good="QuantAware:\n  weight_bits: 8\nDistillation:\n  loss: l2\n",
    ),
)
