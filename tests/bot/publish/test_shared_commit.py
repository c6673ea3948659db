"""The check on a commit passes only if it holds for whatever else has that commit as its head."""

import pytest

from bot.publish.shared_commit import with_other_uses
from examples.github.push import push
from examples.github.server import OWNER
from tests.bot.builders import judge, make_plan, make_result


def make_report(world, folder, base="main", **quality):
    commits = {"base": world.commits[base], "head": world.commits["regression"]}
    result = make_result(folder, quality=quality.get("quality")).model_copy(update=commits)
    return judge(folder, {"m0.qat": result}, make_plan().model_copy(update=commits))


def queue(world, revision):
    branch = f"gh-readonly-queue/main/pr-9-{world.commits['main']}"
    push(world.github, world.repo, revision, branch, OWNER)


def test_a_commit_of_one_pull_request_keeps_its_verdict(world, tmp_path):
    report = make_report(world, tmp_path)
    assert with_other_uses(report, 1, world.client) is report


def test_a_commit_of_two_pull_requests_into_other_bases_does_not_pass(world, tmp_path):
    number = world.open_pull("release")
    report = make_report(world, tmp_path, base="benign")
    shared = with_other_uses(report, number, world.client)
    assert (report.conclusion, shared.conclusion) == ("success", "action_required")
    assert shared.headline == "Incomplete: this commit is also that of #1 into main."
    assert "/rebench" in shared.next_step


def test_two_pull_requests_with_one_base_share_a_verdict(world, tmp_path):
    world.open_pull("release")
    report = make_report(world, tmp_path)
    assert with_other_uses(report, 1, world.client) is report


@pytest.mark.parametrize("change", ["closed", "pushed"])
def test_a_pull_request_that_was_closed_or_has_another_head_does_not_count(world, tmp_path, change):
    number = world.open_pull("release", "benign")
    report = make_report(world, tmp_path, base="benign")
    if change == "closed":
        world.github.call("PATCH", "/pulls/1", state="closed")
    else:
        world.push("benign")
    assert with_other_uses(report, number, world.client) is report


def test_a_commit_of_the_merge_queue_does_not_pass_for_a_pull_request(world, tmp_path):
    queue(world, "benign")
    report = make_report(world, tmp_path)
    assert with_other_uses(report, 1, world.client) is report
    queue(world, "regression")
    shared = with_other_uses(report, 1, world.client)
    assert "a group of the merge queue" in shared.headline
    assert shared.conclusion == "action_required"


def test_a_regression_stays_one_and_asks_nothing(world, tmp_path):
    world.open_pull("release", "benign")
    report = make_report(world, tmp_path, quality={"head qat": 0.8})
    assert with_other_uses(report, 1, world.client) is report
    assert report.conclusion == "failure"
    assert world.github.front.record == []


def test_several_others_are_named_and_the_rest_counted(world, tmp_path):
    report = make_report(world, tmp_path, base="benign")
    numbers = [world.open_pull(f"release{n}") for n in range(4)]
    shared = with_other_uses(report, 99, world.client)
    assert "#1 into main, #2 into release0, #3 into release1 and 2 more" in shared.headline
    assert numbers == [2, 3, 4, 5]
