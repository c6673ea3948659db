"""``slimgate execute``: the plan it takes, and what it leaves when it can do nothing."""

import json
import shutil

import pytest

from bot.judge.results import PROBLEM
from bot.plan.values import Plan
from compress.runtimes.installed import name_own
from core.schema import load_json, write_json

OWN = name_own().name


@pytest.fixture
def planned(prepared):
    """The suite with a plan in which nothing is affected."""
    ended = prepared.call("plan", base="HEAD", out=prepared.folder / "plan.json")
    assert ended.returncode == 0
    return prepared


def execute(planned, *extra, **options):
    file = planned.folder / "plan.json"
    return planned.call("execute", *extra, **{"plan": file, "out": planned.out, **options})


def change(planned, **changes):
    file = planned.folder / "plan.json"
    write_json(file, load_json(Plan, file).model_copy(update=changes))


def test_a_plan_without_jobs_leaves_no_results_and_no_verdict(planned):
    ended = execute(planned, "--no-sandbox")
    assert (ended.returncode, ended.stdout) == (0, ""), ended.stderr
    assert sorted(path.name for path in planned.out.iterdir()) == ["plan.json", "results"]
    assert list((planned.out / "results").iterdir()) == []


def test_the_manifest_is_this_machines_own(planned):
    change(planned, manifest="/elsewhere/m.yml")
    assert execute(planned, "--no-sandbox").returncode == 0
    written = json.loads((planned.out / "plan.json").read_text())
    assert written["manifest"] == str(planned.manifest)


def test_a_held_plan_is_refused(planned):
    change(planned, held="This changes code that would run.")
    ended = execute(planned)
    assert ended.returncode == 2
    assert "This changes code that would run." in ended.stderr
    assert "next:    publish the plan as it is" in ended.stderr
    assert not planned.out.exists()


def test_a_plan_for_another_suite_is_refused(planned):
    change(planned, suite="other")
    ended = execute(planned)
    assert ended.returncode == 2
    assert "the plan is for other, not s" in ended.stderr
    assert "--suite" in ended.stderr


def test_input_that_stops_every_job_is_said_among_the_results(planned):
    planned.out.mkdir()
    (planned.out / "results").mkdir()
    (planned.out / "thesis.tex").write_text("x")
    ended = execute(planned, "--no-sandbox")
    assert ended.returncode == 2
    problem = (planned.out / "results" / PROBLEM).read_text()
    assert problem.startswith(f"{planned.out} holds other files")


def test_a_folder_with_other_files_gets_no_problem_either(planned):
    planned.out.mkdir()
    (planned.out / "thesis.tex").write_text("x")
    assert execute(planned, "--no-sandbox").returncode == 2
    assert [path.name for path in planned.out.iterdir()] == ["thesis.tex"]


def test_without_a_sandbox_nothing_runs_unless_that_is_asked_for(planned):
    tools = planned.folder / "bin"
    tools.mkdir()
    (tools / "git").symlink_to(shutil.which("git"))
    ended = execute(planned, environment={"PATH": str(tools)})
    assert ended.returncode == 2
    assert "bubblewrap is not installed" in ended.stderr
    assert "give --no-sandbox for code that you trust" in ended.stderr
    assert execute(planned, "--no-sandbox", environment={"PATH": str(tools)}).returncode == 0


def test_a_comparison_of_runtimes_needs_both_of_them(planned):
    change(planned, runtimes=(OWN, "paddle-3"))
    ended = execute(planned, "--no-sandbox")
    assert ended.returncode == 2
    assert "unknown runtime 'paddle-3'" in ended.stderr
    change(planned, runtimes=(OWN, OWN))
    assert execute(planned, "--no-sandbox").returncode == 0
    refused = execute(planned, "--no-sandbox", runtime=OWN)
    assert refused.returncode == 2
    assert f"the plan compares the runtimes {OWN} and {OWN}" in refused.stderr
