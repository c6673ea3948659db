"""``slimgate survey``: what of a suite exports, compresses and runs in low precision."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.options import (
    BudgetName,
    Data,
    Fetch,
    Out,
    Repo,
    StageTimeout,
    StoreFolder,
    Suite,
    Threads,
)
from bot.commands.wiring import open_workshop


def survey(
    suite: Suite,
    repo: Repo,
    out: Out,
    rev: Annotated[str, typer.Option(help="Revision of the suite.")] = "HEAD",
    configs: Annotated[
        list[str] | None,
        typer.Option(help="Only configs whose path matches; repeatable (default: all models)."),
    ] = None,
    listed: Annotated[bool, typer.Option("--listed", help="Only the manifest's models.")] = False,
    add: Annotated[
        list[Path] | None,
        typer.Option(help="A model config that the suite lacks, as below its configs; repeatable."),
    ] = None,
    sample: Annotated[
        int | None, typer.Option(help="So many configs, drawn at random.", min=1)
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the drawing.")] = 0,
    recipe: Annotated[
        list[str] | None,
        typer.Option(help="A recipe that ships with slimgate, or a file; repeatable."),
    ] = None,
    target: Annotated[
        list[str] | None,
        typer.Option(
            help="What compressed models are run on, and compared with fp32 on; repeatable"
            " (default: as they are deployed)."
        ),
    ] = None,
    max_side: Annotated[
        int | None, typer.Option(help="Reduce larger images to this many pixels.", min=32)
    ] = None,
    iterations: Annotated[
        int | None, typer.Option(help="Train at most this long (default: the budget's).", min=1)
    ] = None,
    fetch: Fetch = False,
    retry: Annotated[bool, typer.Option("--retry", help="Do what failed once more.")] = False,
    budget: BudgetName = BudgetName.quick,
    data: Data = None,
    store: StoreFolder = None,
    threads: Threads = None,
    stage_timeout: StageTimeout = None,
) -> int:
    """Export, compress and run models of a suite with initial weights; print what works.

    Goes on where an earlier run with the same --out stopped.

    Example: slimgate survey --suite PaddleSeg --repo PaddleSeg --sample 10 --out survey
    """
    from bench.single import recipe_named
    from bot.survey.sweep import Sweep, choose_configs, load_rows, sweep_models
    from bot.survey.table import print_survey, write_survey
    from bot.text.progress import progress, stderr_console, stdout_console
    from compress.checkout import open_checkout
    from core.errors import EXIT_GATE

    checkout = open_checkout(suite, repo, rev, data, add or ())
    limits = getattr(checkout.manifest, budget.value)
    if iterations is not None:
        limits = limits.model_copy(update={"train_iter": iterations})
    sweep = Sweep(
        choose_configs(checkout, tuple(configs or ()), listed, sample, seed),
        tuple(recipe_named(name) for name in recipe or ["ptq"]),
        tuple(target or ()),
        limits,
        max_side,
    )
    done = [row for row in load_rows(out) if not (retry and row.failure)]
    with (
        progress(stderr_console()) as say,
        open_workshop(
            store,
            say,
            threads=threads,
            stage_timeout_s=stage_timeout or limits.stage_timeout_s,
            fetches=fetch,
            hear=lambda step: say(str(step)),
        ) as workshop,
    ):
        rows = list(sweep_models(checkout, sweep, workshop, done, out))
    write_survey(rows, checkout, out)
    print_survey(rows, stdout_console())
    return EXIT_GATE if any(row.failure for row in rows) else 0


COMMAND = survey
