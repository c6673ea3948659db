"""Takes each defence away and shows that its test fails: ``python -m tests.defences.mutate``.

Works on copies of the working tree, two at a time. First every test has to pass with all defences
in place. Exits 1 if a defence's loss is not seen, or an entry no longer applies.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import TypeVar

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.text.progress import Say, progress, stderr_console, stdout_console
from core.errors import EXIT_GATE, EXIT_INPUT, EXIT_OK, InputError
from core.installation import ROOT
from tests.defences.entries import Defence, Entry, load_areas, select
from tests.defences.proving import Proof, not_green, prove
from tests.defences.tree import Tree, copy_tree

T, R = TypeVar("T"), TypeVar("R")
PROCESSES = 2
COLOURS = {"proved": "green", "survives": "red"}


class Pool:
    """As many trees as there are processes; each is used by one at a time."""

    def __init__(self, trees: Sequence[Tree]) -> None:
        self.size = len(trees)
        self._free: SimpleQueue[Tree] = SimpleQueue()
        for tree in trees:
            self._free.put(tree)

    @contextmanager
    def tree(self) -> Iterator[Tree]:
        """A tree that nobody else uses meanwhile."""
        tree = self._free.get()
        try:
            yield tree
        finally:
            self._free.put(tree)


def prove_all(entries: Sequence[Entry], pool: Pool, say: Say) -> list[Proof]:
    """A proof, or what is missing for one, of each entry, in order."""
    say(f"{len(entries)} entries: their tests with every defence in place")
    problems = _problems([entry.defence for entry in entries], pool)

    def prove_one(entry: Entry) -> Proof:
        with pool.tree() as tree:
            proof = prove(entry, tree, problems)
        say(f"{entry.area} {entry.number}: {proof.result}: {entry.defence.defence}")
        return proof

    return _in_threads(prove_one, entries, pool.size)


def _problems(defences: Sequence[Defence], pool: Pool) -> dict[str, str]:
    """The tests that are not green, with the reason. Tests of one file run in one process."""
    files = sorted({defence.test.partition("::")[0] for defence in defences})
    shares = [files[start :: pool.size] for start in range(pool.size)]

    def run(share: Sequence[str]) -> dict[str, str]:
        with pool.tree() as tree:
            return not_green(tree, [d for d in defences if d.test.partition("::")[0] in share])

    return {test: why for part in _in_threads(run, shares, pool.size) for test, why in part.items()}


def _in_threads(call: Callable[[T], R], items: Sequence[T], processes: int) -> list[R]:
    with ThreadPoolExecutor(processes) as executor:
        return list(executor.map(call, items))


def print_proofs(proofs: Sequence[Proof], console: Console) -> None:
    """A row for each entry, all about those that are not proved, and how many ended how."""
    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for header in ("entry", "result", "defence", "file", "what its test says without it"):
        grid.add_column(header, overflow="ellipsis", no_wrap=header != "defence")
    for proof in proofs:
        defence = proof.entry.defence
        said = proof.reason if proof.result == "proved" else "see below"
        cells = (_name(proof), proof.result, defence.defence, defence.file, said)
        grid.add_row(*map(Text, cells), style=COLOURS.get(proof.result, "yellow"))
    console.print(grid)
    for proof in proofs:
        if proof.result != "proved":
            console.print(Text(_details(proof)), soft_wrap=True)
    counts = Counter(proof.result for proof in proofs)
    console.print(", ".join(f"{count} {result}" for result, count in counts.most_common()))


def _name(proof: Proof) -> str:
    return f"{proof.entry.area} {proof.entry.number}"


def _details(proof: Proof) -> str:
    defence = proof.entry.defence
    lines = [f"{_name(proof)}: {proof.result}: {defence.defence}", f"  file:   {defence.file}"]
    lines += [f"  test:   {defence.test}"]
    return "\n".join([*lines, *([f"  reason: {proof.reason}"] if proof.reason else [])])


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Exit code: 0 every defence's loss is seen, 1 not every one, 2 malformed entries."""
    options = _parser().parse_args(arguments)
    try:
        entries = select(load_areas(root, options.only), options.match)
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)
        return EXIT_INPUT
    with tempfile.TemporaryDirectory(prefix="slimgate-mutate-") as folder:
        trees = [copy_tree(Path(folder) / str(n), root) for n in range(options.processes)]
        with progress(stderr_console()) as say:
            proofs = prove_all(entries, Pool(trees), say)
    print_proofs(proofs, stdout_console())
    return EXIT_OK if all(proof.result == "proved" for proof in proofs) else EXIT_GATE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.defences.mutate", description=__doc__)
    parser.add_argument("--only", action="append", default=[], metavar="AREA")
    parser.add_argument("--match", default="", metavar="TEXT", help="in any field of an entry")
    parser.add_argument("--processes", type=int, default=PROCESSES, metavar="NUMBER")
    return parser


if __name__ == "__main__":
    sys.exit(main())
