"""Attacks the installed program and prints a table by surface; ends 1 if anything got through."""

import argparse
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tests.attack.attack import Attack, Ended
from tests.attack.run import run_attack
from tests.attack.surfaces import NAMES, attacks_of


def main() -> int:
    options = parse_options()
    attacks = [
        (surface, attack)
        for surface in options.surface or NAMES
        for attack in attacks_of(surface)
        if options.match in attack.name and attack.paddle <= options.paddle
    ]
    if options.list:
        print("\n".join(f"{surface}: {attack.name}" for surface, attack in attacks))
        return 0
    with ThreadPoolExecutor(options.jobs) as pool:
        outcomes = list(pool.map(lambda pair: attempt(*pair), attacks))
    show(outcomes)
    return 1 if any(wrong for *_, wrong in outcomes) else 0


def parse_options() -> argparse.Namespace:
    """The options of this command."""
    parser = argparse.ArgumentParser(prog="python -m tests.attack", description=__doc__)
    parser.add_argument(
        "--surface", action="append", choices=NAMES, help="only this one; repeatable"
    )
    parser.add_argument("--match", default="", help="only attacks whose name has this text")
    parser.add_argument("--paddle", action="store_true", help="also those that start Paddle")
    parser.add_argument("--jobs", type=int, default=2, help="how many run at a time")
    parser.add_argument("--list", action="store_true", help="print the names and run nothing")
    return parser.parse_args()


def attempt(surface: str, attack: Attack) -> tuple[str, Attack, Ended, list[str]]:
    """Runs one attack and prints what got through."""
    ended, wrong = run_attack(attack)
    for problem in wrong:
        print(f"{surface}: {attack.name}: {problem}", file=sys.stderr, flush=True)
    return surface, attack, ended, wrong


def show(outcomes: list[tuple[str, Attack, Ended, list[str]]]) -> None:
    """A row for each surface: attacks, how they ended, the slowest, the largest."""
    columns = ("surface", "attacks", "refused", "taken", "got through", "slowest", "most memory")
    table = Table(*columns)
    for surface in dict.fromkeys(surface for surface, *_ in outcomes):
        rows = [row for row in outcomes if row[0] == surface]
        codes = Counter(ended.code for _, _, ended, _ in rows)
        slowest = max(rows, key=lambda row: row[2].seconds)
        largest = max(rows, key=lambda row: row[2].peak_mib)
        table.add_row(
            surface,
            str(len(rows)),
            str(codes[2] + codes[3]),
            str(codes[0] + codes[1]),
            str(sum(bool(wrong) for *_, wrong in rows)),
            f"{slowest[2].seconds:.1f} s {escape(slowest[1].name)}",
            f"{largest[2].peak_mib:.0f} MiB {escape(largest[1].name)}",
        )
    Console(width=None if sys.stdout.isatty() else 160).print(table)
    through = sum(bool(wrong) for *_, wrong in outcomes)
    print(f"{len(outcomes)} attacks, {through} got through")


if __name__ == "__main__":
    sys.exit(main())
