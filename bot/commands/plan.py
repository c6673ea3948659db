"""``slimgate plan``: what a change affects, why, and what would run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import Base, Budget, Format, Head, Models, Repo, Suite, Threads

if TYPE_CHECKING:
    from bench.job import Plan
    from compress.git import GitRepo

IncludeTraining = Annotated[
    bool, typer.Option("--include-training", help="Also run what only training keys touch.")
]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("plan")(plan)


def plan(
    suite: Suite,
    repo: Repo,
    base: Base,
    head: Head = "HEAD",
    models: Models = None,
    budget: Budget = Budget.quick,
    include_training: IncludeTraining = False,
    threads: Threads = None,
    output: Annotated[Format, typer.Option("--format", help="Form of the answer.")] = Format.text,
) -> int:
    """Say what a change affects, why, what will run and what is skipped.

    Example: slimgate plan --suite PaddleSeg --repo PaddleSeg --base develop --head my-branch
    """
    from rich.console import Console

    from bot.render.terminal import print_plan

    made, _ = compute_plan(suite, repo, base, head, models, budget, include_training, threads)
    if output is Format.json:
        typer.echo(made.model_dump_json(indent=1, by_alias=True))
    else:
        print_plan(made, Console(highlight=False))
    return 0


def compute_plan(
    suite: str,
    repo: Path,
    base: str,
    head: str,
    models: list[str] | None,
    budget: Budget,
    include_training: bool,
    threads: int | None,
    all_matching: bool = False,
) -> tuple[Plan, GitRepo]:
    """The plan and the repository; raises InputError before anything is written."""
    from bot.cases import Request
    from bot.plan import make_plan
    from compress.git import open_repo
    from compress.manifest import find_manifest, load_manifest

    manifest_path = find_manifest(suite)
    manifest = load_manifest(manifest_path)
    opened = open_repo(repo)
    tip, commit = opened.resolve(base), opened.resolve(head)
    left = opened.merge_base(tip, commit) or tip
    request = Request(budget.value, tuple(models or ()), all_matching, include_training)
    made = make_plan(opened, left, commit, manifest, manifest_path, request, threads)
    return made, opened
