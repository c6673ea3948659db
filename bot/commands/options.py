"""Options that several commands share. Imports nothing heavy: ``--help`` must be fast."""

from __future__ import annotations

import math
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer


class BudgetName(str, Enum):
    """How much work each job may do."""

    quick = "quick"
    full = "full"


class Format(str, Enum):
    """Text for people, or one JSON document on standard output for programs."""

    text = "text"
    json = "json"


Suite = Annotated[
    str,
    typer.Option(
        help="Suite to work on: the name of a manifest that ships with slimgate, or the path of a "
        "manifest file."
    ),
]
Repo = Annotated[Path, typer.Option(help="Path of a git checkout of the suite.")]
Base = Annotated[str, typer.Option(help="Base branch; its merge base with --head is compared.")]
OptionalBase = Annotated[
    str | None,
    typer.Option(
        help="Base branch; its merge base with --head is compared. Needed unless two runtimes are "
        "compared."
    ),
]
Head = Annotated[str, typer.Option(help="Branch, tag or commit that holds the change.")]
Revision = Annotated[str, typer.Option(help="Branch, tag or commit of the suite to use.")]
Out = Annotated[Path, typer.Option(help="Output folder; it is created if it does not exist.")]
Data = Annotated[
    Path | None,
    typer.Option(
        help="Folder with the data sets, used in place of the suite's data folder (default: the "
        "data folder inside --repo)."
    ),
]
StoreFolder = Annotated[
    Path | None,
    typer.Option(
        "--store",
        help="Folder of the store, which caches exported and compressed models (default: "
        "$SLIMGATE_STORE, else ~/.cache/slimgate/store).",
    ),
]
Records = Annotated[
    str | None,
    typer.Option(
        help="Git repository, as a URL or path, whose data branch keeps accepted regressions and "
        "the history (default: none is kept)."
    ),
]
Threads = Annotated[
    int | None, typer.Option(help="Number of CPU threads (default: all available cores).", min=1)
]
PlannedThreads = Annotated[
    int | None,
    typer.Option(
        help="Number of CPU threads (default: as the manifest says, else all available cores).",
        min=1,
    ),
]
Models = Annotated[
    list[str] | None,
    typer.Option(
        help="Run only models whose name matches this pattern, as in PP-*; repeatable (default: "
        "every affected model)."
    ),
]
IncludeTraining = Annotated[
    bool,
    typer.Option(
        "--include-training",
        help="Also run models of which only training settings changed; normally they are skipped, "
        "since their exported weights stay the same.",
    ),
]
Fetch = Annotated[
    bool,
    typer.Option(
        "--fetch/--no-fetch", help="Download published weights that the store does not hold yet."
    ),
]


def no_nan(value: float | None) -> float | None:
    """The value of an option with limits, which a NaN is neither below nor above."""
    if value is not None and math.isnan(value):
        raise typer.BadParameter("nan is no number; give a number, or leave the option out")
    return value


MAX_SECONDS = 30 * 86_400.0
StageTimeout = Annotated[
    float | None,
    typer.Option(
        help="Time limit of one stage, such as export or compress, in seconds; then its worker is "
        "killed (default: as the budget says).",
        min=1,
        max=MAX_SECONDS,
        callback=no_nan,
    ),
]
WorkerTimeout = Annotated[
    float | None,
    typer.Option(
        help="Time limit of one stage, in seconds; then its worker is killed (default: 600).",
        min=1,
        max=MAX_SECONDS,
        callback=no_nan,
    ),
]
RunnerKind = Annotated[
    str,
    typer.Option(
        "--kind",
        help="Kind of runner that this machine is: the manifest says which targets and runtime it "
        "measures with.",
    ),
]
RuntimeName = Annotated[
    str | None,
    typer.Option(
        "--runtime",
        help="Runtime in which models are compressed and measured: the name of one that ships with "
        "slimgate, or the path of a runtime's file (default: slimgate's own environment).",
    ),
]
RuntimeNames = Annotated[
    list[str] | None,
    typer.Option(
        "--runtime",
        help="Runtime in which models are compressed and measured: the name of one that ships with "
        "slimgate, or the path of a runtime's file (default: slimgate's own environment). Given "
        "twice, --head is measured in both: the first stands for base, the second for head.",
    ),
]
Sandboxed = Annotated[
    bool,
    typer.Option(
        "--sandbox/--no-sandbox",
        help="Run the suite's code in a bubblewrap sandbox: without network, other files or other "
        "processes (docs/runners.md).",
    ),
]
SandboxedModel = Annotated[
    bool,
    typer.Option(
        "--sandbox/--no-sandbox",
        help="Run the model in a bubblewrap sandbox: a model is a program, whose ops may write "
        "files (docs/runners.md).",
    ),
]
SandboxedForStrangers = Annotated[
    bool | None,
    typer.Option(
        "--sandbox/--no-sandbox",
        help="Run the suite's code in a bubblewrap sandbox: without network, other files or other "
        "processes (docs/runners.md). Default: if a commit is not your own.",
        show_default=False,
    ),
]
Budget = Annotated[
    BudgetName,
    typer.Option(
        help="Work per job: quick cuts training, calibration and evaluation to the manifest's "
        "caps; full does as much as the recipe says."
    ),
]
Output = Annotated[
    Format,
    typer.Option("--format", help="Output format: text for people, json for programs."),
]
Outputs = Annotated[
    Path | None,
    typer.Option(
        "--outputs",
        envvar="GITHUB_OUTPUT",
        help="File to which outputs for later jobs of the workflow are appended.",
    ),
]
RequestFile = Annotated[
    Path, typer.Option(help="Request file (JSON) that slimgate admit wrote with --out.")
]
PlanFile = Annotated[Path, typer.Option(help="Plan file (plan.json) of this run.")]
PlanHash = Annotated[
    str | None,
    typer.Option(
        "--plan-sha256", help="SHA-256 that the plan file must have (default: unchecked)."
    ),
]
ModelFolder = Annotated[
    Path,
    typer.Argument(help="Folder with an inference model: model.pdmodel and model.pdiparams."),
]
