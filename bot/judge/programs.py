"""Judges what runners say of candidates: whether changed code alters the programs of models.

What they say is as hostile as any result: it has to belong to the plan, or it is missing.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bench.programs import PROGRAMS, Compared, Comparison, ProgramsResult
from bot.judge.results import MAX_REASON, complaint, require_regular
from bot.plan.values import Plan
from bot.report.report import Conclusion, ProgramOutcome, ProgramReport
from core.errors import InputError
from core.schema import load_json
from core.texts import cut_text

MAX_PROGRAMS_BYTES, MAX_PROGRAMS_VALUES = 16 * 2**20, 500_000


@dataclass(frozen=True)
class LoadedPrograms:
    """What a runner says, by config; ``problem``: why there is nothing, empty if there is."""

    compared: Mapping[str, Comparison] = field(default_factory=dict)
    problem: str = ""


def load_programs(plan: Plan, folder: Path) -> LoadedPrograms:
    """What lies in a runner's folder of results."""
    path = folder / PROGRAMS
    if not plan.candidates:
        return LoadedPrograms()
    if not os.path.lexists(path):
        return LoadedPrograms(problem=f"no result arrived{complaint(folder)}")
    try:
        require_regular(path, MAX_PROGRAMS_BYTES)
        result = load_json(ProgramsResult, path, MAX_PROGRAMS_VALUES)
        problem = _problem(plan, result)
    except InputError as error:
        problem = error.message + (f" ({error.key})" if error.key else "")
    except Exception as error:  # noqa: BLE001  hostile bytes may break any parser above
        problem = f"the result cannot be read: {type(error).__name__}"
    if problem:
        return LoadedPrograms(problem=cut_text(problem, MAX_REASON))
    return LoadedPrograms({item.config_file: item for item in result.candidates})


def _problem(plan: Plan, result: ProgramsResult) -> str:
    """Why a well-formed result does not belong to the plan; empty if it does."""
    if (result.base, result.head) != (plan.base, plan.head):
        return f"this is the result for {result.base[:12]}..{result.head[:12]}"
    names = [item.config_file for item in result.candidates]
    if len(set(names)) != len(names):
        return "the result names a model twice"
    unplanned = set(names) - {candidate.config_file for candidate in plan.candidates}
    return f"the result names {min(unplanned)}, which was not planned" if unplanned else ""


def judge_programs(
    plan: Plan, programs: Mapping[str, LoadedPrograms], measured: Collection[str]
) -> tuple[ProgramReport, ...]:
    """Every candidate on every kind of runner. ``measured``: configs that jobs measure."""
    return tuple(
        report
        for runner, loaded in programs.items()
        for report in _judge_runner(plan, runner, loaded, measured)
    )


def _judge_runner(
    plan: Plan, runner: str, loaded: LoadedPrograms, measured: Collection[str]
) -> Iterator[ProgramReport]:
    judged = {
        c.config_file: _outcome(loaded.compared.get(c.config_file), loaded.problem)
        for c in plan.candidates
    }
    altered = {config for config, (outcome, _) in judged.items() if outcome == "differs"}
    seen = used_definitions(plan, altered & set(measured))
    for candidate in plan.candidates:
        config = candidate.config_file
        item = loaded.compared.get(config)
        outcome, reason = judged[config]
        is_represented = seen.issuperset(candidate.definitions)
        yield ProgramReport(
            config_file=config,
            runner=runner,
            outcome=outcome,
            conclusion=_conclusion(outcome, is_represented),
            reason=reason,
            change=item.change if isinstance(item, Compared) else None,
            settled=outcome == "same" and candidate.settles,
        )


def used_definitions(plan: Plan, configs: Collection[str]) -> frozenset[int]:
    """What differs and is used by candidates of these configs, by number."""
    used = (item.definitions for item in plan.candidates if item.config_file in configs)
    return frozenset[int]().union(*used)


def _outcome(item: Comparison | None, problem: str) -> tuple[ProgramOutcome, str]:
    """The outcome, with the reason why there is no comparison."""
    if item is None:
        return "missing", problem or "no result arrived: the run ended, or its time was up, before"
    if isinstance(item, Compared):
        return ("same" if item.change is None else "differs"), ""
    first = item.failures[0]
    sides = {failure.side for failure in item.failures}
    reason = f"{first.stage}: {first.message}"
    if any(failure.kind in ("timeout", "limit") for failure in item.failures):
        return "missing", reason
    return ("fails" if sides == {"head"} else "failed before"), reason


def _conclusion(outcome: ProgramOutcome, is_represented: bool) -> Conclusion:
    """Altered programs are judged by jobs that measure all that differs in them."""
    if outcome in ("fails", "missing"):
        return "action_required"
    return "neutral" if outcome == "differs" and not is_represented else "success"
