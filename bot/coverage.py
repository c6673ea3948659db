"""Sweeps over models × recipes: what exports, compresses, runs in low precision, and how fast."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from pydantic import Field

from bench.accuracy import measure_accuracy
from bench.crash import around_crashes
from bench.result import PrecisionProof
from bench.rounds import Patience, sample_in_rounds
from bench.stats import Interval, median_interval, ratio_interval
from bench.targets import find_target, target_for
from bench.timing import TimedModel, check_loads, prove_precision, timed_worker
from bot.cases import unlisted_name
from bot.checkout import Checkout
from bot.single import Single, choose_recipe, resolve_single
from compress.artifacts import (
    Artifact,
    Workshop,
    export_artifact,
    load_artifact,
)
from compress.compression import CompressSpec, compress_artifact
from compress.errors import InputError, JobFailure
from compress.inference_ops import inference_op_types
from compress.manifest import Budget, Model, under
from compress.published import Publisher
from compress.record import FAKE_QUANTISED
from compress.schema import StrictModel, append_line, parse_lines
from compress.worker_process import Usage

ROWS = "coverage.jsonl"
PATIENCE = Patience(wish_s=2.0, limit_s=5.0, warmup_runs=2)
SIZE_STEP = 32
"""Sizes that are reduced stay multiples of this: the deepest stride of the suites' networks."""


class Failed(StrictModel):
    """Where a row ended; ``log_tail`` is untrusted."""

    stage: str
    kind: str
    message: str
    log_tail: str


class CoverageRow(StrictModel):
    """One model with one recipe. ``costs``: by stage that was done. ``full_shape`` is the config's
    own input where ``shape`` was reduced. ``accuracy``: of fp32 and compressed, from 0 to 1, where
    there are trained weights and data; ``fake_quantised``: that of the model as it was trained.
    """

    schema_: Literal["slimgate.coverage/1"] = Field("slimgate.coverage/1", alias="schema")
    commit: str
    config: str
    recipe: str
    shape: tuple[int, ...]
    full_shape: tuple[int, ...]
    weights: Literal["trained", "initial"] = "initial"
    data: Literal["suite", "synthetic"] = "synthetic"
    costs: dict[str, Usage] = Field(default_factory=dict)
    size_bytes: tuple[int, int] | None = None
    quantised: tuple[str, ...] = ()
    proof: PrecisionProof | None = None
    latency_ms: tuple[Interval, Interval] | None = None
    speedup: Interval | None = None
    effects: dict[str, tuple[float, float]] = Field(default_factory=dict)
    accuracy: tuple[float, float] | None = None
    fake_quantised: float | None = None
    remarks: tuple[str, ...] = ()
    failure: Failed | None = None

    @property
    def id(self) -> tuple[str, str, str, tuple[int, ...]]:
        """What makes a row another one."""
        return self.commit, self.config, self.recipe, self.shape

    @property
    def reached(self) -> str:
        """The last stage that was done."""
        return next(reversed(self.costs), "nothing")


@dataclass(frozen=True)
class Sweep:
    """``recipes``: names or files; ``max_side``: images larger than this are reduced."""

    configs: tuple[str, ...]
    recipes: tuple[str, ...]
    budget: Budget
    max_side: int | None


def find_configs(checkout: Checkout, patterns: tuple[str, ...]) -> list[str]:
    """Every model config of the suite below its roots that matches one of the patterns."""
    import fnmatch

    tree, dialect = checkout.tree, checkout.dialect
    found = []
    for path in sorted(tree.files):
        named = path.endswith((".yml", ".yaml")) and "/_base_/" not in path
        named = named and under(path, checkout.manifest.config_roots)
        if named and (not patterns or any(fnmatch.fnmatchcase(path, p) for p in patterns)):
            try:
                if dialect.is_model(tree.resolve(path)):
                    found.append(path)
            except InputError:
                continue  # a fragment that cannot stand alone
    return found


def draw(configs: list[str], count: int | None, seed: int) -> tuple[str, ...]:
    """So many of the configs at random, in a fixed order; all of them for None."""
    if count is None or count >= len(configs):
        return tuple(configs)
    return tuple(random.Random(seed).sample(configs, count))  # noqa: S311  no secret depends on it


def load_rows(out: Path) -> list[CoverageRow]:
    """What an earlier run measured; the newest row of each model and recipe."""
    path = out / ROWS
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return list({row.id: row for row in parse_lines(CoverageRow, lines)}.values())


def sweep_models(
    checkout: Checkout,
    sweep: Sweep,
    workshop: Workshop,
    publisher: Publisher,
    done: list[CoverageRow],
    out: Path,
    say: Callable[[str], None],
) -> Iterator[CoverageRow]:
    """Yields a row for each model and recipe; measures those that are not in ``done``.

    A row is written as soon as it is there, so that an interrupted sweep goes on where it was.
    """
    known = {row.id: row for row in done}
    total = len(sweep.configs) * len(sweep.recipes)
    pairs = [(config, recipe) for config in sweep.configs for recipe in sweep.recipes]
    for number, (config, recipe) in enumerate(pairs, 1):
        model = _model(checkout, config)
        full = tuple(
            model.input_shape or checkout.dialect.input_shape(checkout.tree.resolve(config))
        )
        shape = reduced_shape(full, sweep.max_side)
        row = CoverageRow(
            commit=checkout.commit, config=config, recipe=recipe, shape=shape, full_shape=full
        )
        if row.id not in known:
            say(f"{number}/{total} {config} {recipe}")
            row = _cover(row, checkout, model, sweep.budget, workshop, publisher)
            append_line(out / ROWS, row)
        yield known.get(row.id, row)


def reduced_shape(shape: tuple[int, ...], max_side: int | None) -> tuple[int, ...]:
    """(N, C, H, W) with the longer side at ``max_side``, about the same proportions."""
    largest = max(shape[2:])
    if max_side is None or largest <= max_side:
        return shape
    scaled = (max(1, round(n * max_side / largest / SIZE_STEP)) * SIZE_STEP for n in shape[2:])
    return (*shape[:2], *scaled)


def _model(checkout: Checkout, config: str) -> Model:
    """The manifest's model of that config, else one of its own."""
    for model in checkout.manifest.models:
        if model.config == config:
            return model
    return Model(name=unlisted_name(config), config=config)


def _cover(
    row: CoverageRow,
    checkout: Checkout,
    model: Model,
    budget: Budget,
    workshop: Workshop,
    publisher: Publisher,
) -> CoverageRow:
    """The row with what could be measured, and with the failure that stopped it."""
    try:
        chosen = choose_recipe(checkout, model, row.recipe, budget)
        one = resolve_single(checkout, model, chosen, workshop.store, publisher, row.shape)
        for further in _stages(row, one, workshop):
            row = further
    except JobFailure as failure:
        return _ended(row, failure)
    except InputError as error:
        return _ended(row, JobFailure("input", "error", str(error)))
    return row


def _ended(row: CoverageRow, failure: JobFailure) -> CoverageRow:
    failed = Failed(
        stage=failure.stage, kind=failure.kind, message=failure.message, log_tail=failure.log_tail
    )
    return row.model_copy(update={"failure": failed})


def _stages(row: CoverageRow, one: Single, workshop: Workshop) -> Iterator[CoverageRow]:
    """The row after each stage that is done; raises JobFailure where one fails."""
    exported = export_artifact(workshop, one.source, one.export)
    row = _with(
        row,
        "export",
        _usage(exported),
        data="suite" if one.data else "synthetic",
        weights="trained" if one.export.weights else "initial",
        remarks=exported.remarks,
    )
    yield row
    if one.recipe is None:
        return
    spec = CompressSpec(one.recipe, one.data_config, one.data, one.export.input_shape)
    made = compress_artifact(workshop, one.source, exported, spec)
    row = _with(
        row,
        "compress",
        _usage(made),
        size_bytes=(exported.size_bytes, made.size_bytes),
        quantised=made.op_types,
        effects=made.record.made.effects if made.record else {},
        remarks=(*exported.remarks, *one.recipe.repairs, *made.remarks),
    )
    yield row
    row, timed = _run(row, one, (exported, made), workshop)
    yield row
    if one.export.weights is not None and one.validation is not None:
        yield _score(row, one, (exported, made), timed, workshop)


def _timed(one: Single, exported: Artifact, made: Artifact) -> tuple[TimedModel, TimedModel]:
    """Both models as they are deployed: on oneDNN, the compressed one as it was quantised."""
    assert one.recipe is not None
    shape = one.export.input_shape
    target = target_for(bool(one.recipe.op_types))
    before = TimedModel(exported.folder, target_for(False), (), (), shape)
    after = TimedModel(made.folder, target, tuple(inference_op_types(made.op_types)), (), shape)
    return before, after


def _run(
    row: CoverageRow, one: Single, models: tuple[Artifact, Artifact], workshop: Workshop
) -> tuple[CoverageRow, tuple[TimedModel, TimedModel]]:
    """The row with proof and latency, fp32 and compressed taking turns; and how they were run."""
    before, after = _timed(one, *models)
    start = time.monotonic()
    _, crashing = around_crashes(before, lambda model: check_loads(model, workshop))
    before = replace(before, delete_passes=crashing)
    proof = None
    if after.target.precision != "fp32":
        proof, found = around_crashes(
            replace(after, delete_passes=crashing), lambda model: prove_precision(model, workshop)
        )
        crashing += found
    after = replace(after, delete_passes=crashing)
    peaks: dict[str, int] = {}
    with ExitStack() as stack:
        runs = {
            name: stack.enter_context(timed_worker(timed, workshop, name, peaks))
            for name, timed in (("fp32", before), ("compressed", after))
        }
        rounds = sample_in_rounds(runs, PATIENCE, time.monotonic)
    usage = Usage(
        duration_s=round(time.monotonic() - start, 3), peak_memory_bytes=max(peaks.values())
    )
    row = _with(
        row,
        "run",
        usage,
        proof=proof,
        latency_ms=(median_interval(rounds["fp32"]), median_interval(rounds["compressed"])),
        speedup=ratio_interval(rounds["fp32"], rounds["compressed"]),
        remarks=(*row.remarks, *(f"{name} crashes and was left out" for name in crashing)),
    )
    return row, (before, after)


def _score(
    row: CoverageRow,
    one: Single,
    models: tuple[Artifact, Artifact],
    timed: tuple[TimedModel, TimedModel],
    workshop: Workshop,
) -> CoverageRow:
    """The row with the accuracy of fp32, of compressed, and of what conversion started from."""
    (exported, made), (before, after) = models, timed

    def score(model: TimedModel, artifact: Artifact) -> float:
        assert one.validation is not None
        return measure_accuracy(
            workshop, one.source, model, artifact, one.data_config, one.validation, None
        ).value

    start = time.monotonic()
    accuracy = score(before, exported), score(after, made)
    fake = made.folder / FAKE_QUANTISED
    fake_quantised = None
    if fake.is_dir():
        native = TimedModel(fake, find_target("cpu-native-fp32"), (), (), before.shape)
        fake_quantised = score(native, load_artifact(fake, cached=True))
    usage = Usage(duration_s=round(time.monotonic() - start, 3))
    return _with(row, "accuracy", usage, accuracy=accuracy, fake_quantised=fake_quantised)


def _with(row: CoverageRow, stage: str, usage: Usage, **facts: object) -> CoverageRow:
    return row.model_copy(update={"costs": {**row.costs, stage: usage}, **facts})


def _usage(artifact: Artifact) -> Usage:
    return artifact.record.usage if artifact.record else Usage()
