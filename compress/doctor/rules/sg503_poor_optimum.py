"""Training that ended worse than it began."""

from __future__ import annotations

from collections.abc import Iterator

from compress.artifacts.training_log import fell_into_poor_optimum, final_loss, lowest_at_first
from compress.doctor.rule import Example, Problem, Rule, Subject

RISING = tuple(0.1 + 0.01 * step for step in range(40))


def check(subject: Subject) -> Iterator[Problem]:
    """Quantisation-aware training whose losses meet ``fell_into_poor_optimum``."""
    assert subject.result is not None
    losses = subject.result.losses
    if subject.section("QuantAware") is not None and fell_into_poor_optimum(losses):
        yield Problem(
            f"the loss rose from {lowest_at_first(losses):.3g} to "
            f"{final_loss(losses):.3g} while training: a poor optimum; run again from scratch",
            ("TrainConfig", "learning_rate")
            if "learning_rate" in (subject.section("TrainConfig") or {})
            else (),
        )


RULE = Rule(
    code="SG503",
    name="poor-optimum",
    severity="warning",
    stage="result",
    title="Training that ended worse than it began",
    why=(
        "Quantisation-aware training sometimes falls into a poor optimum. Continuing from there "
        "does not help; the suites' own advice is to start again from the uncompressed model."
    ),
    remedy=(
        "slimgate starts again itself, once, with another seed, and keeps the better run. If that"
        " ends the same way, lower `learning_rate`."
    ),
    check=check,
    example=Example(
        bad="QuantAware:\n  weight_bits: 8\nDistillation:\n  loss: l2\n",
        good="QuantAware:\n  weight_bits: 8\nDistillation:\n  loss: l2\n",
        bad_facts={"result": {"losses": RISING}},
        good_facts={"result": {"losses": tuple(reversed(RISING))}},
    ),
)
