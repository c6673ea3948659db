"""How fast the bot answers, against the emulator: ``make bench-github`` prints medians.

Times are of whole processes as a workflow's job starts them. "own" is without the time in which the
emulator made its answers.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bot.plan.request import RunRequest
from core.schema import write_json
from examples.github.server import SLUG
from tests.bot.builders import make_plan, make_result, write_results
from tests.github.world import open_world

REPEATS, CASES = 7, 20


class Clock:
    """When requests reach GitHub, in seconds after the command started."""

    def __init__(self, world):
        self.world, self.requests, self.start, self.waited = world, [], 0.0, 0.0
        self.answer = world.github.front.answer
        world.github.front.answer = self._timed

    def _timed(self, request, headers, raw):
        came = time.monotonic()
        self.requests.append((request.method, request.path, came - self.start, self.waited))
        answer = self.answer(request, headers, raw)
        self.waited += time.monotonic() - came
        return answer

    def run(self, *arguments):
        self.requests, self.start, self.waited = [], time.monotonic(), 0.0
        environment = {
            **os.environ,
            "GITHUB_API_URL": self.world.connection.api_url,
            "GITHUB_REPOSITORY": self.world.connection.repository,
            "GITHUB_TOKEN": self.world.connection.token,
            "GITHUB_RUN_ID": "5",
            "SLIMGATE_APP": SLUG,
        }
        command = [sys.executable, "-m", "bot.cli", *map(str, arguments)]
        subprocess.run(command, env=environment, check=True, capture_output=True)
        spent = time.monotonic() - self.start
        return spent, spent - self.waited

    def first(self, method, ending):
        """When the first such request came, and without what was waited until then."""
        matches = (
            (at, waited)
            for verb, path, at, waited in self.requests
            if verb == method and path.endswith(ending)
        )
        at, waited = next(matches)
        return at, at - waited


def say(step, samples, calls):
    (middle, worst), (own, worst_own) = [
        (statistics.median(column), max(column)) for column in zip(*samples, strict=True)
    ]
    times = f"{middle:5.2f} s (longest {worst:.2f}), own {own:5.2f} s (longest {worst_own:.2f})"
    print(f"{step:<43} {times}  {calls}")


def bench_comment(world, clock, folder):
    """A maintainer's comment, until the reaction and until everything is done."""
    reactions, durations = [], []
    for _ in range(REPEATS):
        comment = world.github.call("POST", "/issues/1/comments", "maintainer", body="/rebench")
        issue = {"number": 1, "state": "open", "pull_request": {"url": "x"}}
        repository = world.github.fetch("")
        event = {"action": "created", "issue": issue, "comment": comment, "repository": repository}
        (folder / "event.json").write_text(json.dumps(event))
        options = ("--suite", "example-seg", "--event", folder / "event.json", "--runners", "cpu")
        durations.append(
            clock.run(
                "admit", *options, "--event-name", "issue_comment", "--out", folder / "r.json"
            )
        )
        reactions.append(clock.first("POST", "/reactions"))
        for posted in world.comments():  # or it would stop answering for talking too much
            world.github.call("DELETE", f"/issues/comments/{posted['id']}")
    say("event to acknowledgement (reaction)", reactions, "")
    say("event to answer, check and request", durations, f"{len(clock.requests)} calls")


def bench_publish(world, clock, folder):
    """The first publishing of 20 cases, and one that finds everything as it should be."""
    heads = {"base": world.commits["main"], "head": world.commits["regression"]}
    plan = make_plan(CASES).model_copy(update=heads)
    measured = folder / "results" / "results-cpu"
    measured.mkdir(parents=True)
    results = {
        job.id: make_result(measured, job=job.id, quality={"head qat": 0.8}).model_copy(
            update=heads
        )
        for job in plan.jobs
    }
    write_results(measured, results)
    write_json(folder / "plan.json", plan)
    request = RunRequest(origin="push", number=1, base="main", head=heads["head"], runners=("cpu",))
    write_json(folder / "request.json", request)
    options = ("--request", folder / "request.json", "--plan", folder / "plan.json")
    where = ("--results", folder / "results", "--out", folder / "report")
    fresh, again, calls = [], [], 0
    for _ in range(REPEATS):
        for posted in world.comments():
            world.github.call("DELETE", f"/issues/comments/{posted['id']}")
        fresh.append(clock.run("publish", *options, *where))
        calls = max(calls, len(clock.requests))
        again.append(clock.run("publish", *options, *where))
    say(f"last result to comment and check, {CASES} cases", fresh, f"{calls} calls")
    say("the same again, nothing to change", again, f"{len(clock.requests)} calls")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with open_world(folder) as world:
            clock = Clock(world)
            bench_comment(world, clock, folder)
            bench_publish(world, clock, folder)


if __name__ == "__main__":
    main()
