"""Plans for a range of commits and for what the gatekeeper admitted."""

import subprocess

import pytest

from bot.judge.assemble import build_report
from bot.plan.cases import Request
from bot.plan.planning import Suite, changed_code, plan_range, plan_request, plan_runtimes
from bot.plan.request import RunRequest
from bot.run.demo import make_repository
from core.errors import InputError
from core.git import open_repo
from examples.scenarios import DEMOS


@pytest.fixture
def suite(tmp_path):
    return Suite("example-seg", make_repository(DEMOS["seg"], tmp_path / "suite"))


def commit(suite, branch):
    done = subprocess.run(
        ["git", "-C", suite.repo, "rev-parse", branch], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def ask(suite, branch="regression", against="main", number=1, **changes):
    commits = {"head": branch, "base_commit": against, "trusted_commit": "main"}
    named = {field: commit(suite, revision) for field, revision in commits.items()}
    return RunRequest(origin="push", number=number, base="main", **named, **changes)


def queued(suite, branch="regression", against="main"):
    request = ask(suite, branch, against, number=None)
    return request.model_copy(update={"origin": "queue"})


def add_code(suite, branch="regression"):
    git = ["git", "-C", suite.repo]
    subprocess.run([*git, "checkout", "-q", branch], check=True)
    (suite.repo / "paddleseg").mkdir()
    (suite.repo / "paddleseg" / "evil.py").write_text("import os\n")
    subprocess.run([*git, "add", "-A"], check=True)
    who = ["-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run([*git, *who, "commit", "-qm", "code"], check=True)


def test_what_is_affected_is_planned(suite):
    plan = plan_request(suite, ask(suite))
    assert [job.id for job in plan.jobs] == ["PP-LiteSeg-320.ptq"]
    assert plan.held is None


def test_changed_code_waits_for_a_maintainer(suite):
    add_code(suite)
    plan = plan_request(suite, ask(suite))
    assert "paddleseg/evil.py" in plan.held
    report = build_report(plan, {})
    assert (report.conclusion, report.headline) == ("action_required", "Waiting for a maintainer.")
    assert f"/rebench {plan.head}" in report.next_step
    assert plan_request(suite, ask(suite, reviewed=True)).held is None


def test_results_of_reviewed_code_are_judged_again_without_another_review(suite):
    add_code(suite)
    accepted = ask(suite, results_run=7).model_copy(update={"origin": "acceptance"})
    plan = plan_request(suite, accepted)
    assert (plan.code_changes, plan.held) == (("paddleseg/evil.py",), None)
    assert build_report(plan, {"cpu": {}}).conclusion == "action_required"


def test_a_run_of_some_models_does_not_let_the_others_pass(suite):
    plan = plan_request(suite, ask(suite, models=("PP-LiteSeg-MobileNetV2",)))
    assert [job.model for job in plan.jobs] == ["PP-LiteSeg-MobileNetV2"]
    assert [s.case for s in plan.skipped if s.needed] == ["PP-LiteSeg-320.ptq"]


def test_a_comparison_is_with_the_revision_itself(suite):
    plan = plan_request(suite, ask(suite, "benign", against="regression"))
    assert plan.base == commit(suite, "regression")


def test_a_comparison_with_code_that_nobody_looked_at_waits(suite):
    add_code(suite, "benign")
    git = ["git", "-C", suite.repo, "-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run([*git, "checkout", "-qb", "two", "benign"], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "two"], check=True)
    asked = ask(suite, "two", "benign", everything=True)
    plan = plan_request(suite, asked.model_copy(update={"against": "benign"}))
    assert plan.jobs
    assert "paddleseg/evil.py" in plan.held
    assert f"/rebench compare benign {plan.head[:12]}" in plan.held
    assert plan_request(suite, asked.model_copy(update={"reviewed": True})).held is None


def test_a_runtime_is_compared_with_the_runners_own_at_the_head(suite):
    asked = ask(
        suite, "regression", "regression", runtimes=("paddle-2.6.2-cpu", "paddle-3.2.2-cpu")
    )
    plan = plan_request(suite, asked)
    assert plan.runtimes == asked.runtimes
    assert plan.base == plan.head == commit(suite, "regression")
    assert len(plan.jobs) > 1
    assert all(set(job.sides) == {"base", "head"} for job in plan.jobs)
    assert [s.case for s in plan.skipped if s.needed] == []
    assert plan.held is None
    assert {side.change for job in plan.jobs for side in job.sides.values()} == {"example-seg-1"}


def test_code_that_would_run_in_another_runtime_waits_with_the_command(suite):
    add_code(suite)
    asked = ask(suite, "regression", "regression", runtimes=("a", "paddle-3.2.2-cpu"))
    asked = asked.model_copy(update={"runners": ("arm",)})
    assert "/rebench --runner arm --runtime paddle-3.2.2-cpu " in plan_request(suite, asked).held


def test_two_shallow_commits_are_enough(suite, tmp_path):
    asked = ask(suite)
    source, fetched = suite.repo, tmp_path / "fetched"
    git = ["git", "-C", str(fetched)]
    for key in ("allowFilter", "allowAnySHA1InWant"):
        subprocess.run(["git", "-C", source, "config", f"uploadpack.{key}", "true"], check=True)
    subprocess.run(["git", "init", "-q", str(fetched)], check=True)
    subprocess.run([*git, "remote", "add", "origin", f"file://{source}"], check=True)
    options = ["--quiet", "--no-tags", "--depth", "1", "--filter", "blob:limit=1m"]
    subprocess.run([*git, "fetch", *options, "origin", asked.head, asked.base_commit], check=True)
    subprocess.run([*git, "remote", "set-url", "origin", "file:///nowhere"], check=True)
    plan = plan_request(Suite("example-seg", fetched), asked)
    assert [job.id for job in plan.jobs] == ["PP-LiteSeg-320.ptq"]


def test_a_range_is_compared_from_the_merge_base(suite):
    git = ["git", "-C", suite.repo, "-c", "user.name=a", "-c", "user.email=a@b"]
    fork = commit(suite, "main")
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "ahead"], check=True)
    plan, _ = plan_range(suite, "main", "regression", Request())
    assert commit(suite, "main") != fork
    assert (plan.base, plan.head) == (fork, commit(suite, "regression"))


def test_one_commit_in_two_runtimes_is_both_sides(suite):
    runtimes = ("paddle-2.6.2-cpu", "paddle-3.2.2-cpu")
    plan, _ = plan_runtimes(suite, "regression", runtimes, Request(models=("*320",)))
    assert (plan.runtimes, plan.base) == (runtimes, plan.head)
    assert {job.model for job in plan.jobs} == {"PP-LiteSeg-320"}
    assert all(job.sides["base"] == job.sides["head"] for job in plan.jobs)
    assert len(plan_runtimes(suite, "main", runtimes, Request())[0].jobs) > 1


def test_histories_without_a_common_commit_are_compared_from_the_tip(suite):
    git = ["git", "-C", suite.repo, "-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run([*git, "checkout", "-q", "--orphan", "alone"], check=True)
    subprocess.run([*git, "commit", "-q", "-m", "alone"], check=True)
    plan, _ = plan_range(suite, "regression", "alone", Request())
    assert plan.base == commit(suite, "regression")


def test_a_range_on_your_own_machine_is_never_held(suite):
    add_code(suite)
    plan, _ = plan_range(suite, "main", "regression", Request())
    assert plan.code_changes == ("paddleseg/evil.py",)
    assert plan.held is None


def test_code_of_the_default_branch_is_not_held(suite):
    add_code(suite)
    assert plan_request(suite, ask(suite, number=None)).held is None


def test_many_changed_files_are_counted(suite):
    add_code(suite)
    for number in range(4):
        (suite.repo / "paddleseg" / f"more{number}.py").write_text("x\n")
    git = ["git", "-C", suite.repo, "-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-qm", "more"], check=True)
    held = plan_request(suite, ask(suite)).held
    assert "(paddleseg/evil.py, paddleseg/more0.py, paddleseg/more1.py and 2 more)" in held


@pytest.mark.parametrize("field", ["base_commit", "trusted_commit"])
def test_a_request_without_its_commits_is_refused(suite, field):
    admitted = ask(suite).model_copy(update={field: None})
    with pytest.raises(InputError, match="names no commit to compare with") as caught:
        plan_request(suite, admitted)
    assert (caught.value.key, caught.value.hint) == (field, "make the request with slimgate admit")


def test_removed_and_added_code_counts_as_changed(suite):
    add_code(suite)
    git = ["git", "-C", suite.repo, "-c", "user.name=a", "-c", "user.email=a@b"]
    before = commit(suite, "regression")
    subprocess.run([*git, "rm", "-q", "paddleseg/evil.py"], check=True)
    subprocess.run([*git, "commit", "-qm", "removed"], check=True)
    after = commit(suite, "HEAD")
    repo = open_repo(suite.repo)
    assert changed_code(repo, "paddleseg", before, (after,)) == ("paddleseg/evil.py",)
    assert changed_code(repo, "paddleseg", after, (after, before)) == ("paddleseg/evil.py",)
    assert changed_code(repo, "paddleseg", after, (after,)) == ()


def test_code_of_either_side_counts_as_changed(suite):
    add_code(suite)
    evil, clean = commit(suite, "regression"), commit(suite, "main")
    repo = open_repo(suite.repo)
    for sides in ((evil, clean), (clean, evil)):
        assert changed_code(repo, "paddleseg", clean, sides) == ("paddleseg/evil.py",)


def test_what_a_pull_request_makes_is_kept_apart(suite):
    (job,) = plan_request(suite, ask(suite, number=7)).jobs
    changes = {side: spec.change for side, spec in job.sides.items()}
    assert changes == {"base": None, "head": "example-seg-7"}


def test_a_group_of_the_merge_queue_is_kept_apart_and_not_held(suite):
    add_code(suite)
    plan = plan_request(suite, queued(suite))
    changes = {side: spec.change for side, spec in plan.jobs[0].sides.items()}
    assert changes == {"base": None, "head": f"example-seg-queue-{plan.head}"}
    assert plan.held is None


def test_a_group_that_adds_to_one_that_is_not_merged_keeps_both_apart(suite):
    plan = plan_request(suite, queued(suite, "regression", against="benign"))
    changes = {spec.change for spec in plan.jobs[0].sides.values()}
    assert changes == {f"example-seg-queue-{plan.head}"}


def test_the_default_branch_shares_what_it_makes(suite):
    request = ask(suite, "main", "main", None, everything=True)
    jobs = plan_request(suite, request).jobs
    assert jobs
    assert {spec.change for job in jobs for spec in job.sides.values()} == {None}


def change_config(suite, file, old, new, branch="benign"):
    git = ["git", "-C", suite.repo, "-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run([*git, "checkout", "-qb", "hostile", branch], check=True)
    path = suite.repo / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    subprocess.run([*git, "commit", "-qam", "change"], check=True)


def test_a_config_that_builds_a_backbone_among_transforms_waits(suite):
    payload = '    - {type: VisionTransformer, norm_layer: "exec(1)"}\n    - type: Normalize\n'
    change_config(suite, "configs/_base_/shapes.yml", "    - type: Normalize\n", payload)
    plan = plan_request(suite, ask(suite, "hostile"))
    assert "VisionTransformer (a backbone, where the base branch has none)" in plan.held
    assert plan.held.startswith(f"A maintainer who has reviewed it writes: /rebench {plan.head}")
    assert any("norm_layer: exec(1)" in word for word in plan.unknown_words)
    assert plan_request(suite, ask(suite, "hostile", reviewed=True)).held is None


def test_a_config_that_calls_a_function_waits(tmp_path):
    suite = Suite("example-det", make_repository(DEMOS["det"], tmp_path / "suite"))
    file = "configs/picodet/picodet_xs_160_lcnet_shapes.yml"
    payload = "TestDataset: !Callable {full_type: eval, args: ['1']}\nLCNet:"
    change_config(suite, file, "LCNet:", payload)
    plan = plan_request(suite, ask(suite, "hostile"))
    assert f"{file}: TestDataset: Callable (a callable, where" in plan.held
    assert any("TestDataset.full_type: eval" in word for word in plan.unknown_words)


def test_new_numbers_do_not_wait(suite):
    change_config(suite, "configs/_base_/shapes.yml", "[160, 160]", "[128, 192]")
    plan = plan_request(suite, ask(suite, "hostile"))
    assert (plan.held, plan.unknown_words) == (None, ())
