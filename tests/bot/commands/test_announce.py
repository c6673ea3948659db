"""``slimgate announce``: when there is nothing to announce, GitHub is not needed."""

import pytest

from bot.plan.request import RunRequest
from core.schema import write_json
from tests.bot.builders import make_plan
from tests.bot.shell import slimgate

REQUEST = RunRequest(origin="push", number=7, base="main", head="b" * 40)


def announce(folder, request, plan):
    write_json(folder / "request.json", request)
    write_json(folder / "plan.json", plan)
    words = ("--request", folder / "request.json", "--plan", folder / "plan.json")
    return slimgate("announce", *words, GITHUB_TOKEN="", GITHUB_REPOSITORY="o/r")


@pytest.mark.parametrize(
    ("request_changes", "plan_changes"),
    [
        ({"number": None}, {}),
        ({"against": "v1.0"}, {}),
        ({}, {"held": "waits"}),
        ({}, {"jobs": ()}),
    ],
    ids=["default branch", "comparison", "held", "no jobs"],
)
def test_nothing_is_announced_without_a_check_that_waits(tmp_path, request_changes, plan_changes):
    request = REQUEST.model_copy(update=request_changes)
    ended = announce(tmp_path, request, make_plan().model_copy(update=plan_changes))
    assert (ended.returncode, ended.stdout) == (0, "nothing to announce\n"), ended.stderr


def test_an_announcement_needs_a_token(tmp_path):
    ended = announce(tmp_path, REQUEST, make_plan())
    assert ended.returncode == 2
    assert "GITHUB_TOKEN is not set" in ended.stderr
