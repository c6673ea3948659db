"""Versions that do not fit together."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject

FITTING = {"paddle": "2.6.2", "paddleslim": "2.6.0", "numpy": "1.26.4"}
HERE = {"name": "cpu-onednn-int8"}


def check(subject: Subject) -> Iterator[Problem]:
    """PaddleSlim against Paddle, NumPy against both, Paddle 3.3 on CPU."""
    have = subject.versions
    if have is None or have.paddle is None:
        return
    paddle = _numbers(have.paddle)
    if have.paddleslim is not None and _numbers(have.paddleslim)[:2] != paddle[:2]:
        yield Problem(
            f"PaddleSlim {have.paddleslim} does not fit Paddle {have.paddle}: their first two "
            "numbers have to agree",
            (),
        )
    if have.numpy is not None and _numbers(have.numpy)[0] >= 2 and paddle < (3,):
        yield Problem(
            f"Paddle {have.paddle} and the suites are of NumPy 1's time, not of {have.numpy}'s: "
            "PaddleDetection cannot be imported with it",
            (),
        )
    if paddle[:2] == (3, 3):
        yield Problem("inference with oneDNN is broken in Paddle 3.3 (Paddle#77340, #79749)", ())


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


RULE = Rule(
    code="SG306",
    name="versions",
    severity="error",
    stage="target",
    title="Versions that do not fit together",
    why=(
        "PaddleSlim calls Paddle's internals and follows its minor version. With PaddleSlim 2.4.1 "
        "on Paddle 2.6.2 every training ends at the import (`paddle.fluid` is gone); PTQ, which "
        "is Paddle's own, runs. With NumPy 2 PaddleDetection's imports fail (`np.sctypes` is gone)."
    ),
    remedy=(
        "Install what `requirements/cpu.txt` pins: paddlepaddle 2.6.2, paddleslim 2.6.0, "
        "numpy 1.26.4."
    ),
    check=check,
    example=Example(
        bad="QuantPost:\n  batch_nums: 10\n",
        good="QuantPost:\n  batch_nums: 10\n",
        bad_facts={"target": HERE, "versions": {**FITTING, "paddleslim": "2.4.1"}},
        good_facts={"target": HERE, "versions": FITTING},
    ),
)
