"""Plans from what was asked for: by options of the command line, or by an event on GitHub."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bench.job import Plan
from bot.cases import Request
from bot.plan import make_plan
from bot.request import RunRequest
from compress.errors import InputError
from compress.git import GitRepo, open_repo
from compress.manifest import find_manifest, load_manifest

MAX_NAMED_FILES = 3


@dataclass(frozen=True)
class Suite:
    """A manifest and a checkout; ``threads`` None leaves them to the manifest."""

    name: str
    repo: Path
    threads: int | None = None


def plan_range(suite: Suite, base: str, head: str, request: Request) -> tuple[Plan, GitRepo]:
    """The plan for what ``head`` changed since it left ``base``; raises InputError."""
    opened = open_repo(suite.repo)
    tip, commit = opened.resolve(base), opened.resolve(head)
    return _plan(suite, opened, opened.merge_base(tip, commit) or tip, commit, request)


def plan_request(suite: Suite, asked: RunRequest) -> Plan:
    """The plan for a run that the gate admitted; held if code changed that nobody reviewed."""
    opened = open_repo(suite.repo)
    commit = opened.resolve(asked.head)
    if asked.base_commit is None:
        hint = "make the request with slimgate gate"
        raise InputError("no commit to compare with", key="base_commit", hint=hint)
    left = opened.resolve(asked.base_commit)
    named = bool(asked.models or asked.recipe)
    request = Request(
        budget=asked.budget,
        models=asked.models,
        all_matching=asked.everything or bool(asked.models),
        recipe=asked.recipe,
        all_needed=named,
    )
    plan, _ = _plan(suite, opened, left, commit, request)
    return plan.model_copy(update={"held": _reason_to_hold(plan, asked)})


def _plan(
    suite: Suite, opened: GitRepo, left: str, commit: str, request: Request
) -> tuple[Plan, GitRepo]:
    path = find_manifest(suite.name)
    plan = make_plan(opened, left, commit, load_manifest(path), path, request, suite.threads)
    return plan, opened


def _reason_to_hold(plan: Plan, asked: RunRequest) -> str | None:
    """Why the jobs must wait: code of somebody's that no maintainer has looked at."""
    if not plan.code_changes or not plan.jobs or asked.reviewed or asked.number is None:
        return None
    named = ", ".join(plan.code_changes[:MAX_NAMED_FILES])
    more = len(plan.code_changes) - MAX_NAMED_FILES
    files = f"{named} and {more} more" if more > 0 else named
    return (
        f"This changes code that would run ({files}). A maintainer who has looked at it writes: "
        f"/rebench {plan.head[:12]}"
    )
