"""``slimgate demo``: sample pull requests on the example suites, with everything run for real."""

from __future__ import annotations

import shutil
import time
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import Out, StoreFolder
from bot.commands.wiring import open_workshop, store_root

if TYPE_CHECKING:
    from bot.run.demo import Played


class Which(str, Enum):
    """The example suites."""

    seg = "seg"
    det = "det"
    both = "all"


def demo(
    which: Annotated[Which, typer.Argument(help="Example suite.")] = Which.both,
    out: Out = Path("output/demo"),
    store: StoreFolder = None,
) -> int:
    """Play three pull requests on each example suite: harmless, cosmetic, and harmful.

    Exits 0 if each ended as it should.

    Example: slimgate demo seg --out demo
    """
    from bot.run.demo import play_suite
    from bot.text.progress import progress, stderr_console, stdout_console
    from core.errors import InputError
    from examples.scenarios import DEMOS

    if out.exists() and any(out.iterdir()) and not _is_demo(out):
        raise InputError(f"{out} holds other files", key="--out", hint="name an empty folder")
    names = tuple(name for name in DEMOS if which is Which.both or name == which.value)
    start = time.monotonic()
    played: list[Played] = []
    with progress(stderr_console()) as say, open_workshop(store, say) as workshop:
        for name in names:
            shutil.rmtree(out / name, ignore_errors=True)
            played += play_suite(name, out, store_root(None).parent / "data", workshop)
    _show(played, stdout_console())
    print(f"demo took {time.monotonic() - start:.0f} s")
    return 0 if all(scenario.as_expected for scenario in played) else 1


def _show(played: list[Played], console: object) -> None:
    from rich.console import Console
    from rich.text import Text

    from bot.report.terminal import print_report

    assert isinstance(console, Console)
    for one in played:
        mark = "as expected" if one.as_expected else "NOT AS EXPECTED"
        console.print(Text(f"\n{one.suite} {one.scenario.name}: {one.scenario.story}", "bold"))
        print_report(one.report, console)
        console.print(Text(f"exit code {one.report.exit_code}, {mark}"))
        console.print(Text(f"report: {one.folder / 'report.html'}"), soft_wrap=True)


def _is_demo(out: Path) -> bool:
    return all(path.name in ("seg", "det") for path in out.iterdir())


COMMAND = demo
