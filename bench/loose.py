"""Measures inference models on their own, without a suite, for ``slimgate bench``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.crash import describe_crash
from bench.deployment import Deployment
from bench.engines.targets import Target, find_runnable, find_target
from bench.machine import see_machine
from bench.named_targets import takes
from bench.proven import PrecisionProof
from bench.result import Stopped, stopped
from bench.rounds import Patience
from bench.stats import Interval, median_interval, ratio_interval
from bench.together import Contender, Outcome, Timing, measure_together
from compress.artifacts.artifact import load_artifact
from compress.artifacts.inspection import check_model, find_ranges, inspect_model
from compress.artifacts.record import RECORD, ArtifactRecord
from compress.doctor.diagnose import diagnose
from compress.doctor.facts import TargetFacts
from compress.doctor.rule import Subject
from compress.doctor.rules import RULES
from compress.doctor.text import parse_text
from compress.manifest import TargetOptions
from compress.recipes.inference_ops import inference_op_types
from compress.workshop import Workshop
from core.errors import InputError, JobFailure
from core.finding import Finding
from core.safe_yaml import dump_yaml
from core.schema import StrictModel

TRT_INT8 = "gpu-trt-int8"
SHAPE = re.compile(r"[1-9]\d{0,3}x[1-9]\d{0,2}x[1-9]\d{0,4}x[1-9]\d{0,4}", re.ASCII)


class BenchRow(StrictModel):
    """One model on one target. ``disabled_ops``: op types left to Paddle's own kernels;
    ``speedup``: relative to the first row that was timed; ``failure``: what stopped the
    measurement; ``findings``: the doctor's, on running this model there.
    """

    model: str
    target: str
    op_types: tuple[str, ...]
    disabled_ops: tuple[str, ...] = ()
    latency_ms: Interval | None
    speedup: Interval | None
    runs: int
    peak_memory_bytes: int | None
    proof: PrecisionProof | None
    remarks: tuple[str, ...] = ()
    failure: Stopped | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """A model on a target; ``name`` identifies the pair."""

    name: str
    folder: Path
    model: Deployment
    findings: tuple[Finding, ...]


def parse_shape(text: str) -> tuple[int, ...]:
    """``1x3x512x1024`` as (N, C, H, W); raises InputError."""
    if not SHAPE.fullmatch(text):
        raise InputError(
            f"not a shape: {text!r}",
            key="--shape",
            hint="give batch, channels, height and width: --shape 1x3x512x1024",
        )
    return tuple(int(n) for n in text.split("x"))


def benchmark(
    folders: Iterable[Path],
    shape: tuple[int, ...],
    targets: tuple[str, ...],
    seconds: float,
    workshop: Workshop,
) -> list[BenchRow]:
    """Proves every model on every target, then times them all taking turns. Returns a row for each
    pair; the row of one that fails gives the reason.

    Raises InputError for a folder without a model, a target that this processor cannot run, or a
    shape that a model does not take.
    """
    for folder in folders:
        check_model(folder)
    machine = see_machine(workshop.runtime)
    for target in targets:
        find_runnable(target.partition(":")[0], machine)
    candidates = {
        candidate.name: candidate
        for folder in folders
        for candidate in _candidates(folder, shape, targets, workshop)
    }
    contenders = {name: Contender(candidate.model) for name, candidate in candidates.items()}
    patience = Patience(seconds, seconds * 3)
    outcomes = measure_together(contenders, workshop, patience, workshop.say)
    reference = _reference(outcomes)
    return [_row(candidate, outcomes[name], reference) for name, candidate in candidates.items()]


def _reference(outcomes: Mapping[str, Outcome]) -> Timing | None:
    """The timing of the first model that has one."""
    timings = (outcome.timing for outcome in outcomes.values())
    return next((timing for timing in timings if isinstance(timing, Timing)), None)


def _row(candidate: Candidate, outcome: Outcome, reference: Timing | None) -> BenchRow:
    timing = outcome.timing if isinstance(outcome.timing, Timing) else None
    return BenchRow(
        model=str(candidate.folder),
        target=candidate.model.target.name,
        op_types=candidate.model.op_types,
        disabled_ops=candidate.model.options.disable_ops,
        latency_ms=median_interval(timing.rounds_ms) if timing else None,
        speedup=ratio_interval(reference.rounds_ms, timing.rounds_ms)
        if reference and timing
        else None,
        runs=sum(map(len, timing.rounds_ms)) if timing else 0,
        peak_memory_bytes=timing.peak_memory_bytes if timing else None,
        proof=None if isinstance(outcome.proof, JobFailure) else outcome.proof,
        remarks=(*map(describe_crash, outcome.crashed), *_gpu_remarks(outcome)),
        failure=next(map(stopped, outcome.failures), None),
        findings=candidate.findings,
    )


def _gpu_remarks(outcome: Outcome) -> tuple[str, ...]:
    proof, timing = outcome.proof, outcome.timing
    engines = proof.tensorrt if isinstance(proof, PrecisionProof) else None
    conditions = timing.gpu if isinstance(timing, Timing) else None
    return tuple(str(part) for part in (engines, conditions) if part is not None)


def _candidates(
    folder: Path, shape: tuple[int, ...], targets: tuple[str, ...], workshop: Workshop
) -> list[Candidate]:
    """The model on each target; ``:OP,OP`` after a target's name sets the op types that run in
    int8, and ``:-OP`` names one that is left to Paddle's own kernels.
    """
    inspected = inspect_model(folder, workshop.workplace)
    _check_shape(folder, shape, inspected.feeds)
    artifact = load_artifact(folder.resolve(), cached=True)
    trained = artifact.op_types or inspected.quantised
    default = "cpu-onednn-int8" if trained else "cpu-onednn-fp32"
    candidates = []
    for text in targets or (default,):
        name, _, listed = text.partition(":")
        target = find_target(name)
        words = [word for word in listed.split(",") if word]
        disabled = tuple(word[1:] for word in words if word.startswith("-"))
        _check_disabled(text, disabled, target, tuple(inspected.ops))
        chosen = tuple(word for word in words if not word.startswith("-"))
        op_types = chosen or tuple(inference_op_types(trained))
        if target.precision != "int8":
            op_types = ()
        model = Deployment(
            artifact.folder,
            target,
            op_types,
            (),
            shape,
            TargetOptions(disable_ops=disabled),
            unfit=target.engine.unfit(target.precision, quantised=bool(trained)),
        )
        int8_on_trt = target.name == TRT_INT8 and trained
        ranges = find_ranges(folder, workshop).counts if int8_on_trt else None
        findings = _diagnose(artifact.record, model, ranges)
        candidates.append(Candidate(f"{folder} {text}", folder, model, findings))
    return candidates


def _check_disabled(
    text: str, disabled: tuple[str, ...], target: Target, ops: tuple[str, ...]
) -> None:
    """Raises InputError for op types that the model does not have, or an engine that would run them
    all the same.
    """
    for name in disabled:
        if name not in ops:
            raise InputError(
                f"the model has no op of the type {name!r}",
                key="--target",
                given=name,
                choices=ops,
                hint="name an op type of the model after the minus",
            )
    if disabled and not takes(target, "disable_ops"):
        raise InputError(
            f"{target.name} cannot leave out op types",
            key="--target",
            given=text,
            hint="do so on a target of oneDNN or TensorRT",
        )


def _diagnose(
    record: ArtifactRecord | None, model: Deployment, ranges: tuple[int, int] | None = None
) -> tuple[Finding, ...]:
    """Findings of the rules on targets, if the record holds the recipe that made the model."""
    sections = record.inputs.get("sections") if record else None
    if not sections:
        return ()
    recipe = parse_text(dump_yaml(sections), str(model.folder / RECORD))
    target = TargetFacts(model.target.name, op_types=model.op_types, ranges=ranges)
    rules = [rule for rule in RULES if rule.stage == "target"]
    findings = diagnose(Subject(recipe, target=target), rules)
    return tuple(f.model_copy(update={"line": None, "column": None}) for f in findings)


def _check_shape(
    folder: Path, shape: tuple[int, ...], feeds: Mapping[str, tuple[int, ...]]
) -> None:
    """Raises InputError if the export fixes an image size other than ``shape``."""
    for name, fixed in feeds.items():
        if len(fixed) == 4 and any(a not in (-1, b) for a, b in zip(fixed, shape, strict=True)):
            hint = "x".join(str(b if a == -1 else a) for a, b in zip(fixed, shape, strict=True))
            raise InputError(
                f"the shape {'x'.join(map(str, shape))} does not fit the model's input {name!r}, "
                f"which the export fixed to {list(fixed)}",
                file=str(folder),
                key="--shape",
                hint=f"give --shape {hint}, or export the model with another input_shape",
            )
