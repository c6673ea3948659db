"""Sweeps over models × recipes × targets: what exports, compresses and runs, and how fast."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.engines.machine import Machine
from bench.engines.targets import Target, find_runnable, runnable
from bench.machine import see_machine
from bench.single import quantises
from bench.survey import survey_model
from bench.survey_row import SurveyRow
from bot.plan.cases import unlisted_name
from compress.checkout import ADDED, Checkout
from compress.manifest import Budget, Model, under
from compress.workshop import Workshop
from core.errors import InputError
from core.lines import append_line, decode_lines, parse_lines

ROWS, OLDER_ROWS = "survey.jsonl", "coverage.jsonl"
SIZE_STEP = 32
"""Reduced sizes are multiples of this, the deepest stride of the suites' networks, in pixels."""


@dataclass(frozen=True)
class Sweep:
    """``recipes``: names or files. ``targets``: empty for the ones that models are deployed on.
    ``max_side``: the longest side of an input in pixels; None for no limit.
    """

    configs: tuple[str, ...]
    recipes: tuple[str, ...]
    targets: tuple[str, ...]
    budget: Budget
    max_side: int | None


def find_configs(checkout: Checkout, patterns: tuple[str, ...]) -> list[str]:
    """Every model config below the manifest's roots that matches one of the patterns, in order."""
    import fnmatch

    tree, dialect = checkout.tree, checkout.dialect
    configs = []
    for path in sorted(tree.files):
        candidate = path.endswith((".yml", ".yaml")) and "/_base_/" not in path
        candidate = candidate and under(path, checkout.manifest.config_roots)
        if candidate and (not patterns or any(fnmatch.fnmatchcase(path, p) for p in patterns)):
            try:
                if dialect.is_model(tree.resolve(path)):
                    configs.append(path)
            except InputError:
                continue  # a fragment that does not stand alone
    return configs


def choose_configs(
    checkout: Checkout, patterns: tuple[str, ...], listed: bool, sample: int | None, seed: int
) -> tuple[str, ...]:
    """The configs of a sweep: those that match (if ``listed``: of the manifest and added ones), or
    a sample of these.
    """
    configs = find_configs(checkout, patterns)
    if listed:
        models = {model.config for model in checkout.manifest.models}
        configs = [path for path in configs if path in models or path.startswith(ADDED)]
    return draw(configs, sample, seed)


def draw(configs: list[str], count: int | None, seed: int) -> tuple[str, ...]:
    """``count`` of the configs, drawn at random by the seed; all of them for None."""
    if count is None or count >= len(configs):
        return tuple(configs)
    return tuple(random.Random(seed).sample(configs, count))  # noqa: S311  no secret depends on it


def load_rows(out: Path) -> list[SurveyRow]:
    """The rows of an earlier run: the newest of each model, recipe and target. A line that an
    interrupted run did not finish is passed over, so that its row is measured again.
    """
    files = [out / name for name in (OLDER_ROWS, ROWS)]
    lines = [line for file in files if file.is_file() for line in decode_lines(file.read_bytes())]
    return list({row.id: row for row in parse_lines(SurveyRow, lines).values}.values())


def sweep_models(
    checkout: Checkout,
    sweep: Sweep,
    workshop: Workshop,
    earlier: list[SurveyRow],
    out: Path,
) -> Iterator[SurveyRow]:
    """Yields a row for each model, recipe and target; measures those that are not in ``earlier``.

    Each new row is written at once, so that an interrupted sweep continues where it stopped.
    """
    measured = {row.id: row for row in earlier}
    ways = combine(sweep.recipes, sweep.targets, see_machine(workshop.runtime))
    total = len(sweep.configs) * len(ways)
    points = ((config, *way) for config in sweep.configs for way in ways)
    for number, (config, recipe, target) in enumerate(points, 1):
        model = _model(checkout, config)
        full = tuple(
            model.input_shape or checkout.dialect.input_shape(checkout.tree.resolve(config))
        )
        shape = reduced_shape(full, sweep.max_side)
        row = SurveyRow(
            commit=checkout.commit,
            config=config,
            recipe=recipe,
            target=target,
            shape=shape,
            full_shape=full,
        )
        if row.id not in measured:
            workshop.say(" ".join(filter(None, (f"{number}/{total}", config, recipe, target))))
            row = survey_model(row, checkout, model, sweep.budget, workshop)
            append_line(out / ROWS, row)
        yield measured.get(row.id, row)


def combine(
    recipes: tuple[str, ...], targets: tuple[str, ...], machine: Machine
) -> list[tuple[str, str | None]]:
    """Each recipe on each target, except where the model would compute nonsense, such as one that
    is not quantised in int8; raises InputError if no combination remains, or for a target that
    cannot run here.
    """
    if not targets:
        return [(recipe, None) for recipe in recipes]
    quantising = {recipe for recipe in recipes if quantises(recipe)}

    def refusal(recipe: str, target: Target) -> str | None:
        return target.engine.unfit(target.precision, quantised=recipe in quantising)

    named = [find_runnable(target, machine) for target in targets]
    pairs = [(recipe, target) for recipe in recipes for target in named]
    fitting: list[tuple[str, str | None]] = [
        (recipe, target.name) for recipe, target in pairs if refusal(recipe, target) is None
    ]
    if not fitting:
        raise InputError(
            f"no recipe fits a target: {refusal(*pairs[0])}",
            key="--target",
            given=" ".join(targets),
            choices=tuple(
                name
                for name, target in runnable(machine).items()
                if any(refusal(recipe, target) is None for recipe in recipes)
            ),
            hint="give one of these targets, or recipes that fit the target",
        )
    return fitting


def reduced_shape(shape: tuple[int, ...], max_side: int | None) -> tuple[int, ...]:
    """(N, C, H, W) with its longer side reduced to about ``max_side`` pixels, in proportion."""
    largest = max(shape[2:])
    if max_side is None or largest <= max_side:
        return shape
    scaled = (max(1, round(n * max_side / largest / SIZE_STEP)) * SIZE_STEP for n in shape[2:])
    return (*shape[:2], *scaled)


def _model(checkout: Checkout, config: str) -> Model:
    """The manifest's model of that config, else an unlisted model."""
    for model in checkout.manifest.models:
        if model.config == config:
            return model
    return Model(name=unlisted_name(config), config=config)
