"""Turns measurements into the facts that the doctor's rules read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

from bench.fingerprint import cpu_flags, has_vnni
from bench.proven import PrecisionProof
from bench.stats import Interval
from compress.doctor.facts import DataFacts, FailureFacts, ResultFacts, Versions
from compress.suites.dialect import Dialect, Document


def versions_facts(versions: Mapping[str, str]) -> Versions:
    """The versions of the libraries that rules check, from those of all distributions."""
    return Versions(
        paddle=versions.get("paddlepaddle") or versions.get("paddlepaddle-gpu"),
        paddleslim=versions.get("paddleslim"),
        numpy=versions.get("numpy"),
    )


def data_facts(
    dialect: Dialect,
    config: Document,
    shape: Sequence[int],
    dynamic: bool,
    calibration: DataFacts | None,
) -> DataFacts:
    """``calibration``, which compression recorded about its images, with what the config says of
    them; ``shape`` is the model's input (N, C, H, W), ``dynamic`` if it takes any height and width.
    """
    training, evaluation = dialect.normalisation(config)
    settings = {
        "export_size": None if dynamic else (shape[-2], shape[-1]),
        "dynamic_shape": dynamic,
        "fixed_size": dialect.evaluation_size(config),
        "training": training,
        "evaluation": evaluation,
    }
    return (calibration or DataFacts()).model_copy(update=settings)


class Failure(Protocol):
    """A failure, in any of the forms in which results and rows store it."""

    @property
    def stage(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def message(self) -> str: ...

    @property
    def log_tail(self) -> str: ...


def failure_facts(failure: Failure) -> FailureFacts:
    """The failure in the form that rules read."""
    return FailureFacts(failure.stage, failure.kind, failure.message, failure.log_tail)


def pair_facts(
    *,
    accuracy: tuple[float | None, float | None],
    chance: float,
    latency_ms: tuple[float | None, float | None],
    speedup: Interval | None,
    proof: PrecisionProof | None,
    flags: Collection[str] | None = None,
    losses: tuple[float, ...] = (),
) -> ResultFacts:
    """The measurements of a pair: fp32 first, then the compressed model. ``flags``: instruction
    sets of the processor, by default this machine's.
    """
    low, total = proof.convolutions if proof else (None, None)
    return ResultFacts(
        accuracy_before=accuracy[0],
        accuracy_after=accuracy[1],
        chance=chance,
        latency_before_ms=latency_ms[0],
        latency_after_ms=latency_ms[1],
        speedup=(speedup.low, speedup.high) if speedup else None,
        low_precision=low,
        convolutions=total,
        vnni=has_vnni(cpu_flags() if flags is None else flags),
        losses=losses,
        **_time_shares(proof),
    )


def _time_shares(proof: PrecisionProof | None) -> dict[str, Any]:
    """The shares of the compressed model's time, as fields of ``ResultFacts``."""
    if proof is None or proof.kernels is None:
        return {}
    kernels = proof.kernels
    return {
        "computing": kernels.computing_ms / kernels.total_ms,
        "converting": kernels.converting_ms / kernels.total_ms,
        "reference": kernels.reference_ms / kernels.total_ms,
        "reference_kernels": kernels.reference,
        "fallbacks": {name: ms / kernels.total_ms for name, ms in kernels.fallback_ms.items()},
    }
