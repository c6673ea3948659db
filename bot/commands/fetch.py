"""``slimgate fetch``: an inference model that somebody has published."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.options import StoreFolder
from bot.commands.wiring import open_publisher


def fetch(
    address: Annotated[str, typer.Argument(help="Address of a zip or tar file with the model.")],
    out: Annotated[Path, typer.Option(help="Folder for model.pdmodel and model.pdiparams.")],
    sha256: Annotated[
        str | None, typer.Option(help="What the archive has to be, in hexadecimal.")
    ] = None,
    store: StoreFolder = None,
) -> int:
    """Fetch a published inference model, for bench, nodes and lint --model.

    Only https addresses on hosts where the suites publish are fetched from. An interrupted fetch
    goes on where it stopped, and the archive is kept in the store.

    Example: slimgate fetch https://bj.bcebos.com/MODEL.tar --out model
    """
    from bot.run.folders import require_empty
    from bot.text.progress import progress, stderr_console
    from compress.weights.exports import fetch_export

    require_empty(out)
    with progress(stderr_console()) as say:
        fetch_export(address, sha256, out, open_publisher(store, say))
    typer.echo(f"{out}/model.pdmodel")
    return 0


COMMAND = fetch
