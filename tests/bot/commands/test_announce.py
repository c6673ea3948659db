"""``slimgate announce``: when there is nothing to announce, GitHub is not needed."""

import pytest

from bot.plan.request import RunRequest
from core.schema import write_json
from core.store import hash_file
from tests.bot.builders import make_plan
from tests.bot.shell import slimgate

REQUEST = RunRequest(origin="push", number=7, base="main", head="b" * 40)


def announce(folder, request, plan, plan_sha256=None):
    write_json(folder / "request.json", request)
    write_json(folder / "plan.json", plan)
    words = ("--request", folder / "request.json", "--plan", folder / "plan.json")
    words += ("--plan-sha256", plan_sha256) if plan_sha256 else ()
    return slimgate("announce", *words, GITHUB_TOKEN="", GITHUB_REPOSITORY="o/r")


@pytest.mark.parametrize(
    ("request_changes", "plan_changes"),
    [
        ({"number": None}, {}),
        ({"against": "v1.0"}, {}),
        ({"runtimes": ("a", "b")}, {}),
        ({}, {"held": "waits"}),
        ({}, {"jobs": ()}),
    ],
    ids=["default branch", "comparison", "two runtimes", "held", "no jobs"],
)
def test_nothing_is_announced_without_a_check_that_waits(tmp_path, request_changes, plan_changes):
    request = REQUEST.model_copy(update=request_changes)
    ended = announce(tmp_path, request, make_plan().model_copy(update=plan_changes))
    assert (ended.returncode, ended.stdout) == (0, "nothing to announce\n"), ended.stderr


@pytest.mark.parametrize(
    ("hash_", "head", "key"),
    [("0" * 64, "b" * 40, "--plan-sha256"), (None, "c" * 40, "head")],
    ids=["another plan", "a plan of another commit"],
)
def test_a_plan_that_does_not_belong_to_the_request_is_refused(tmp_path, hash_, head, key):
    ended = announce(tmp_path, REQUEST.model_copy(update={"head": head}), make_plan(), hash_)
    assert ended.returncode == 2
    assert key in ended.stderr
    assert f"{tmp_path}/plan.json" in ended.stderr


def test_the_plan_of_the_request_is_taken(tmp_path):
    write_json(tmp_path / "plan.json", make_plan())
    ended = announce(tmp_path, REQUEST, make_plan(), hash_file(tmp_path / "plan.json"))
    assert "GITHUB_TOKEN is not set" in ended.stderr  # the first that is needed after the plan


def test_an_announcement_needs_a_token(tmp_path):
    ended = announce(tmp_path, REQUEST, make_plan())
    assert ended.returncode == 2
    assert "GITHUB_TOKEN is not set" in ended.stderr
