"""``slimgate plan``: text, JSON, the file and the outputs of a workflow's job."""

import json

from bot.plan.request import RunRequest
from bot.plan.values import Plan
from core.schema import load_json, write_json
from core.store import hash_file
from tests.bot.shell import slimgate


def test_the_plan_as_json_is_all_of_standard_output(prepared):
    ended = prepared.call("plan", base="HEAD~1", format="json")
    assert ended.returncode == 0
    plan = json.loads(ended.stdout)
    assert [job["id"] for job in plan["jobs"]] == ["m.qat"]
    assert plan["manifest_name"] == str(prepared.manifest)


def test_the_plan_as_text_says_what_is_affected_and_why(prepared):
    ended = prepared.call("plan", base="HEAD~1", models="m")
    lines = ended.stdout.splitlines()
    assert lines[1:4] == [
        "1 config affected",
        "  deploy/qat.yaml  modified, compression: TrainConfig",
        "1 key changed",
    ]
    assert lines[4].startswith("  TrainConfig: absent → ")
    assert lines[5:7] == ["1 job, quick budget", "  m.qat  because of deploy/qat.yaml"]


def test_the_plan_is_written_and_its_hash_is_an_output(prepared):
    file, outputs = prepared.folder / "plan.json", prepared.folder / "outputs"
    ended = prepared.call("plan", base="HEAD~1", out=file, outputs=outputs, threads=3)
    assert ended.returncode == 0
    assert outputs.read_text().splitlines() == ["measure=true", f"plan_sha256={hash_file(file)}"]
    assert load_json(Plan, file).threads == 3


def test_without_jobs_nothing_is_to_be_measured(prepared):
    outputs = prepared.folder / "outputs"
    file = prepared.folder / "plan.json"
    assert prepared.call("plan", base="HEAD", out=file, outputs=outputs).returncode == 0
    assert "measure=false" in outputs.read_text()


def test_outputs_are_not_written_without_a_file_for_the_plan(prepared):
    outputs = prepared.folder / "outputs"
    assert prepared.call("plan", base="HEAD", outputs=outputs).returncode == 0
    assert not outputs.exists()


def test_a_plan_needs_a_base_or_a_request(prepared):
    ended = prepared.call("plan")
    assert ended.returncode == 2
    assert ended.stderr.splitlines() == [
        "error: no base is given",
        "  key:     --base",
        "  next:    give --base BRANCH, or --request",
    ]


def test_a_request_says_which_commits_are_compared(prepared):
    head, base = (prepared.suite.git("rev-parse", name) for name in ("HEAD", "HEAD~1"))
    request = RunRequest(
        origin="push", number=1, base="main", head=head, base_commit=base, trusted_commit=base
    )
    write_json(prepared.folder / "request.json", request)
    ended = prepared.call("plan", request=prepared.folder / "request.json", format="json")
    assert ended.returncode == 0, ended.stderr
    plan = json.loads(ended.stdout)
    assert (plan["base"], plan["head"]) == (base, head)


def test_a_suite_is_found_in_any_letter_case(prepared):
    ended = slimgate(
        *("plan", "--suite", "EXAMPLE-seg", "--repo", prepared.suite.path),
        *("--base", "HEAD~1", "--format", "json"),
    )
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["manifest_name"] == "example-seg"
