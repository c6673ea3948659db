"""``slimgate compress``: exports one model and compresses it with one recipe."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
    StoreFolder,
    Suite,
    Threads,
)
from bot.commands.wiring import complain, open_workshop

if TYPE_CHECKING:
    from compress.artifacts.artifact import Artifact
    from compress.workshop import Workshop


def compress(
    suite: Suite,
    repo: Repo,
    model: Annotated[str, typer.Option(help="Name of a model in the manifest.")],
    out: Out,
    rev: Revision = "HEAD",
    recipe: Annotated[
        str | None,
        typer.Option(
            help="One of the model's recipes by name, the path of a recipe file, or fp32 to only "
            "export (default: the model's first recipe)."
        ),
    ] = None,
    budget: Budget = BudgetName.quick,
    data: Data = None,
    store: StoreFolder = None,
    runtime: RuntimeName = None,
    threads: Threads = None,
    sandbox: SandboxedForStrangers = None,
    fetch: Fetch = True,
    ranges: Annotated[
        bool,
        typer.Option(help="Say how much of a quantised model TensorRT can run in int8."),
    ] = True,
) -> int:
    """Export one model and compress it with one recipe.

    Writes model.pdmodel and model.pdiparams to --out, which must be empty, and prints the folder.
    Remarks go to stderr. What TensorRT can run in int8 is told without a GPU.

    Example: slimgate compress --suite PaddleSeg --repo PaddleSeg --model PP-LiteSeg-Tiny --out int8
    """
    from bench.single import choose_recipe, copy_artifact, make_single, single_blueprint
    from bot.run.folders import prepare_empty
    from bot.run.own_work import Authorship
    from bot.text.output import print_text
    from compress.checkout import open_checkout

    checkout = open_checkout(suite, repo, rev, data)
    limits = getattr(checkout.manifest, budget.value)
    listed = checkout.model(model)
    parsed = choose_recipe(checkout, listed, recipe, limits)
    prepare_empty(out)
    work = Authorship(checkout.repo, repositories=checkout.repositories)
    change = work.change_of(checkout.commit, checkout.manifest.suite)
    confined = work.is_confined(sandbox, (checkout.commit,), complain)
    with open_workshop(
        store,
        threads=threads,
        stage_timeout_s=limits.stage_timeout_s,
        confined=confined,
        fetches=fetch,
        describe=lambda step: f"{model}: {step}",
        runtime=runtime,
    ) as opened:
        workshop = opened.for_change(change)
        blueprint = single_blueprint(checkout, listed, parsed, workshop)
        artifact = make_single(model, blueprint, workshop)
        told = _ranges(artifact, out, workshop) if ranges and artifact.op_types else ()
    copy_artifact(artifact, out)
    repairs = blueprint.recipe.repairs if blueprint.recipe else ()
    for remark in (*repairs, *artifact.remarks, *told):
        print_text(f"note: {remark}", err=True)
    print_text(str(out))
    return 0


def _ranges(artifact: Artifact, out: Path, workshop: Workshop) -> tuple[str, ...]:
    """What TensorRT can run in int8, or why that cannot be told: the model is made all the same."""
    from compress.artifacts.inspection import find_ranges
    from core.errors import JobFailure

    workshop.say("ranges for TensorRT")
    try:
        found = find_ranges(artifact.folder, workshop)
    except JobFailure as failure:
        return (f"it cannot be told what TensorRT can run in int8: {failure}",)
    named = f"; slimgate ranges {out} names the others" if found.without else ""
    return (f"{found}{named}",)


COMMAND = compress
