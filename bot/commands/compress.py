"""``slimgate compress``: one artifact."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.commands.options import Budget, Data, Out, Repo, StoreFolder, Suite, Threads


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
        typer.Option(help="A recipe file, a recipe's name, or fp32 [default: the first one]."),
    ] = None,
    budget: Budget = Budget.quick,
    data: Data = None,
    store: StoreFolder = None,
    threads: Threads = None,
) -> int:
    """Export one model and compress it with one recipe.

    Example: slimgate compress --suite PaddleSeg --repo PaddleSeg --model PP-LiteSeg-Tiny --out int8
    """
    from bot.progress import progress, stderr_console
    from bot.single import SingleRequest, make_single
    from compress.store import Store, default_root

    with progress(stderr_console()) as say:
        request = SingleRequest(suite, repo, rev, model, recipe, budget.value, data, threads)
        made = make_single(request, Store(store or default_root()), out, say)
    for remark in made.remarks:
        typer.echo(f"note: {remark}", err=True)
    typer.echo(str(out))
    return 0
