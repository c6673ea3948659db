"""Which jobs run for which event and what each may do, by GitHub's own parser and engine.

Payloads are GitHub's examples, with our pull request in them; the gate between is the real one,
against the emulator.
"""

import copy
import json
import subprocess
from datetime import datetime, timezone
from pathlib import Path

import pytest
import yaml

from bot.commands.admit import admit
from bot.github.actions import CreateCheck, UpdateCheck
from bot.github.values import CHECK_NAME, CheckText
from examples.github.push import push
from examples.github.server import HERE, OWNER, SLUG, node
from tests.github.world import open_world, workflow_run

ROOT = Path(__file__).parent.parent.parent
CALLERS = ("slimgate-pull-request.yml", "slimgate-comment.yml")
CALLED = ROOT / ".github" / "workflows" / "slimgate.yml"
PAYLOADS = HERE / "node_modules/@octokit/webhooks-examples/api.github.com/index.json"
EVERY = {"gate", "plan", "announce", "bench", "publish"}
JUDGED_AGAIN = {"gate", "plan", "publish"}
NOTHING_FOLLOWS = {"gate"}


def load(path):
    return yaml.load(path.read_text(), Loader=yaml.BaseLoader)  # "on" stays a string


def caller(name):
    return ROOT / "configs" / "workflows" / name


@pytest.fixture(scope="module")
def evaluate():
    """Evaluates a workflow in one process for all."""
    command = [node(), "--no-warnings", "workflows.mjs"]
    with subprocess.Popen(
        command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:

        def ask(path, contexts, outcomes=None):
            run = {"name": path.name, "content": path.read_text(), "contexts": contexts}
            process.stdin.write(json.dumps({**run, "outcomes": outcomes or {}}) + "\n")
            process.stdin.flush()
            answer = json.loads(process.stdout.readline())
            assert answer["errors"] == []
            return answer

        yield ask
        process.stdin.close()


def running(answer):
    return {name for name, job in answer["jobs"].items() if job["state"]["result"] != "skipped"}


def example(name, action):
    payloads = {event["name"]: event["examples"] for event in json.loads(PAYLOADS.read_text())}
    matches = [payload for payload in payloads[name] if payload.get("action") == action]
    return copy.deepcopy((matches or payloads[name])[0])


def pull_event(world, action, **changes):
    event = example("pull_request", action)
    pull = world.github.fetch("/pulls/1")
    event["pull_request"].update({k: pull[k] for k in ("number", "head", "base", "state")})
    event["repository"] = world.github.fetch("")
    event.update(action=action, number=1)
    event["pull_request"].update(changes.pop("pull_request", {}))
    return {**event, **changes}


def group_event(world, head, action="checks_requested"):
    """The merge queue's event for a commit that adds pull request 1 to main."""
    event = example("merge_group", action)
    event["merge_group"].update(
        head_sha=world.commits[head],
        head_ref=f"refs/heads/gh-readonly-queue/main/pr-1-{world.commits['main']}",
        base_sha=world.commits["main"],
        base_ref="refs/heads/main",
    )
    return event


def comment_event(world, body, login="maintainer", action="created", **changes):
    event = example("issue_comment", "created")
    comment = world.github.call("POST", "/issues/1/comments", login, body=body)
    event["repository"] = world.github.fetch("")
    event["issue"].update(number=1, state="open", pull_request={"url": "https://example.org/1"})
    event["comment"].update(id=comment["id"], body=body, user={"login": login, "type": "User"})
    event["action"] = action
    for part, values in changes.items():
        event[part].update(values)
    return event


def outputs_in(path):
    """What a job wrote to its outputs."""
    lines = path.read_text().splitlines() if path.exists() else []
    return dict(line.split("=", 1) for line in lines)


class Stage:
    """Lets an event happen: the callers, the gate, and what follows."""

    def __init__(self, world, folder, monkeypatch, evaluate):
        self.world, self.folder, self.evaluate = world, folder, evaluate
        for name, value in {
            "GITHUB_API_URL": world.connection.api_url,
            "GITHUB_REPOSITORY": world.connection.repository,
            "GITHUB_TOKEN": world.connection.token,
            "GITHUB_RUN_ID": "5",
            "SLIMGATE_APP": SLUG,
        }.items():
            monkeypatch.setenv(name, value)

    def happen(self, name, event, plan_outputs=None):
        """The jobs that run, by name; empty if no workflow starts."""
        started = [file for file in CALLERS if self._starts(caller(file), name, event)]
        assert len(started) <= 1
        if not started or not running(self._evaluate(caller(started[0]), name, event)):
            return {}
        outcomes = {
            "gate": {"outputs": self._gate(name, event)},
            "plan": {"outputs": {"measure": "true"} if plan_outputs is None else plan_outputs},
        }
        answer = self._evaluate(CALLED, name, event, outcomes)
        return {job: answer["jobs"][job] for job in running(answer)}

    def _starts(self, path, name, event):
        on = load(path)["on"]
        if name not in on:
            return False
        types = on[name].get("types") if isinstance(on[name], dict) else None
        return types is None or event["action"] in types

    def _evaluate(self, path, name, event, outcomes=None):
        github = {"event_name": name, "event": event, "repository": "suite/models", "run_id": "5"}
        limits = {"max-pull-requests-per-author": 3, "max-runs-per-day": 30}
        inputs = {"suite": "example-seg", "runners": "", "app-id": "", **limits}
        contexts = {"github": {**github, "ref": "refs/heads/main"}, "inputs": inputs}
        return self.evaluate(path, contexts, outcomes)

    def _gate(self, name, event):
        file, outputs = self.folder / "event.json", self.folder / "outputs"
        file.write_text(json.dumps(event))
        outputs.unlink(missing_ok=True)
        admit(
            "example-seg",
            file,
            name,
            ["cpu", "gpu"],
            self.folder / "request.json",
            self.world.commits["main"],
            outputs=outputs,
        )
        return outputs_in(outputs)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """One GitHub for all, since what came before does not matter here."""
    with open_world(tmp_path_factory.mktemp("world")) as opened:
        yield opened


@pytest.fixture
def stage(world, tmp_path, monkeypatch, evaluate):
    return Stage(world, tmp_path, monkeypatch, evaluate)


@pytest.mark.parametrize("action", ["opened", "reopened", "synchronize"])
@pytest.mark.parametrize("fork", [True, False])
def test_a_pushed_pull_request_is_measured(stage, action, fork):
    event = pull_event(stage.world, action)
    event["pull_request"]["head"]["repo"] = {"full_name": "stranger/models", "fork": fork}
    jobs = stage.happen("pull_request_target", event)
    assert set(jobs) == EVERY
    labels = [instance["runs-on"] for instance in jobs["bench"]["instances"]]
    assert labels == [["self-hosted", "slimgate-cpu"], ["self-hosted", "slimgate-gpu"]]
    group = jobs["bench"]["instances"][0]["concurrency"]
    assert group == {"group": "slimgate-suite/models-1-head-cpu", "cancel-in-progress": True}


def test_a_group_of_the_merge_queue_is_measured(stage):
    jobs = stage.happen("merge_group", group_event(stage.world, "benign"))
    assert set(jobs) == EVERY
    group = jobs["bench"]["instances"][0]["concurrency"]["group"]
    assert group == "slimgate-suite/models-refs/heads/main-head-cpu"
    request = json.loads((stage.folder / "request.json").read_text())
    assert (request["origin"], request["number"]) == ("queue", None)


def test_a_group_whose_verdict_is_known_is_not_measured(stage):
    head = stage.world.commits["regression"]
    text = CheckText("success", "Within limits", "")
    stage.world.client.apply(CreateCheck(head, text, "run-4"))
    event = group_event(stage.world, "regression")
    assert set(stage.happen("merge_group", event)) == NOTHING_FOLLOWS


def test_a_group_that_was_dropped_starts_nothing(stage):
    event = group_event(stage.world, "benign", "destroyed")
    event["action"] = "destroyed"
    assert stage.happen("merge_group", event) == {}


def test_only_the_run_of_a_pull_request_has_its_number_as_title(stage):
    path = caller("slimgate-pull-request.yml")
    pull = pull_event(stage.world, "opened")
    assert stage._evaluate(path, "pull_request_target", pull)["name"] == "slimgate #1"
    group = group_event(stage.world, "benign")
    assert stage._evaluate(path, "merge_group", group)["name"] == "slimgate #merge queue"


def test_an_author_with_runs_on_many_pull_requests_waits(stage):
    event = pull_event(stage.world, "opened")
    event["sender"] = {"login": "contributor", "type": "User"}
    runs = [workflow_run(n, f"slimgate #{n + 2}", actor="contributor") for n in range(3)]
    stage.world.github.front.active_runs = [
        {**run, "created_at": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")}
        for run in runs
    ]
    try:
        assert set(stage.happen("pull_request_target", event)) == NOTHING_FOLLOWS
    finally:
        stage.world.github.front.active_runs = []


def test_a_held_change_reaches_no_runner_and_is_told_of(stage):
    event = pull_event(stage.world, "opened")
    jobs = stage.happen("pull_request_target", event, {"measure": "false"})
    assert set(jobs) == JUDGED_AGAIN


def test_a_plan_that_fails_is_told_of(stage):
    event = pull_event(stage.world, "opened")
    assert set(stage.happen("pull_request_target", event, {})) == JUDGED_AGAIN


@pytest.mark.parametrize("action", ["labeled", "unlabeled", "assigned", "review_requested"])
def test_a_label_starts_nothing(stage, action):
    assert stage.happen("pull_request_target", pull_event(stage.world, action)) == {}


def test_an_edit_is_measured_if_it_changes_the_base(stage):
    title = pull_event(stage.world, "edited", changes={"title": {"from": "x"}})
    assert stage.happen("pull_request_target", title) == {}
    base = pull_event(stage.world, "edited", changes={"base": {"ref": {"from": "old"}}})
    assert set(stage.happen("pull_request_target", base)) == EVERY


def test_closing_stops_and_merging_keeps(stage):
    assert set(stage.happen("pull_request_target", pull_event(stage.world, "opened"))) == EVERY
    closed = pull_event(stage.world, "closed", pull_request={"merged": False})
    assert set(stage.happen("pull_request_target", closed)) == NOTHING_FOLLOWS
    merge = {"merged": True, "merge_commit_sha": "c" * 40}
    merged = pull_event(stage.world, "closed", pull_request=merge)
    assert set(stage.happen("pull_request_target", merged)) == JUDGED_AGAIN
    request = json.loads((stage.folder / "request.json").read_text())
    assert (request["results_run"], request["merged_as"], request["number"]) == (5, "c" * 40, None)


ROLES = {
    "admin": EVERY,
    "maintain": EVERY,
    "push": EVERY,
    "triage": NOTHING_FOLLOWS,
    "pull": NOTHING_FOLLOWS,
    None: NOTHING_FOLLOWS,
}


@pytest.mark.parametrize("role", ROLES)
def test_only_people_who_may_write_start_runs(stage, role):
    if role is not None:
        stage.world.github.call("PUT", "/collaborators/contributor", permission=role)
    event = comment_event(stage.world, "/rebench", "contributor")
    assert set(stage.happen("issue_comment", event)) == ROLES[role]
    assert stage.world.github.front.reactions[event["comment"]["id"]] == ["eyes"]


@pytest.mark.parametrize(
    ("body", "follows"),
    [
        ("/rebench", EVERY),
        ("/rebench all --runner cpu --full", EVERY),
        ("/rebench compare main", EVERY),
        ("/rebench --runtime paddle-3.2.2-cpu", EVERY),
        ('/rebench accept PP-LiteSeg-320 --reason "known"', JUDGED_AGAIN),
        ("/rebench status", NOTHING_FOLLOWS),
        ("/rebench help", NOTHING_FOLLOWS),
        ("/rebench cancel", NOTHING_FOLLOWS),
        ("/rebench compare nowhere", NOTHING_FOLLOWS),
        ("/rebench nosuchmodel", NOTHING_FOLLOWS),
        ("> /rebench", NOTHING_FOLLOWS),
        ("see /rebench there", NOTHING_FOLLOWS),
        ("nothing of ours", set()),
    ],
)
def test_what_follows_a_comment(stage, body, follows):
    assert set(stage.happen("pull_request_target", pull_event(stage.world, "opened"))) == EVERY
    head = stage.world.commits["regression"]
    newest = max(stage.world.checks(head), key=lambda check: check["id"])
    done = CheckText("failure", "Accuracy regressed", "")
    stage.world.client.apply(UpdateCheck(newest["id"], done, "run-5"))
    event = comment_event(stage.world, body)
    assert set(stage.happen("issue_comment", event)) == follows


@pytest.mark.parametrize(
    "changes",
    [
        {"comment": {"user": {"login": "robot[bot]", "type": "Bot"}}},
        {"issue": {"pull_request": None}},
        {"issue": {"state": "closed"}},
    ],
)
def test_bots_issues_and_closed_pull_requests_start_nothing(stage, changes):
    event = comment_event(stage.world, "/rebench", **changes)
    assert stage.happen("issue_comment", event) == {}


@pytest.mark.parametrize("action", ["edited", "deleted"])
def test_an_edited_comment_starts_nothing(stage, action):
    event = comment_event(stage.world, "/rebench", action=action)
    assert stage.happen("issue_comment", event) == {}


def test_the_default_branch_is_measured_on_schedule_only(stage):
    event = {"repository": stage.world.github.fetch("")}
    assert set(stage.happen("schedule", event)) == EVERY
    for name in ("push", "workflow_dispatch", "workflow_run", "pull_request"):
        assert stage.happen(name, {**event, "action": "requested"}) == {}


MAY = {
    "gate": {
        "actions": "write",
        "checks": "write",
        "contents": "read",
        "issues": "write",
        "pull-requests": "write",
    },
    "plan": {"contents": "read"},
    "announce": {"checks": "write", "contents": "read"},
    "bench": {},
    "publish": {
        "actions": "read",
        "checks": "write",
        "contents": "write",
        "issues": "write",
        "pull-requests": "write",
    },
}


def test_what_each_job_may_do():
    jobs = load(CALLED)["jobs"]
    assert {name: job["permissions"] for name, job in jobs.items()} == MAY
    assert load(CALLED)["permissions"] == {}
    levels = ["none", "read", "write"]
    for name in CALLERS:
        workflow = load(caller(name))
        assert workflow["permissions"] == {}
        (job,) = workflow["jobs"].values()
        granted = job["permissions"]  # a called job never gets more than its caller grants
        for permissions in MAY.values():
            for scope, level in permissions.items():
                assert levels.index(level) <= levels.index(granted.get(scope, "none"))


def test_jobs_with_a_token_never_run_what_a_change_brought():
    """Only bench runs on the suite's machines, without secrets."""
    for name, job in load(CALLED)["jobs"].items():
        assert ("self-hosted" in job["runs-on"]) == (name == "bench")
        for step in job["steps"]:
            if "actions/checkout" in step.get("uses", ""):
                assert step["with"]["ref"] == "${{ github.event.repository.default_branch }}"
                assert step["with"]["persist-credentials"] == "false"
            assert "${{" not in step.get("run", "")
            if name == "bench":
                assert "secrets." not in str(step)
                assert "github.token" not in str(step)


def step(job, named):
    """A step of the called workflow, by its name or id."""
    steps = load(CALLED)["jobs"][job]["steps"]
    (found,) = [s for s in steps if named in (s.get("name"), s.get("id"))]
    return found


@pytest.mark.parametrize(
    ("job", "named", "printing"),
    [
        ("plan", "plan", 'cat "$RUNNER_TEMP/said.txt"'),
        ("bench", "Compress and measure", '"$SLIMGATE" execute'),
    ],
)
def test_what_a_change_prints_stands_where_the_runner_takes_no_commands(job, named, printing):
    lines = [line.strip() for line in step(job, named)["run"].splitlines()]
    made = lines.index("stop=$(openssl rand -hex 16)")
    stopped, resumed = lines.index('echo "::stop-commands::$stop"'), lines.index('echo "::$stop::"')
    (printed,) = [n for n, line in enumerate(lines) if line.startswith(printing)]
    assert made < stopped < printed < resumed


@pytest.mark.parametrize("job", ["plan", "bench"])
def test_a_change_is_fetched_as_two_commits_without_large_files(job):
    run = step(job, "Fetch both sides as objects")["run"]
    words = " ".join(run.replace("\\\n", " ").split())
    assert "fetch --quiet" in words
    assert all(option in words for option in ("--depth 1", "--filter blob:limit=1m"))
    assert "origin $COMMITS" in words


def test_only_the_plan_of_the_plan_job_is_announced_and_published():
    outputs = load(CALLED)["jobs"]["plan"]["outputs"]
    assert outputs["plan-sha256"] == "${{ steps.plan.outputs.plan_sha256 }}"
    for job, named in (("announce", "Say what will be measured"), ("publish", "Judge and publish")):
        assert step(job, named)["env"]["PLAN_SHA256"] == "${{ needs.plan.outputs.plan-sha256 }}"
        assert '--plan-sha256 "$PLAN_SHA256"' in step(job, named)["run"]


def test_the_limits_on_one_author_reach_the_gate():
    gate = step("gate", "gate")
    assert gate["env"]["AT_ONCE"] == "${{ inputs.max-pull-requests-per-author }}"
    assert gate["env"]["PER_DAY"] == "${{ inputs.max-runs-per-day }}"
    assert '--runs-at-once "$AT_ONCE"' in gate["run"]
    assert '--runs-per-day "$PER_DAY"' in gate["run"]


def test_a_newer_run_of_a_pull_request_stops_the_older_on_the_runner():
    group = load(CALLED)["jobs"]["bench"]["concurrency"]
    assert group["cancel-in-progress"] == "true"
    assert "needs.gate.outputs.number || github.ref" in group["group"]


@pytest.mark.parametrize("revision", ["head", "HEAD", "main"])
def test_a_comparison_does_not_stop_what_the_check_waits_for(stage, revision):
    if revision == "head":
        push(stage.world.github, stage.world.repo, "main", revision, OWNER)
    event = comment_event(stage.world, f"/rebench compare {revision}")
    jobs = stage.happen("issue_comment", event)
    main = stage.world.commits["main"]
    group = jobs["bench"]["instances"][0]["concurrency"]["group"]
    assert group == f"slimgate-suite/models-1-{main}-cpu"


def test_a_comparison_of_runtimes_runs_on_one_kind_of_runner_beside_all_others(stage):
    event = comment_event(stage.world, "/rebench --runtime paddle-3.2.2-cpu")
    (instance,) = stage.happen("issue_comment", event)["bench"]["instances"]
    assert instance["runs-on"] == ["self-hosted", "slimgate-cpu"]
    assert instance["concurrency"]["group"] == "slimgate-suite/models-1-paddle-3.2.2-cpu-cpu"


def test_no_job_has_the_name_of_the_required_check():
    """GitHub lets a skipped job of that name count as the check."""
    for path in (CALLED, *map(caller, CALLERS)):
        jobs = load(path)["jobs"]
        assert not {CHECK_NAME} & {*jobs, *(job.get("name") for job in jobs.values())}


def test_packages_are_installed_by_hash():
    setup = (ROOT / ".github/actions/setup/action.yml").read_text()
    assert '--require-hashes -r "$source/requirements/bot.txt"' in setup


def test_actions_are_pinned_by_commit():
    for path in (CALLED, *map(caller, CALLERS), *(ROOT / ".github/actions").glob("*/action.yml")):
        for line in path.read_text().splitlines():
            if "uses:" in line and "$/" not in line:
                commit = line.split("@")[1].split()[0]
                assert len(commit) == 40
                assert int(commit, 16) >= 0
