"""``slimgate demo``: plays sample pull requests on the example suites, with real measurements."""

from __future__ import annotations

import shutil
import time
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import Out, RuntimeName, StoreFolder
from bot.commands.wiring import open_workshop, store_root

if TYPE_CHECKING:
    from bot.run.demo import Played


class ExampleSuite(str, Enum):
    """The example suites: segmentation, detection, or both."""

    seg = "seg"
    det = "det"
    both = "all"


def demo(
    example: Annotated[
        ExampleSuite, typer.Argument(help="Example suite: segmentation, detection, or all.")
    ] = ExampleSuite.both,
    out: Out = Path("output/demo"),
    store: StoreFolder = None,
    runtime: RuntimeName = None,
) -> int:
    """Play three sample pull requests on each example suite: harmless, cosmetic and harmful.

    Everything is real: git, export, compression, accuracy and latency. Each pull request gets a
    report in --out.

    Exit code: 0 every pull request ended as expected, 1 at least one did not.

    Example: slimgate demo seg --out demo
    """
    from bot.run.demo import play_suite
    from bot.text.output import print_text
    from bot.text.progress import stdout_console
    from core.errors import InputError
    from examples.scenarios import DEMOS

    if out.exists() and any(out.iterdir()) and not _is_demo(out):
        raise InputError(f"{out} holds other files", key="--out", hint="name an empty folder")
    names = tuple(name for name in DEMOS if example is ExampleSuite.both or name == example.value)
    start = time.monotonic()
    played: list[Played] = []
    with open_workshop(store, runtime=runtime) as workshop:
        for name in names:
            shutil.rmtree(out / name, ignore_errors=True)
            played += play_suite(name, out, store_root(None).parent / "data", workshop)
    _show(played, stdout_console())
    print_text(f"demo took {time.monotonic() - start:.0f} s")
    return 0 if all(scenario.as_expected for scenario in played) else 1


def _show(played: list[Played], console: object) -> None:
    from rich.console import Console

    from bot.report.terminal import print_report
    from bot.text.progress import plain_text

    assert isinstance(console, Console)
    for ending in played:
        mark = "as expected" if ending.as_expected else "NOT AS EXPECTED"
        scenario, report = ending.scenario, ending.report
        title = f"{ending.suite} {scenario.name}: {scenario.story}"
        console.print()
        console.print(plain_text(title, "bold"), soft_wrap=True)
        print_report(report, console)
        console.print(plain_text(f"exit code {report.exit_code}, {mark}"))
        console.print(plain_text(f"report: {ending.folder / 'report.html'}"), soft_wrap=True)


def _is_demo(out: Path) -> bool:
    return all(path.name in ("seg", "det") for path in out.iterdir())


COMMAND = demo
