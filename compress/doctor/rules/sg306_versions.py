"""Versions that do not fit together."""

from __future__ import annotations

from collections.abc import Iterator

from compress.doctor.rule import Example, Problem, Rule, Subject

FITTING = {"paddle": "2.6.2", "paddleslim": "2.6.0", "numpy": "1.26.4"}
KNOWN_TO_FIT = {((3, 2), (2, 6))}
"""Paddle and PaddleSlim that work together although their numbers differ: the runtime
``paddle-3.2.2-cpu``.
"""
HERE = {"name": "cpu-onednn-int8"}


def check(subject: Subject) -> Iterator[Problem]:
    """PaddleSlim against Paddle, NumPy against both, and Paddle 3.3 on CPU."""
    versions = subject.versions
    if versions is None or versions.paddle is None:
        return
    paddle = _numbers(versions.paddle)
    slim = _numbers(versions.paddleslim)[:2] if versions.paddleslim is not None else paddle[:2]
    if slim != paddle[:2] and (paddle[:2], slim) not in KNOWN_TO_FIT:
        yield Problem(
            f"PaddleSlim {versions.paddleslim} does not fit Paddle {versions.paddle}: "
            "their first two numbers must agree",
            (),
        )
    if versions.numpy is not None and _numbers(versions.numpy)[0] >= 2 and paddle < (3,):
        yield Problem(
            f"Paddle {versions.paddle} and the suites need NumPy 1; with NumPy {versions.numpy} "
            "the detection suite cannot be imported",
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
        "PaddleSlim calls Paddle's internals and follows its minor version. With PaddleSlim 2.4.1"
        " on Paddle 2.6.2 every training ends at the import (`paddle.fluid` is gone); PTQ, which "
        "is Paddle's own, runs. Paddle 3.2 trains with PaddleSlim 2.6 in the runtime "
        "`paddle-3.2.2-cpu` alone, whose workers bridge the difference. With NumPy 2 the detection "
        "suite cannot be imported (`np.sctypes` is gone)."
    ),
    remedy=(
        "Install what `requirements/cpu.txt` pins: paddlepaddle 2.6.2, paddleslim 2.6.0, "
        "numpy 1.26.4; or use another runtime (`slimgate runtime ls`)."
    ),
    check=check,
    example=Example(
        bad="QuantPost:\n  batch_nums: 10\n",
        good="QuantPost:\n  batch_nums: 10\n",
        bad_facts={"target": HERE, "versions": {**FITTING, "paddleslim": "2.4.1"}},
        good_facts={"target": HERE, "versions": FITTING},
    ),
)
