"""Options that several commands share. Imports nothing heavy: help must answer at once."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

Suite = Annotated[str, typer.Option(help="A bundled suite, or the path of a manifest.")]
Repo = Annotated[Path, typer.Option(help="A checkout of the suite.")]
Base = Annotated[str, typer.Option(help="The branch to change; compared is where HEAD left it.")]
Head = Annotated[str, typer.Option(help="Revision with the change.")]
Out = Annotated[Path, typer.Option(help="Folder for what is written.")]
Data = Annotated[
    Path | None,
    typer.Option(help="Folder that stands for the suite's data folder (default: REPO/DATA_DIR)."),
]
StoreFolder = Annotated[
    Path | None,
    typer.Option(
        "--store", help="The store (default: $SLIMGATE_STORE or ~/.cache/slimgate/store)."
    ),
]
Records = Annotated[
    str | None,
    typer.Option(help="Repository whose data branch keeps acceptances and history."),
]
Threads = Annotated[int | None, typer.Option(help="CPU threads (default: all available).", min=1)]
Models = Annotated[
    list[str] | None, typer.Option(help="Only models that match this pattern; repeatable.")
]
IncludeTraining = Annotated[
    bool, typer.Option("--include-training", help="Also run what only training keys touch.")
]
Fetch = Annotated[
    bool, typer.Option("--fetch/--no-fetch", help="Fetch published weights that are not here.")
]
StageTimeout = Annotated[
    float | None, typer.Option(help="Seconds after which a worker is killed.", min=1)
]
Sandboxed = Annotated[
    bool, typer.Option(help="Confine the suite's code with bubblewrap, as runners do.")
]


class BudgetName(str, Enum):
    """How much work a run may do."""

    quick = "quick"
    full = "full"


class Format(str, Enum):
    """For people, or for machines on standard output."""

    text = "text"
    json = "json"
