"""Searches the settings of post-training quantisation: Optuna proposes, PaddleSlim quantises.

ACT's own search hardly installs, forgets its best model, and cannot resume after an interruption
(docs/recipes.md). Here every trial is an artifact in the store and the proposals follow from a
fixed seed, so that an interrupted search finds its trials again.
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
"""Keys of HyperParameterOptimization, with the keys of QuantPost whose values they list."""


@dataclass(frozen=True)
class Trial:
    """One proposal: its settings, its artifact and its value, which are None if it failed, and why
    it failed.
    """

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
    """Tries settings until the budget is spent; returns the trials, best first, failures last.

    ``base`` is the QuantPost section, whose settings those of ``space`` replace. ``judge`` returns
    the loss of a model: lower is better. Raises JobFailure if no trial succeeded.
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
        proposal = study.ask()
        settings = {**base, **_propose(proposal, limits)}
        trial = trials.get(_json(settings)) or _try(settings, quantise, judge)
        trials[_json(settings)] = trial
        value = math.inf if trial.value is None else trial.value
        study.tell(proposal, min(value, 1e30))
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
    """Proposals by Optuna's TPE; all points in order if the budget suffices for all of them."""
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
    """The number of different settings: ``hist_percent`` matters to the algorithm ``hist`` only."""
    algorithms = sum(
        len(limits.hist_percent) if algorithm == "hist" else 1 for algorithm in limits.ptq_algo
    )
    free = (limits.bias_correct, limits.weight_quantize_type, limits.batch_num)
    return algorithms * math.prod(len(values) for values in free)


def _propose(proposal: optuna.Trial, limits: HyperParameterOptimization) -> dict[str, Any]:
    settings: dict[str, Any] = {}
    for key, name in KEYS.items():
        if key == "hist_percent" and settings["algo"] != "hist":
            continue
        settings[name] = proposal.suggest_categorical(key, list(getattr(limits, key)))
    return settings


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
