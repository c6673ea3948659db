"""Checks every statement about hardware on this machine's GPU, for ``slimgate runner verify``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bench.gpu import NoGpu, find_gpu
from bot.run.demo import make_repository
from bot.text.output import print_text
from bot.verify.observe import ChosenModel
from bot.verify.page import MARKS, render_page
from bot.verify.record import RECORD, Place, fill_record, open_record
from bot.verify.statements import judge_statements, load_statements
from compress.checkout import open_checkout
from compress.workshop import Workshop
from core.errors import EXIT_GATE, EXIT_INCOMPLETE, EXIT_OK, InputError
from core.schema import write_text
from examples.make_data import make_dataset
from examples.scenarios import DEMOS

PAGE = "hardware.md"
UPSTREAM = {
    "PaddleSeg": ("PP-LiteSeg-Tiny",),
    "PaddleDetection": ("PP-PicoDet-S-320", "PP-YOLOE+_crn_l_80e"),
}
"""Models of the suites that are measured where there is a clone of them."""
PTQ = "slimgate:ptq.yaml"


@dataclass(frozen=True)
class Sources:
    """Where models come from: ``data``: the folder below which the examples' data sets are made;
    ``clones``: of suites, by their manifest.
    """

    data: Path
    clones: dict[str, Path]


def no_gpu() -> str | None:
    """Why there is no GPU here; None if there is one."""
    try:
        find_gpu()
    except NoGpu as error:
        return str(error)
    return None


def verify_runner(
    sources: Sources, place: Place, now: datetime, workshop: Workshop, out: Path
) -> int:
    """Writes the record and the page, and prints what holds; returns the exit code."""
    _open_folder(out)
    record = open_record(place, now, workshop, out)
    subjects = tuple(_subjects(sources, workshop, out / "suites"))
    record = fill_record(record, subjects, place, workshop, out)
    statements = load_statements()
    write_text(out / PAGE, render_page(record, statements))
    judged = list(judge_statements(statements, record))
    for statement, ruling in judged:
        print_text(f"{MARKS[ruling.holds]}  {statement.id}: {ruling.seen}")
    print_text(f"record: {out / RECORD}")
    print_text(f"page:   {out / PAGE}")
    return _exit_code([ruling.holds for _, ruling in judged])


def _open_folder(out: Path) -> None:
    """Creates the folder; raises InputError if it holds anything but an earlier record."""
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / RECORD).exists())):
        raise InputError(
            f"{out} holds other files",
            key="--out",
            hint="name an empty folder, or one of an earlier run",
        )
    out.mkdir(parents=True, exist_ok=True)


def _exit_code(holds: Sequence[bool | None]) -> int:
    """1 if a statement does not hold, 3 if none could be told."""
    if False in holds:
        return EXIT_GATE
    return EXIT_OK if True in holds else EXIT_INCOMPLETE


def _subjects(sources: Sources, workshop: Workshop, repositories: Path) -> Iterator[ChosenModel]:
    for name, demo in DEMOS.items():
        data = sources.data / demo.manifest
        workshop.say(f"{demo.manifest}: making the data set")
        make_dataset(name, data / "shapes")
        repository = make_repository(demo, repositories / name)
        checkout = open_checkout(demo.manifest, repository, "main", data)
        yield from (ChosenModel(checkout, model) for model in checkout.manifest.models)
    for suite, clone in sources.clones.items():
        checkout = open_checkout(suite, clone, "HEAD", None)
        yield from (ChosenModel(checkout, checkout.model(name), PTQ) for name in UPSTREAM[suite])
