"""Training that ends before its first evaluation."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject

DEFAULT_EVAL_ITER = 1000


def check(subject: Subject) -> Iterator[Problem]:
    """``eval_iter``, or its default, above ``train_iter``."""
    training = subject.section("TrainConfig") or {}
    total, interval = training.get("train_iter"), training.get("eval_iter", DEFAULT_EVAL_ITER)
    if isinstance(total, int) and isinstance(interval, int) and interval > total:
        where = ("TrainConfig", "eval_iter" if "eval_iter" in training else "train_iter")
        yield Problem(
            f"ACT evaluates every {interval} iterations, but training ends after {total}: it never "
            "evaluates and keeps the last weights, good or bad",
            where,
        )


RULE = Rule(
    code="SG112",
    name="never-evaluated",
    severity="note",
    stage="text",
    title="Training that ends before its first evaluation",
    why=(
        "ACT keeps the weights of the best evaluation. If `eval_iter` (by default 1000) exceeds "
        "the number of iterations, there is no evaluation, and `target_metric` is never checked. "
        "slimgate keeps the last weights in any case (docs/recipes.md)."
    ),
    remedy="Set `eval_iter` to a fraction of `train_iter`.",
    check=check,
    example=Example(
        bad=(
            "QuantAware:\n  weight_bits: 8\nDistillation:\n  loss: l2\n"
            "TrainConfig:\n  train_iter: 500\n  learning_rate: 0.001\n"
        ),
        good=(
            "QuantAware:\n  weight_bits: 8\nDistillation:\n  loss: l2\n"
            "TrainConfig:\n  train_iter: 500\n  eval_iter: 100\n  learning_rate: 0.001\n"
        ),
    ),
)
