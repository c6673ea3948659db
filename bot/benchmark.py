"""Benchmarks loose inference models, for ``slimgate bench``."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from rich import box
from rich.table import Table

from bench.fingerprint import cpu_flags
from bench.result import PrecisionProof
from bench.rounds import Patience, sample_in_rounds
from bench.stats import Interval, median_interval, ratio_interval
from bench.targets import find_runnable, find_target, target_for
from bench.timing import TimedModel, prove_precision, timed_worker
from bot.inspect import check_model, inspect_model
from bot.pipeline import scratch_folder
from bot.progress import stdout_console
from bot.render.escape import visible
from bot.render.table import half_width, milliseconds
from compress.artifacts import Workshop, default_threads, load_artifact
from compress.doctor.diagnose import diagnose
from compress.doctor.facts import TargetFacts
from compress.doctor.rule import Subject
from compress.doctor.rules import RULES
from compress.doctor.text import parse_text
from compress.errors import InputError
from compress.finding import Finding
from compress.recipes.inference_ops import inference_op_types
from compress.record import RECORD, ArtifactRecord
from compress.safe_yaml import dump_yaml
from compress.schema import StrictModel
from compress.store import Store

CONVOLUTIONS = ("conv2d", "depthwise_conv2d", "fused_conv2d", "conv2d_transpose")


class BenchRow(StrictModel):
    """One model on one target; ``speedup`` is against the first row, ``findings`` are what the
    doctor says of running the model there.
    """

    model: str
    target: str
    op_types: tuple[str, ...]
    latency_ms: Interval
    speedup: Interval
    runs: int
    peak_memory_bytes: int
    proof: PrecisionProof | None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """A model on a target, with the name under which it is sampled."""

    name: str
    folder: Path
    timed: TimedModel
    findings: tuple[Finding, ...]


def parse_shape(text: str) -> tuple[int, ...]:
    """``1x3x512x1024`` as (N, C, H, W); raises InputError."""
    if not re.fullmatch(r"[1-9]\d{0,3}x[1-9]\d{0,2}x[1-9]\d{0,4}x[1-9]\d{0,4}", text):
        raise InputError(
            f"not a shape: {text!r}",
            key="--shape",
            hint="write batch, channels, height and width, as in 1x3x512x1024",
        )
    return tuple(int(n) for n in text.split("x"))


def benchmark(
    folders: list[Path],
    shape: tuple[int, ...],
    targets: tuple[str, ...],
    seconds: float,
    threads: int | None,
    timeout_s: float,
    say: Callable[[str], None],
) -> list[BenchRow]:
    """Proves and times every model on every target by turns; raises JobFailure."""
    for folder in folders:
        check_model(folder)
    for target in targets:
        find_runnable(target.partition(":")[0], cpu_flags())
    every = (c for folder in folders for c in _candidates(folder, shape, targets))
    candidates = list({candidate.name: candidate for candidate in every}.values())
    with scratch_folder() as scratch:
        workshop = Workshop(Store(scratch), scratch, timeout_s, threads or default_threads())
        proofs = {c.name: _prove(c, workshop, say) for c in candidates}
        rounds, peaks = _time(candidates, workshop, seconds, say)
    reference = rounds[candidates[0].name]
    return [
        BenchRow(
            model=str(c.folder),
            target=c.timed.target.name,
            op_types=c.timed.op_types,
            latency_ms=median_interval(rounds[c.name]),
            speedup=ratio_interval(reference, rounds[c.name]),
            runs=sum(map(len, rounds[c.name])),
            peak_memory_bytes=peaks[c.name],
            proof=proofs[c.name],
            findings=c.findings,
        )
        for c in candidates
    ]


def _prove(
    candidate: Candidate, workshop: Workshop, say: Callable[[str], None]
) -> PrecisionProof | None:
    if candidate.timed.target.precision == "fp32":
        return None
    say(f"{candidate.name}: proof")
    return prove_precision(candidate.timed, workshop)


def _time(
    candidates: list[Candidate], workshop: Workshop, seconds: float, say: Callable[[str], None]
) -> tuple[dict[str, list[list[float]]], dict[str, int]]:
    """Samples by name, in rounds (ms), and peak memory by name (bytes)."""
    peaks: dict[str, int] = {}
    with ExitStack() as stack:
        runs = {
            c.name: stack.enter_context(timed_worker(c.timed, workshop, c.name, peaks))
            for c in candidates
        }
        say(f"{len(candidates)} models taking turns")
        return sample_in_rounds(runs, Patience(seconds, seconds * 3), time.monotonic), peaks


def _candidates(folder: Path, shape: tuple[int, ...], targets: tuple[str, ...]) -> list[Candidate]:
    facts = inspect_model(folder)
    _check_shape(folder, shape, facts["feeds"])
    artifact = load_artifact(folder, cached=True)
    trained = artifact.op_types or tuple(facts["quantised"])
    wanted = targets or (target_for(bool(trained)).name,)
    found = []
    for text in wanted:
        name, _, named = text.partition(":")
        target = find_target(name)
        op_types = tuple(named.split(",")) if named else tuple(inference_op_types(trained))
        if target.precision != "int8":
            op_types = ()
        timed = TimedModel(folder.resolve(), target, op_types, (), shape)
        findings = _diagnose(artifact.record, timed)
        found.append(Candidate(f"{folder} {text}", folder, timed, findings))
    return found


def _diagnose(record: ArtifactRecord | None, timed: TimedModel) -> tuple[Finding, ...]:
    """What the rules on targets say of the recipe that the model was made by, if that is known."""
    sections = record.inputs.get("sections") if record else None
    if not sections:
        return ()
    recipe = parse_text(dump_yaml(sections), str(timed.folder / RECORD))
    target = TargetFacts(timed.target.name, op_types=timed.op_types)
    rules = [rule for rule in RULES if rule.stage == "target"]
    found = diagnose(Subject(recipe, target=target), rules)
    return tuple(one.model_copy(update={"line": None, "column": None}) for one in found)


def _check_shape(folder: Path, shape: tuple[int, ...], feeds: dict[str, list[int]]) -> None:
    """Raises InputError if the export fixes an image size other than ``shape``."""
    for name, fixed in feeds.items():
        if len(fixed) == 4 and any(a not in (-1, b) for a, b in zip(fixed, shape, strict=True)):
            hint = "x".join(str(b if a == -1 else a) for a, b in zip(fixed, shape, strict=True))
            raise InputError(
                f"the model's input {name!r} has a fixed size that {shape} does not fit",
                file=str(folder),
                key="--shape",
                hint=f"give --shape {hint}, or export it with another input_shape",
            )


def print_benchmark(rows: list[BenchRow]) -> None:
    """The table on standard output, and below it what the doctor says."""
    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for header in ("model", "target", "median", "speed-up", "runs", "memory", "low precision"):
        grid.add_column(header, overflow="fold")
    for row in rows:
        s = row.speedup
        grid.add_row(
            row.model,
            _named(row),
            f"{milliseconds(row.latency_ms.value)} ±{half_width(row.latency_ms)} ms",
            f"{s.value:.2f}× [{s.low:.2f}, {s.high:.2f}]",
            str(row.runs),
            f"{row.peak_memory_bytes / 1e6:.0f} MB",
            _share(row.proof),
        )
    console = stdout_console()
    console.print(grid)
    for row in rows:
        for one in row.findings:
            text = f"{row.model} {_named(row)}: {one.severity} {one.code}: {one.message}"
            console.print(visible(text), markup=False, highlight=False)


def _named(row: BenchRow) -> str:
    return row.target + (f":{','.join(row.op_types)}" if row.op_types else "")


def _share(proof: PrecisionProof | None) -> str:
    """``47 of 47 convolutions; 2 of 2 fc``."""
    if proof is None:
        return ""
    convolutions = [proof.ops[name] for name in CONVOLUTIONS if name in proof.ops]
    low, every = (
        (sum(column) for column in zip(*convolutions, strict=True)) if convolutions else (0, 0)
    )
    others = [
        f"{low} {name}"
        for name, (low, _) in proof.ops.items()
        if low and name not in (*CONVOLUTIONS, "quantize", "dequantize")
    ]
    return "; ".join([f"{low} of {every} convolutions", *others])
