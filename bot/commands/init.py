"""``slimgate init``: puts the bot into a suite."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.commands.options import Repo


def init(
    repo: Repo,
    slimgate: Annotated[
        str, typer.Option(help="slimgate's repository and commit: OWNER/NAME@COMMIT.")
    ],
    bundled: Annotated[
        str | None, typer.Option(help="Use a manifest that ships with slimgate.")
    ] = None,
    dialect: Annotated[
        str | None, typer.Option(help="paddleseg or paddledet (default: found out).")
    ] = None,
) -> int:
    """Write the two workflows and the manifest that a suite needs. Run again with another commit,
    it moves the workflows to that; a manifest that is there is kept.

    Example: slimgate init --repo . --slimgate OWNER/slimgate@COMMIT
    """
    from bot.install.suite_files import Installation, suite_files, write_suite_files
    from core.git import open_repo

    open_repo(repo)
    files = suite_files(repo, Installation(slimgate, bundled, dialect))
    new = write_suite_files(repo, files)
    for path in files:
        print(f"{'wrote' if path in new else 'kept '}  {path}")
    print(
        "next: commit these to the default branch, then set up a runner: slimgate's docs/runners.md"
    )
    return 0


COMMAND = init
