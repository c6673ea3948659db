"""``slimgate init``: adds the bot's workflows and a manifest to a suite."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.commands.options import Repo


def init(
    repo: Repo,
    slimgate: Annotated[
        str,
        typer.Option(
            help="slimgate's repository on GitHub and the full commit to use, as OWNER/NAME@COMMIT."
        ),
    ],
    bundled: Annotated[
        str | None,
        typer.Option(
            help="Name of a manifest that ships with slimgate, to use it instead of writing one."
        ),
    ] = None,
    dialect: Annotated[
        str | None,
        typer.Option(
            help="Name of the suite's dialect, which is how its configs are written (default: "
            "detected from its packages and configs)."
        ),
    ] = None,
) -> int:
    """Write the two workflows and the manifest that a suite needs to run the bot.

    Run it again with another commit to update the workflows. An existing manifest is kept, and
    nothing else is overwritten.

    Example: slimgate init --repo . --slimgate OWNER/slimgate@COMMIT
    """
    from bot.install.suite_files import Installation, suite_files, write_suite_files
    from bot.text.output import print_text
    from core.git import open_repo

    open_repo(repo)
    files = suite_files(repo, Installation(slimgate, bundled, dialect))
    new = write_suite_files(repo, files)
    for path in files:
        print_text(f"{'wrote' if path in new else 'kept '}  {path}")
    print_text(
        "next: commit these to the default branch, then set up a runner: slimgate's docs/runners.md"
    )
    return 0


COMMAND = init
