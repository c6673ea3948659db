"""Plays a pull request that changes code alone: ``python -m examples.play_code [OUT]``.

The example suite gets the code of the installed PaddleSeg. A contributor changes an activation of a
network: the run waits until a maintainer names the commit, the programs of both sides are compared,
what differs is measured, and the check fails. Then the contributor renames variables instead, and
nothing is left to measure. GitHub is the emulator, everything else is real; see ``examples.play``.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
from pathlib import Path

from bot.commands.wiring import store_root
from bot.run.demo import make_repository
from core.installation import installed_package
from examples.github.push import push
from examples.github.server import OWNER, run_github
from examples.make_data import make_dataset
from examples.play import DEMO, Play, expect, make_records, render

NETWORK = "paddleseg/models/pphumanseg_lite.py"
ACTIVATION = ("        x = F.relu(x)\n", "        x = F.hardswish(x)\n")
BEFORE = """\
        x = self._conv(x)
        x = self._batch_norm(x)
        x = F.relu(x)
        return x
"""
AFTER = '''\
        """Convolution, normalisation, activation."""
        features = self._batch_norm(self._conv(x))
        return F.relu(features)
'''
BRANCHES = {"activation": ACTIVATION, "renamed": (BEFORE, AFTER)}


def play(out: Path) -> None:
    """The whole story; files go to ``out``."""
    data = (store_root(None).parent / "data" / DEMO.manifest).resolve()
    make_dataset("seg", data / "shapes")
    shutil.rmtree(out, ignore_errors=True)
    repo = make_repository(DEMO, out / "suite")
    _add_code(repo)
    with contextlib.ExitStack() as stack:
        github = stack.enter_context(run_github())
        story = Play(github, repo, data, make_records(out), out, github.url)
        github.call("PUT", "/collaborators/maintainer", permission="push")
        push(github, repo, "main", "main", OWNER)
        changed = push(github, repo, "activation", "change", OWNER)
        github.call("POST", "/pulls", title="A smoother activation", head="change", base="main")
        _held(story, changed)
        _measured(story, changed)
        _renamed(story)
        (out / "conversation.html").write_text(render(story.comments()))
        (out / "report.md").write_text(story.report())
        for step, seconds in story.seconds.items():
            print(f"{seconds:7.2f} s  {step}")
    print(f"conversation: {out / 'conversation.html'}")


def _add_code(repo: Path) -> None:
    """The suite's code on ``main``, and a branch for each change of it."""
    package = installed_package("paddleseg", "paddleseg")
    if package is None:
        raise SystemExit("paddleseg is not installed")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(package, repo / "paddleseg", ignore=ignored)
    _commit(repo, "main", "Add the suite's code")
    for branch, (old, new) in BRANCHES.items():
        _git(repo, "checkout", "-q", "-b", branch, "main")
        text = (repo / NETWORK).read_text()
        if old not in text:
            raise SystemExit(f"{NETWORK} does not contain {old!r}")
        (repo / NETWORK).write_text(text.replace(old, new, 1))
        _commit(repo, branch, f"Change the network: {branch}")
    _git(repo, "checkout", "-q", "main")


def _held(story: Play, commit: str) -> None:
    print("\nA contributor opens a pull request that changes code alone.")
    request = story.gate("opened", "pull_request_target", story.pull_event("opened"))
    assert request is not None
    plan = story.plan("opened", request)
    expect("what would run waits", "This changes code that would run" in (plan["held"] or ""), True)
    affected = [item["config"] for item in plan["affected"]]
    expect("affected", affected, [c for c in affected if "pp_humanseg_lite" in c])
    story.publish("opened", request)
    expect("check", story.check(commit), "action_required")
    expect("the comment says so", "Waiting for a maintainer" in story.report(), True)
    print("\nA stranger cannot let it run.")
    event = story.say("stranger", f"/rebench {commit}")
    expect("run", story.gate("stranger", "issue_comment", event), None)


def _measured(story: Play, commit: str) -> None:
    print("\nA maintainer has read the change and names its commit.")
    event = story.say("maintainer", f"/rebench {commit}")
    request = story.gate("maintainer", "issue_comment", event)
    assert request is not None
    story.measure("maintainer", request)
    programs = story.programs("maintainer")
    expect("programs that differ", [p["change"] is not None for p in programs], [True])
    expect("check", story.check(commit), "failure")
    expect("the comment shows the op", "relu → hard" in story.report(), True)
    expect("the comment says so", "Accuracy regressed" in story.report(), True)


def _renamed(story: Play) -> None:
    print("\nThe contributor renames variables instead.")
    commit = push(story.github, story.repo, "renamed", "change", OWNER)
    request = story.gate("pushed", "pull_request_target", story.pull_event("synchronize"))
    assert request is not None
    story.plan("pushed", request)
    story.publish("pushed", request)
    expect("check of the new head", story.check(commit), "action_required")
    request = story.gate("named", "issue_comment", story.say("maintainer", f"/rebench {commit}"))
    assert request is not None
    story.measure("named", request)
    programs = story.programs("named")
    expect("programs that differ", [p["change"] is not None for p in programs], [False])
    expect("check of the new head", story.check(commit), "success")
    expect("the comment says so", "Nothing to measure" in story.report(), True)


def _commit(repo: Path, branch: str, message: str) -> None:
    _git(repo, "checkout", "-q", branch)
    _git(repo, "add", "-A")
    _git(repo, "commit", "-q", "-m", message)


def _git(repo: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=slimgate demo", "-c", "user.email=demo@example.invalid")
    subprocess.run(["git", "-C", str(repo), *identity, *arguments], check=True)


if __name__ == "__main__":
    play(Path(sys.argv[1] if len(sys.argv) > 1 else "output/play-code").resolve())
