"""Plans from what was asked for: by options of the command line, or by an event on GitHub."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.plan.cases import Request
from bot.plan.make import make_plan
from bot.plan.request import RunRequest
from bot.plan.values import Plan
from compress.manifest import find_manifest, load_manifest, under
from compress.suites import find_dialect
from core.errors import InputError
from core.git import Entry, GitRepo, open_repo

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
    left = opened.merge_base(tip, commit) or tip
    return _plan(suite, opened, (left, commit), left, request), opened


def plan_request(suite: Suite, asked: RunRequest) -> Plan:
    """The plan for a run that the gate admitted; held if code changed that nobody reviewed."""
    opened = open_repo(suite.repo)
    commit = opened.resolve(asked.head)
    if asked.base_commit is None or asked.trusted_commit is None:
        hint = "make the request with slimgate admit"
        raise InputError("no commit to compare with", key="base_commit", hint=hint)
    left, trusted = opened.resolve(asked.base_commit), opened.resolve(asked.trusted_commit)
    named = bool(asked.models or asked.recipe)
    request = Request(
        budget=asked.budget,
        models=asked.models,
        all_matching=asked.everything or bool(asked.models),
        recipe=asked.recipe,
        all_needed=named,
    )
    plan = _plan(suite, opened, (left, commit), trusted, request)
    return plan.model_copy(update={"held": _reason_to_hold(plan, asked)})


def changed_code(
    repo: GitRepo, dialect: str, trusted: str, commits: tuple[str, ...]
) -> tuple[str, ...]:
    """Files among those that workers run that are not in each of the commits as in ``trusted``;
    nothing else of a suite reaches a runner.
    """
    folders = find_dialect(dialect).code

    def code(commit: str) -> dict[str, Entry]:
        return {path: one for path, one in repo.tree(commit).items() if under(path, folders)}

    known = code(trusted)
    found = {path for commit in commits for path, _ in (code(commit).items() ^ known.items())}
    return tuple(sorted(found))


def _plan(
    suite: Suite, opened: GitRepo, sides: tuple[str, str], trusted: str, request: Request
) -> Plan:
    path = find_manifest(suite.name)
    plan = make_plan(opened, *sides, load_manifest(path), path, request, suite.threads)
    code = changed_code(opened, plan.dialect, trusted, sides)
    return plan.model_copy(update={"code_changes": code})


def _reason_to_hold(plan: Plan, asked: RunRequest) -> str | None:
    """Why the jobs must wait: code of somebody's that no maintainer has looked at."""
    if not plan.code_changes or not plan.jobs or asked.reviewed or asked.number is None:
        return None
    named = ", ".join(plan.code_changes[:MAX_NAMED_FILES])
    more = len(plan.code_changes) - MAX_NAMED_FILES
    files = f"{named} and {more} more" if more > 0 else named
    return (
        f"This changes code that would run ({files}). A maintainer who has looked at it writes: "
        f"{_command(asked)} {plan.head[:12]}"
    )


def _command(asked: RunRequest) -> str:
    return f"/rebench compare {asked.against}" if asked.against else "/rebench"
