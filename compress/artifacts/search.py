"""Searches the settings of post-training quantisation: Optuna proposes, PaddleSlim quantises.

ACT's own search hardly installs, forgets its best model, and cannot go on after an interruption
(docs/recipes.md). Here every trial is an artifact in the store and the proposals follow from a
fixed seed, so that a search that was stopped finds its trials again.
"""

from __future__ import annotations

import itertools
import json
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from compress.methods.ptq import HyperParameterOptimization
from core.errors import JobFailure

if TYPE_CHECKING:
    import optuna

Quantise = Callable[[dict[str, Any]], Any]
"""Makes the artifact of a QuantPost section; raises JobFailure."""
KEYS = {
    "ptq_algo": "algo",
    "bias_correct": "bias_correction",
    "weight_quantize_type": "weight_quantize_type",
    "hist_percent": "hist_percent",
    "batch_num": "batch_nums",
}
"""The keys of HyperParameterOptimization by those of QuantPost that they search."""


@dataclass(frozen=True)
class Trial:
    """One proposal: the settings, what came of it, and its value (None if it failed)."""

    settings: dict[str, Any]
    artifact: Any
    value: float | None
    failure: str = ""


def search_ptq(
    base: dict[str, Any],
    space: dict[str, Any],
    quantise: Quantise,
    judge: Callable[[Any], float],
    clock: Callable[[], float] = time.monotonic,
) -> list[Trial]:
    """Tries settings until the budget is spent; best first, failures last.

    ``judge`` returns how far a model is from what is wanted: lower is better. Raises JobFailure if
    no trial succeeded.
    """
    import optuna

    limits = HyperParameterOptimization.model_validate_json(_json(space))
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = _open_study(limits)
    deadline = clock() + limits.max_minutes * 60 if limits.max_minutes else math.inf
    trials: dict[str, Trial] = {}
    for _ in range(min(limits.max_quant_count, count_points(limits))):
        if trials and clock() > deadline:
            break
        asked = study.ask()
        settings = {**base, **_propose(asked, limits)}
        trial = trials.get(_json(settings)) or _try(settings, quantise, judge)
        trials[_json(settings)] = trial
        value = math.inf if trial.value is None else trial.value
        study.tell(asked, min(value, 1e30))
    ordered = sorted(trials.values(), key=lambda t: (t.value is None, t.value or 0.0))
    if ordered[0].value is None:
        raise JobFailure(
            "compress", "error", f"every trial failed; the last: {ordered[-1].failure}"
        )
    return ordered


def _try(settings: dict[str, Any], quantise: Quantise, judge: Callable[[Any], float]) -> Trial:
    try:
        artifact = quantise(settings)
        return Trial(settings, artifact, judge(artifact))
    except JobFailure as failure:
        return Trial(settings, None, None, failure.message)


def _open_study(limits: HyperParameterOptimization) -> optuna.Study:
    """Proposals by Optuna's TPE; all points in their order where the budget reaches for them."""
    import optuna

    startup = max(4, limits.max_quant_count // 3)
    study = optuna.create_study(
        sampler=optuna.samplers.TPESampler(seed=0, n_startup_trials=startup)
    )
    if count_points(limits) <= limits.max_quant_count:
        for point in _points(limits):
            study.enqueue_trial(point)
    return study


def _points(limits: HyperParameterOptimization) -> Iterator[dict[str, Any]]:
    for values in itertools.product(*(getattr(limits, key) for key in KEYS)):
        point = dict(zip(KEYS, values, strict=True))
        if point["ptq_algo"] == "hist" or point["hist_percent"] == limits.hist_percent[0]:
            yield point


def count_points(limits: HyperParameterOptimization) -> int:
    """How many settings there are: ``hist_percent`` matters to the algorithm ``hist`` alone."""
    algorithms = sum(
        len(limits.hist_percent) if algorithm == "hist" else 1 for algorithm in limits.ptq_algo
    )
    others = (limits.bias_correct, limits.weight_quantize_type, limits.batch_num)
    return algorithms * math.prod(len(values) for values in others)


def _propose(asked: optuna.Trial, limits: HyperParameterOptimization) -> dict[str, Any]:
    chosen: dict[str, Any] = {}
    for key, name in KEYS.items():
        if key == "hist_percent" and chosen["algo"] != "hist":
            continue
        chosen[name] = asked.suggest_categorical(key, list(getattr(limits, key)))
    return chosen


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
