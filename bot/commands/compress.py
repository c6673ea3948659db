"""``slimgate compress``: one artifact."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.commands.options import BudgetName, Data, Fetch, Out, Repo, StoreFolder, Suite, Threads
from bot.commands.wiring import open_workshop


def compress(
    suite: Suite,
    repo: Repo,
    model: Annotated[str, typer.Option(help="A model of the manifest.")],
    out: Out,
    rev: Annotated[str, typer.Option(help="Revision of the suite.")] = "HEAD",
    recipe: Annotated[
        str | None,
        typer.Option(help="A recipe file, a recipe's name, or fp32 (default: the first one)."),
    ] = None,
    budget: BudgetName = BudgetName.quick,
    data: Data = None,
    store: StoreFolder = None,
    threads: Threads = None,
    fetch: Fetch = True,
) -> int:
    """Export one model and compress it with one recipe.

    Example: slimgate compress --suite PaddleSeg --repo PaddleSeg --model PP-LiteSeg-Tiny --out int8
    """
    from bench.single import choose_recipe, copy_artifact, make_single, single_blueprint
    from bot.run.folders import prepare_empty
    from bot.text.progress import progress, stderr_console
    from compress.checkout import open_checkout

    checkout = open_checkout(suite, repo, rev, data)
    limits = getattr(checkout.manifest, budget.value)
    chosen = checkout.model(model)
    parsed = choose_recipe(checkout, chosen, recipe, limits)
    prepare_empty(out)
    with (
        progress(stderr_console()) as say,
        open_workshop(
            store,
            say,
            threads=threads,
            stage_timeout_s=limits.stage_timeout_s,
            fetches=fetch,
            hear=lambda step: say(f"{model}: {step}"),
        ) as workshop,
    ):
        blueprint = single_blueprint(checkout, chosen, parsed, workshop)
        made = make_single(model, blueprint, workshop)
    copy_artifact(made, out)
    repairs = blueprint.recipe.repairs if blueprint.recipe else ()
    for remark in (*repairs, *made.remarks):
        typer.echo(f"note: {remark}", err=True)
    typer.echo(str(out))
    return 0


COMMAND = compress
