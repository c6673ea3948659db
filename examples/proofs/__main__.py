"""``make check-rules``: every rule's defect and its fix, found by the doctor and run for real."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.lint.lint import lint_files
from compress.doctor.diagnose import diagnose
from compress.doctor.facts import FailureFacts, GraphFacts
from compress.doctor.rule import Subject
from compress.doctor.rules import RULES
from compress.doctor.text import parse_text
from compress.worker.start import Workplace, start_worker
from core.errors import InputError, JobFailure
from examples.proofs.cases import CASES, ELSEWHERE, Case

MODULE = "examples.proofs.worker"
ROOT = Path(__file__).parents[2]
TIMEOUT_S = 300.0


@dataclass(frozen=True)
class Proof:
    """What was seen of a case."""

    case: Case
    found: bool
    silent: bool
    bad: dict[str, Any]
    good: dict[str, Any]

    @property
    def holds(self) -> bool:
        """The doctor speaks of the defect and not of its fix, and the runs differ as it says."""
        return self.found and self.silent and self.case.claim(self.bad, self.good)


def main() -> int:
    """Prints a line for each case; returns how many do not hold."""
    wanted = set(sys.argv[1:])
    cases = [case for case in CASES if not wanted or case.code in wanted]
    lost = 0
    with tempfile.TemporaryDirectory() as folder:
        place = Workplace(Path(folder), {"PYTHONPATH": str(ROOT)})
        for proof in prove(cases, place):
            lost += not proof.holds
            print(_line(proof), flush=True)
    print(f"{len(cases) - lost} of {len(cases)} rules hold")
    if not wanted:
        print(f"not run here, of {len(RULES)} rules:")
        for code, why in ELSEWHERE.items():
            print(f"       {code}  {why}")
    return min(lost, 1)


def prove(cases: list[Case], place: Workplace) -> Iterator[Proof]:
    """Runs each case; every recipe in a process of its own, since ACT keeps what it was given."""
    models = {kind: _export(kind, place) for kind in {case.kind for case in cases}}
    for case in cases:
        model, graph = models[case.kind]
        bad, good = (text.replace("{node}", graph.candidates[0]) for text in (case.bad, case.good))
        ended = _run(case.do, model, bad, case.bad_more, place)
        mended = _run(case.do, model, good, case.good_more, place)
        yield Proof(
            case,
            found=case.code in _codes(bad, graph, case.facts(ended, case.bad_more)),
            silent=case.stays
            or case.code not in _codes(good, graph, case.facts(mended, case.good_more)),
            bad=ended,
            good=mended,
        )


def _export(kind: str, place: Workplace) -> tuple[Path, GraphFacts]:
    out = place.scratch / f"model-{kind}"
    out.mkdir()
    with start_worker(MODULE, "export", place) as worker:
        answer = worker.call({"do": "export", "kind": kind, "out": str(out)}, TIMEOUT_S)
    return out, GraphFacts.model_validate(answer["facts"])


def _codes(text: str, graph: GraphFacts, facts: dict[str, Any]) -> set[str]:
    if text.startswith("schema:"):
        return _codes_of_manifest(text)
    try:
        subject = Subject(parse_text(text, "recipe.yaml"), graph=graph, **facts)
        return {one.code for one in diagnose(subject)}
    except InputError:
        return {"SG100"}


def _codes_of_manifest(text: str) -> set[str]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "manifest.yml"
        file.write_text(text)
        return {one.code for one in lint_files([file], None, fix=False).findings}


def _run(do: str, model: Path, text: str, more: dict[str, Any], place: Workplace) -> dict[str, Any]:
    recipe = place.scratch / "recipe.yaml"
    recipe.write_text(text)
    try:
        with start_worker(MODULE, do, place) as worker:
            return worker.call(
                {"do": do, "model": str(model), "recipe": str(recipe), **more}, TIMEOUT_S
            )
    except JobFailure as failure:
        said = FailureFacts("load", failure.kind, failure.message, failure.log_tail)
        return {"error": f"{failure.kind}: {failure.message[:90]}", "failure": said}


def _line(proof: Proof) -> str:
    mark = "holds" if proof.holds else "FAILS"
    heard = "" if proof.found and proof.silent else " (doctor: wrong)"
    return (
        f"{mark}  {proof.case.code}  {proof.case.said}{heard}\n"
        f"       defect: {_short(proof.bad)}\n       fixed:  {_short(proof.good)}"
    )


def _short(outcome: dict[str, Any]) -> str:
    if "error" in outcome:
        return str(outcome["error"])
    words: dict[str, Callable[[Any], str]] = {
        "planned": lambda value: str(value.splitlines()[0]) if value else "",
        "strategies": "+".join,
        "weights": lambda value: f"{len(value)} weights quantised",
        "images": lambda value: f"{value} images read",
        "evaluations": lambda value: f"{value} evaluations",
        "flops": lambda value: f"{value / 1e3:.0f}k products",
        "convolutions": lambda value: f"{value[0]} of {value[1]} convolutions in int8",
        "int8": lambda value: f"int8: {', '.join(value) or 'none'}",
        "losses": lambda value: f"loss {value[0]:.3g} to {value[-1]:.3g}" if value else "",
        "distance": lambda value: f"outputs moved {value:.3f}",
        "range": lambda value: f"from {value[0]} to {value[1]}",
        "lacking": lambda value: f"{len(value)} images outside",
        "apart": lambda value: f"outputs apart {value:.4f}",
    }
    return ", ".join(word(outcome[key]) for key, word in words.items() if outcome.get(key))


if __name__ == "__main__":
    sys.exit(main())
