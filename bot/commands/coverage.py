"""``slimgate coverage``: what of a suite exports, compresses and runs in low precision."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.options import (
    Budget,
    Data,
    Fetch,
    Out,
    Repo,
    StageTimeout,
    StoreFolder,
    Suite,
    Threads,
)


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("coverage")(coverage)


def coverage(
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
    budget: Budget = Budget.quick,
    data: Data = None,
    store: StoreFolder = None,
    threads: Threads = None,
    stage_timeout: StageTimeout = None,
) -> int:
    """Export, compress and run models of a suite with initial weights; print what works.

    Goes on where an earlier run with the same --out stopped.

    Example: slimgate coverage --suite PaddleSeg --repo PaddleSeg --sample 10 --out coverage
    """
    from dataclasses import replace

    from bot.checkout import open_checkout
    from bot.coverage import Sweep, choose_configs, load_rows, sweep_models
    from bot.pipeline import open_publisher, scratch_folder
    from bot.progress import progress, stderr_console, stdout_console
    from bot.render.coverage import print_coverage, write_coverage
    from bot.single import recipe_named
    from compress.artifacts import Workshop, default_threads
    from compress.errors import EXIT_GATE
    from compress.store import Store, default_root

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
    with progress(stderr_console()) as say, scratch_folder() as scratch:
        workshop = Workshop(
            Store(store or default_root()),
            scratch,
            stage_timeout or limits.stage_timeout_s,
            threads or default_threads(),
        )
        publisher = open_publisher(workshop.store, fetch, say)
        hearing = replace(workshop, hear=lambda step: say(str(step)))
        rows = list(sweep_models(checkout, sweep, hearing, publisher, done, out, say))
    write_coverage(rows, checkout, out)
    print_coverage(rows, stdout_console())
    return EXIT_GATE if any(row.failure for row in rows) else 0
