"""``slimgate compress``: one artifact."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.commands.options import Budget, Data, Fetch, Out, Repo, StoreFolder, Suite, Threads


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("compress")(compress)


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
    budget: Budget = Budget.quick,
    data: Data = None,
    store: StoreFolder = None,
    threads: Threads = None,
    fetch: Fetch = True,
) -> int:
    """Export one model and compress it with one recipe.

    Example: slimgate compress --suite PaddleSeg --repo PaddleSeg --model PP-LiteSeg-Tiny --out int8
    """
    from dataclasses import replace

    from bot.checkout import open_checkout
    from bot.pipeline import open_publisher, prepare_empty, scratch_folder
    from bot.progress import progress, stderr_console
    from bot.single import choose_recipe, copy_artifact, make_single, resolve_single
    from compress.artifacts import Workshop, default_threads
    from compress.store import Store, default_root

    kept = Store(store or default_root())
    checkout = open_checkout(suite, repo, rev, data)
    limits = getattr(checkout.manifest, budget.value)
    chosen = choose_recipe(checkout, checkout.model(model), recipe, limits)
    prepare_empty(out)
    with progress(stderr_console()) as say, scratch_folder() as scratch:
        publisher = open_publisher(kept, fetch, say)
        one = resolve_single(checkout, checkout.model(model), chosen, kept, publisher)
        count = threads or default_threads()
        workshop = Workshop(kept, scratch, limits.stage_timeout_s, count)
        hearing = replace(workshop, hear=lambda step: say(f"{model}: {step}"))
        made = make_single(one, hearing, say)
    copy_artifact(made, out)
    for remark in (*(one.recipe.repairs if one.recipe else ()), *made.remarks):
        typer.echo(f"note: {remark}", err=True)
    typer.echo(str(out))
    return 0
