"""``slimgate published``: holds a manifest's published figures against the suite's own tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import Repo, Suite

if TYPE_CHECKING:
    from bot.lint.published import Unconfirmed


def published(
    suite: Suite,
    repo: Repo,
    revision: Annotated[
        str, typer.Option(help="Revision of the suite whose tables are read.")
    ] = "HEAD",
) -> int:
    """Compare a manifest's published figures with the tables that the suite publishes.

    Reads the Markdown files beside the suite's recipes. A figure counts as confirmed if a row about
    its case has it.

    Exit code: 0 all figures are confirmed, 1 some are not, 2 bad input.

    Example: slimgate published --suite PaddleSeg --repo PaddleSeg --revision release/2.9
    """
    from bot.lint.published import find_unconfirmed, read_tables, suites_own, table_files
    from bot.text.escape import one_line
    from bot.text.output import print_text
    from compress.manifest import find_manifest, load_manifest
    from core.errors import EXIT_GATE, InputError
    from core.git import open_repo
    from core.git_objects import FETCH_ALL

    opened = open_repo(repo)
    manifest = load_manifest(find_manifest(suite))
    files = opened.tree(opened.resolve(revision))
    names = table_files(manifest, files)
    if not names:
        folders = ", ".join(manifest.recipe_roots)
        hint = "give a revision that has them with --revision"
        raise InputError(f"no Markdown file lies beside {folders}", key="--revision", hint=hint)
    contents = dict(opened.read([files[name].blob for name in names]))
    missing = [name for name in names if contents[files[name].blob] is None]
    if missing:
        raise InputError("cannot be read: missing or too large", file=missing[0], hint=FETCH_ALL)
    texts = {name: (contents[files[name].blob] or b"").decode(errors="replace") for name in names}
    rows = [row for name, text in texts.items() for row in read_tables(text, name)]
    found = list(find_unconfirmed(manifest, rows))
    for line in _lines(found):
        print_text(one_line(line))
    total = sum(len(suites_own(model)) for model in manifest.models)
    rows_of = f"{total} row{'' if total == 1 else 's'} of the suite's recipes"
    print_text(f"{rows_of}, {len(found)} figure{'' if len(found) == 1 else 's'} not confirmed")
    return EXIT_GATE if found else 0


def _lines(found: list[Unconfirmed]) -> list[str]:
    """A line for each figure, and once for each case the rows about it."""
    lines: dict[str, None] = {}
    for item in found:
        lines[f"{item.case} ({item.machine}): {item.key} {item.value} is in no row about it"] = None
        rows = item.rows or ("no row links to its recipe",)
        lines.update(dict.fromkeys(f"  {item.case}: {row}" for row in rows))
    return list(lines)


COMMAND = published
