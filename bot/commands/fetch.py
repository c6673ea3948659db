"""``slimgate fetch``: downloads a published inference model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.options import StoreFolder
from bot.commands.wiring import open_publisher


def fetch(
    address: Annotated[
        str, typer.Argument(help="https address of a zip or tar archive with the model.")
    ],
    out: Annotated[
        Path,
        typer.Option(
            help="Output folder for model.pdmodel and model.pdiparams; it must be empty or not "
            "exist."
        ),
    ],
    sha256: Annotated[
        str | None,
        typer.Option(
            help="SHA-256 that the archive must have, in hexadecimal (default: unchecked)."
        ),
    ] = None,
    store: StoreFolder = None,
) -> int:
    """Download a published inference model, for use with bench, nodes, shapes and lint --model.

    Only the hosts where the suites publish are allowed. The archive is kept in the store; run an
    interrupted download again to resume it.

    Example: slimgate fetch https://bj.bcebos.com/MODEL.tar --out model
    """
    from bot.run.folders import require_empty
    from bot.text.output import print_text
    from bot.text.progress import progress, stderr_console
    from compress.weights.exports import fetch_export

    require_empty(out)
    with progress(stderr_console()) as say:
        fetch_export(address, sha256, out, open_publisher(store, say))
    print_text(f"{out}/model.pdmodel")
    return 0


COMMAND = fetch
