"""``slimgate survey``: tries many models of a suite and tables what works."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.options import (
    Budget,
    BudgetName,
    Data,
    Fetch,
    Out,
    Repo,
    Revision,
    RuntimeName,
    SandboxedForStrangers,
    StageTimeout,
    StoreFolder,
    Suite,
    Threads,
)
from bot.commands.wiring import complain, open_workshop

Configs = Annotated[
    list[str] | None,
    typer.Option(
        help="Only model configs whose path matches this pattern, as in *ocrnet*; repeatable "
        "(default: every model config of the suite)."
    ),
]
Listed = Annotated[bool, typer.Option("--listed", help="Only models that the manifest lists.")]
Added = Annotated[
    list[Path] | None,
    typer.Option(
        help="File with an extra model config, treated as if it lay in configs/added of the "
        "suite; repeatable."
    ),
]
Sample = Annotated[
    int | None,
    typer.Option(
        help="Number of configs to draw at random from those that match (default: all).", min=1
    ),
]
Seed = Annotated[int, typer.Option(help="Seed for --sample.")]
Recipes = Annotated[
    list[str] | None,
    typer.Option(
        help="Recipe that ships with slimgate, by name, or the path of a recipe file; "
        "repeatable (default: ptq)."
    ),
]
Targets = Annotated[
    list[str] | None,
    typer.Option(
        help="Target to time compressed models on, as DEVICE-ENGINE-PRECISION, such as "
        "cpu-onednn-int8; repeatable (default: the target that a model is deployed on)."
    ),
]
MaxSide = Annotated[
    int | None,
    typer.Option(
        help="Longest side of the model's input in pixels; larger inputs are scaled down to it "
        "(default: not scaled).",
        min=32,
    ),
]
Iterations = Annotated[
    int | None,
    typer.Option(
        help="Maximum number of training iterations (default: as the budget says).", min=1
    ),
]
Retry = Annotated[
    bool,
    typer.Option("--retry", help="Run again what failed in an earlier run with this --out."),
]


def survey(
    suite: Suite,
    repo: Repo,
    out: Out,
    rev: Revision = "HEAD",
    configs: Configs = None,
    listed: Listed = False,
    add: Added = None,
    sample: Sample = None,
    seed: Seed = 0,
    recipe: Recipes = None,
    target: Targets = None,
    max_side: MaxSide = None,
    iterations: Iterations = None,
    fetch: Fetch = False,
    retry: Retry = False,
    budget: Budget = BudgetName.quick,
    data: Data = None,
    store: StoreFolder = None,
    runtime: RuntimeName = None,
    threads: Threads = None,
    stage_timeout: StageTimeout = None,
    sandbox: SandboxedForStrangers = None,
) -> int:
    """Export, compress and run many models of a suite, and print a table of what works.

    Models have initial weights unless the manifest names trained ones. A run with the same --out
    continues where an earlier one stopped.

    Exit code: 0 every row succeeded, 1 at least one failed, 2 bad input.

    Example: slimgate survey --suite PaddleSeg --repo PaddleSeg --sample 10 --out survey
    """
    from bench.single import recipe_named
    from bot.run.own_work import Authorship
    from bot.survey.sweep import Sweep, choose_configs, load_rows, sweep_models
    from bot.survey.table import print_survey, write_survey
    from bot.text.progress import stdout_console
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
    earlier = [row for row in load_rows(out) if not (retry and row.failure)]
    work = Authorship(checkout.repo, repositories=checkout.repositories)
    change = work.change_of(checkout.commit, checkout.manifest.suite)
    confined = work.is_confined(sandbox, (checkout.commit,), complain)
    with open_workshop(
        store,
        threads=threads,
        stage_timeout_s=stage_timeout or limits.stage_timeout_s,
        confined=confined,
        fetches=fetch,
        describe=str,
        runtime=runtime,
    ) as workshop:
        rows = list(sweep_models(checkout, sweep, workshop.for_change(change), earlier, out))
    write_survey(rows, checkout, out)
    print_survey(rows, stdout_console())
    return EXIT_GATE if any(row.failure for row in rows) else 0


COMMAND = survey
