"""Accuracy near chance."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject

MARGIN = 0.02


def check(subject: Subject) -> Iterator[Problem]:
    """Accuracy before or after compression that is not better than ignoring the image."""
    result = subject.result
    assert result is not None
    for name, value in (
        ("fp32", result.accuracy_before),
        ("compressed", result.accuracy_after),
    ):
        if value is not None and value < result.chance + MARGIN:
            yield Problem(
                f"{name} reaches {100 * value:.2f} points, no better than ignoring the image "
                f"({100 * result.chance:.2f})",
                (),
            )
            return


RULE = Rule(
    code="SG502",
    name="near-chance",
    severity="error",
    stage="result",
    title="Accuracy near chance",
    why=(
        "A baseline near chance makes every comparison pass: Paddle's own test of int8 models "
        "took an mAP of 0.0085 for normal. If fp32 is near chance, the weights or the labels are "
        "wrong; if only the compressed model is, training diverged or a range was lost."
    ),
    remedy="Check weights, class count and labels; then run the compression again from scratch.",
    check=check,
    example=Example(
        bad="QuantPost:\n  batch_nums: 10\n",
        good="QuantPost:\n  batch_nums: 10\n",
        bad_facts={"result": {"accuracy_before": 0.0085, "accuracy_after": 0.0085}},
        good_facts={"result": {"accuracy_before": 0.29, "accuracy_after": 0.288}},
    ),
)
