"""Plays a pull request from end to end: ``python -m examples.play [OUT] [--validate]``.

GitHub is the emulator behind the front; everything else is real: the commits, the plan, compression
and measuring of an example suite on this machine, the comment and the check. Each step prints what
happened and stops the play if it is not what should have.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

from bot.commands.wiring import store_root
from bot.run.demo import make_repository
from examples.github.prism import validate
from examples.github.push import push
from examples.github.server import OWNER, SLUG, GitHub, run_github
from examples.make_data import make_dataset
from examples.scenarios import DEMOS

DEMO = DEMOS["seg"]
PAGE = """<!doctype html><meta charset="utf-8"><title>The conversation</title>
<style>body{{font:14px/1.5 system-ui,sans-serif;max-width:980px;margin:24px auto;padding:0 12px}}
table{{border-collapse:collapse;display:block;overflow-x:auto}}td,th{{border:1px solid #d1d9e0;
padding:6px 10px}}article{{border:1px solid #d1d9e0;border-radius:6px;margin:16px 0}}
header{{background:#f6f8fa;padding:8px 14px;border-bottom:1px solid #d1d9e0}}
section{{padding:4px 14px}}code{{background:#eff1f3;padding:.1em .3em;border-radius:4px}}</style>
{articles}"""


@dataclass
class Play:
    """The state of the play; ``seconds`` by step are those of our own commands."""

    github: GitHub
    repo: Path
    data: Path
    records: Path
    out: Path
    api_url: str
    seconds: dict[str, float] = field(default_factory=dict)

    def slimgate(self, step: str, *arguments: str) -> str:
        """Runs a command as a workflow's job does; returns what it printed."""
        environment = {
            **os.environ,
            "GITHUB_API_URL": self.api_url,
            "GITHUB_REPOSITORY": self.github.repository,
            "GITHUB_TOKEN": self.github.token,
            "GITHUB_RUN_ID": "1",
            "SLIMGATE_APP": SLUG,
        }
        start = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "bot.cli", *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        self.seconds[step] = round(time.monotonic() - start, 2)
        if done.returncode != 0:
            raise SystemExit(f"{step}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout.strip()

    def gate(self, step: str, name: str, event: dict[str, Any]) -> Path | None:
        """What the gate wants measured after an event, if anything."""
        folder = self.out / step
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "event.json").write_text(json.dumps(event))
        request = folder / "request.json"
        options = ["--suite", DEMO.manifest, "--runners", "cpu", "--out", str(request)]
        event_options = ["--event", str(folder / "event.json"), "--event-name", name]
        self.slimgate(f"{step}: admit", "admit", *options, *event_options)
        return request if request.exists() else None

    def measure(self, step: str, request: Path) -> None:
        """Plan, announce, execute, publish, as the jobs of one workflow run."""
        self.plan(step, request)
        folder = request.parent
        measured = folder / "measured"
        made = ("--plan", str(folder / "plan.json"))
        asked = ("--request", str(request), *made, "--records", str(self.records))
        self.slimgate(f"{step}: announce", "announce", *asked)
        suite = ("--suite", DEMO.manifest, "--repo", str(self.repo), "--data", str(self.data))
        self.slimgate(f"{step}: execute", "execute", *made, *suite, "--out", str(measured))
        (folder / "results").mkdir()
        (measured / "results").rename(folder / "results" / "results-cpu")  # as artifacts arrive
        self.publish(step, request)

    def plan(self, step: str, request: Path) -> dict[str, Any]:
        """The plan for a request."""
        suite = ("--suite", DEMO.manifest, "--repo", str(self.repo))
        plan = request.parent / "plan.json"
        asked = ("--request", str(request), "--out", str(plan))
        self.slimgate(f"{step}: plan", "plan", *suite, *asked)
        made: dict[str, Any] = json.loads(plan.read_text())
        return made

    def publish(self, step: str, request: Path) -> None:
        """Comment and check, from whatever results there are."""
        folder = request.parent
        (folder / "results").mkdir(exist_ok=True)
        asked = ("--request", str(request), "--plan", str(folder / "plan.json"))
        results = ("--results", str(folder / "results"), "--records", str(self.records))
        self.slimgate(
            f"{step}: publish", "publish", *asked, *results, "--out", str(folder / "report")
        )

    def programs(self, step: str) -> list[dict[str, Any]]:
        """What a run says of the programs of models."""
        file = self.out / step / "results" / "results-cpu" / "programs.json"
        compared: list[dict[str, Any]] = json.loads(file.read_text())["candidates"]
        return compared

    def pull_event(self, action: str) -> dict[str, Any]:
        """The payload of a pull_request_target event."""
        pull = self.github.fetch("/pulls/1")
        return {"action": action, "pull_request": pull, "repository": self.github.fetch("")}

    def say(self, login: str, body: str) -> dict[str, Any]:
        """Somebody comments; the payload of the issue_comment event."""
        comment = self.github.call("POST", "/issues/1/comments", login, body=body)
        pull = self.github.fetch("/pulls/1")
        issue = {"number": 1, "state": pull["state"], "pull_request": {"url": pull["url"]}}
        repository = self.github.fetch("")
        return {"action": "created", "issue": issue, "comment": comment, "repository": repository}

    def comments(self) -> list[dict[str, Any]]:
        """The conversation."""
        found: list[dict[str, Any]] = self.github.fetch("/issues/1/comments")
        return found

    def report(self) -> str:
        """The body of the one comment with the report."""
        bodies = [c["body"] for c in self.comments() if "slimgate:report" in c["body"]]
        if len(bodies) != 1:
            raise SystemExit(f"{len(bodies)} reports in the conversation, not one")
        return str(bodies[0])

    def check(self, commit: str) -> str:
        """Status and conclusion of our newest check on the commit."""
        runs = self.github.fetch(f"/commits/{commit}/check-runs")["check_runs"]
        newest = max(runs, key=lambda run: run["id"])
        return str(newest["conclusion"] or newest["status"])


def make_records(out: Path) -> Path:
    """A repository for the data branch, which the emulator's cannot be: git does not reach it."""
    records = out / "records.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(records)], check=True)
    return records


def expect(what: str, found: object, wanted: object) -> None:
    """Prints a line; stops the play if it is not as it should be."""
    if found != wanted:
        raise SystemExit(f"✗ {what}: {found!r}, not {wanted!r}")
    print(f"✓ {what}: {found}")


def play(out: Path, validated: bool) -> None:
    """The whole story; files go to ``out``. ``validated``: requests pass the OpenAPI proxy."""
    data = (store_root(None).parent / "data" / DEMO.manifest).resolve()
    make_dataset("seg", data / "shapes")
    shutil.rmtree(out, ignore_errors=True)
    repo = make_repository(DEMO, out / "suite")
    with contextlib.ExitStack() as stack:
        github = stack.enter_context(run_github())
        proxy = stack.enter_context(validate(github.url)) if validated else None
        story = Play(github, repo, data, make_records(out), out, proxy.url if proxy else github.url)
        github.call("PUT", "/collaborators/maintainer", permission="push")
        push(github, repo, "main", "main", OWNER)
        bad = push(github, repo, "regression", "change", OWNER)
        github.call("POST", "/pulls", title="Smaller weights", head="change", base="main")
        _opened(story, bad)
        _commands(story, bad)
        _fixed(story, bad)
        _merged(story)
        (out / "conversation.html").write_text(render(story.comments()))
        (out / "report.md").write_text(story.report())
        if proxy is not None:
            requests = [line for line in proxy.log if "Request received" in line]
            print(f"{len(requests)} requests passed the proxy")
            expect("violations of GitHub's OpenAPI description", proxy.violations, [])
        for step, seconds in story.seconds.items():
            print(f"{seconds:7.2f} s  {step}")
    print(f"conversation: {out / 'conversation.html'}")


def _opened(story: Play, bad: str) -> None:
    print("\nA contributor opens a pull request that changes a recipe.")
    request = story.gate("opened", "pull_request_target", story.pull_event("opened"))
    expect("check", story.check(bad), "in_progress")
    assert request is not None
    story.measure("opened", request)
    expect("check", story.check(bad), "failure")
    expect("the comment says so", "Accuracy regressed" in story.report(), True)


def _commands(story: Play, bad: str) -> None:
    print("\nA stranger asks for a new run, then a maintainer does.")
    event = story.say("stranger", "/rebench")
    expect("run", story.gate("stranger", "issue_comment", event), None)
    expect("answer", "only people who may write" in story.comments()[-1]["body"], True)
    expect("reaction", story.github.front.reactions[event["comment"]["id"]], ["eyes"])
    event = story.say("maintainer", "Let us see it again.\n\n/rebench PP-LiteSeg-320")
    request = story.gate("maintainer", "issue_comment", event)
    assert request is not None
    expect("check", story.check(bad), "in_progress")
    story.measure("maintainer", request)
    expect("check", story.check(bad), "failure")


def _fixed(story: Play, bad: str) -> None:
    print("\nThe contributor pushes a harmless change instead.")
    good = push(story.github, story.repo, "benign", "change", OWNER)
    request = story.gate("fixed", "pull_request_target", story.pull_event("synchronize"))
    expect("the comment is marked stale", "⏳ Measuring" in story.report(), True)
    expect("check of the new head", story.check(good), "in_progress")
    assert request is not None
    story.measure("fixed", request)
    expect("check of the new head", story.check(good), "success")
    expect("check of the old head", story.check(bad), "failure")
    expect("the comment says so", "within its limits" in story.report(), True)


def _merged(story: Play) -> None:
    print("\nThe pull request is merged: its results become history.")
    event = story.pull_event("closed")
    event["pull_request"].update(merged=True, merge_commit_sha="c" * 40)
    request = story.gate("merged", "pull_request_target", event)
    assert request is not None
    suite = ("--suite", DEMO.manifest, "--repo", str(story.repo))
    plan, asked = request.parent / "plan.json", ("--request", str(request))
    story.slimgate("merged: plan", "plan", *suite, *asked, "--out", str(plan))
    earlier = ("--results", str(story.out / "fixed" / "results"))
    out = ("--out", str(request.parent / "report"), "--records", str(story.records))
    story.slimgate("merged: publish", "publish", *asked, "--plan", str(plan), *earlier, *out)
    file = "slimgate-data:history/PP-HumanSeg-Lite.qat.jsonl"
    command = ["git", "-C", str(story.records), "show", file]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    expect("history", [json.loads(line)["commit"] for line in lines], ["c" * 40])


def render(comments: list[dict[str, Any]]) -> str:
    """The conversation as a page, with the Markdown rendered."""
    markdown = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    articles = [
        f"<article><header><b>{comment['user']['login']}</b></header>"
        f"<section>{markdown.render(comment['body'])}</section></article>"
        for comment in comments
    ]
    return PAGE.format(articles="\n".join(articles))


if __name__ == "__main__":
    options = [word for word in sys.argv[1:] if word != "--validate"]
    folder = Path(options[0] if options else "output/play").resolve()
    play(folder, "--validate" in sys.argv)
