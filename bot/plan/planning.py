"""Makes a plan for a command line, or for a run that an event on GitHub requested."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from bot.plan.cases import Request
from bot.plan.fit import fit_plan
from bot.plan.make import make_plan, read_trees
from bot.plan.request import RunRequest
from bot.plan.trust import keep_apart
from bot.plan.values import Plan
from bot.plan.words import read_base_branch
from bot.text.lists import first_of
from compress.manifest import Manifest, find_manifest, load_manifest, under
from compress.suites import find_dialect
from core.errors import InputError
from core.git import Entry, GitRepo, open_repo

MAX_NAMED, MAX_WORDS = 3, 100


@dataclass(frozen=True)
class Suite:
    """``name``: a bundled manifest or the path of one; ``repo``: a checkout of the suite;
    ``threads``: None for the manifest's.
    """

    name: str
    repo: Path
    threads: int | None = None


def plan_range(suite: Suite, base: str, head: str, request: Request) -> tuple[Plan, GitRepo]:
    """The plan for what ``head`` changed since its merge base with ``base``; raises InputError."""
    opened = open_repo(suite.repo)
    tip, commit = opened.resolve(base), opened.resolve(head)
    fork = opened.merge_base(tip, commit) or tip
    return fit_plan(_plan(suite, opened, (fork, commit), fork, request)), opened


def plan_runtimes(
    suite: Suite, commit: str, runtimes: tuple[str, str], request: Request
) -> tuple[Plan, GitRepo]:
    """The plan to measure one commit in two runtimes: as base in the first, as head in the second.
    Raises InputError.
    """
    opened = open_repo(suite.repo)
    head = opened.resolve(commit)
    plan = _plan(suite, opened, (head, head), head, replace(request, all_matching=True))
    return fit_plan(plan.model_copy(update={"runtimes": runtimes})), opened


def plan_request(suite: Suite, admitted: RunRequest) -> Plan:
    """The plan for an admitted run; it is held if code changed that no maintainer reviewed."""
    opened = open_repo(suite.repo)
    commit = opened.resolve(admitted.head)
    if admitted.base_commit is None or admitted.trusted_commit is None:
        key = "base_commit" if admitted.base_commit is None else "trusted_commit"
        hint = "make the request with slimgate admit"
        raise InputError("the request names no commit to compare with", key=key, hint=hint)
    fork, trusted = opened.resolve(admitted.base_commit), opened.resolve(admitted.trusted_commit)
    request = Request(
        budget=admitted.budget,
        models=admitted.models,
        all_matching=admitted.everything or bool(admitted.models or admitted.runtimes),
        recipe=admitted.recipe,
        all_needed=bool(admitted.models or admitted.recipe),
    )
    plan = _plan(suite, opened, (fork, commit), trusted, request)
    change = _change(plan, admitted)
    if change is not None:
        plan = keep_apart(plan, change, lambda commit: opened.is_ancestor(commit, trusted))
    if admitted.number is not None:
        words = _unknown_words(plan, opened, trusted, load_manifest(find_manifest(suite.name)))
        plan = plan.model_copy(update={"unknown_words": words})
    ruled = {"held": _reason_to_hold(plan, admitted), "runtimes": admitted.runtimes}
    return fit_plan(plan.model_copy(update=ruled))


def _change(plan: Plan, admitted: RunRequest) -> str | None:
    """The name under which what the run makes is kept until it is merged; None for a run of the
    default branch.
    """
    if admitted.origin == "queue":
        return f"{plan.suite}-queue-{plan.head}"
    return f"{plan.suite}-{admitted.number}" if admitted.number is not None else None


def changed_code(
    repo: GitRepo, dialect: str, trusted: str, commits: tuple[str, ...]
) -> tuple[str, ...]:
    """Files of the code that workers run which differ from ``trusted`` in one of the commits; no
    other code of a suite reaches a runner.
    """
    folders = find_dialect(dialect).code

    def code(commit: str) -> dict[str, Entry]:
        return {path: entry for path, entry in repo.tree(commit).items() if under(path, folders)}

    reviewed = code(trusted)
    changed = {path for commit in commits for path, _ in code(commit).items() ^ reviewed.items()}
    return tuple(sorted(changed))


def _plan(
    suite: Suite, opened: GitRepo, sides: tuple[str, str], trusted: str, request: Request
) -> Plan:
    path = find_manifest(suite.name)
    plan = make_plan(opened, *sides, load_manifest(path), path, request, suite.threads)
    code = changed_code(opened, plan.dialect, trusted, sides)
    return plan.model_copy(update={"code_changes": code})


def _unknown_words(
    plan: Plan, opened: GitRepo, trusted: str, manifest: Manifest
) -> tuple[str, ...]:
    """What the configs of jobs say beyond data, as the base branch's configs vouch for it."""
    apart = [job for job in plan.jobs if any(side.change for side in job.sides.values())]
    if not apart:
        return ()
    reader = read_base_branch(read_trees(opened, trusted, trusted, manifest).base, manifest)
    words = (word for job in apart for word in reader.unknown_in(job))
    return tuple(islice(dict.fromkeys(words), MAX_WORDS))


def _reason_to_hold(plan: Plan, admitted: RunRequest) -> str | None:
    """Why the jobs must wait: a worker would run code, or be told more than data, that no
    maintainer has reviewed.
    """
    nothing_runs = not plan.runs or admitted.results_run is not None
    if nothing_runs or admitted.reviewed or admitted.number is None:
        return None
    reasons = []
    if plan.code_changes:
        reasons.append(
            f"This changes code that would run ({first_of(plan.code_changes, MAX_NAMED)})."
        )
    if plan.unknown_words:
        words = first_of(plan.unknown_words, MAX_NAMED)
        reasons.append(f"This says more in configs than the base branch vouches for: {words}.")
    if not reasons:
        return None
    command = f"{_command(admitted)} {plan.head}"
    return " ".join([f"A maintainer who has reviewed it writes: {command}.", *reasons])


def _command(admitted: RunRequest) -> str:
    if admitted.runtimes is not None:
        return f"/rebench --runner {admitted.runners[0]} --runtime {admitted.runtimes[1]}"
    return f"/rebench compare {admitted.against}" if admitted.against else "/rebench"
