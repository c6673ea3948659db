"""The demonstration's repositories: the same commits every time, one branch for each scenario."""

import subprocess
from dataclasses import replace

import pytest

from bot.run.demo import Played, make_repository
from examples.scenarios import DEMOS, Edit
from tests.bot.builders import judge, make_result


def git(folder, *words):
    done = subprocess.run(["git", "-C", folder, *words], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize("name", DEMOS)
def test_each_scenario_is_one_commit_on_a_branch_of_its_name(tmp_path, name):
    demo = DEMOS[name]
    repo = make_repository(demo, tmp_path / "suite")
    branches = set(git(repo, "branch", "--format=%(refname:short)").splitlines())
    assert branches == {"main"} | {scenario.name for scenario in demo.scenarios}
    assert git(repo, "rev-parse", "--abbrev-ref", "HEAD") == "main"
    for scenario in demo.scenarios:
        files = git(repo, "diff", "--name-only", "main", scenario.name).splitlines()
        assert files == sorted({edit.file for edit in scenario.edits})
        assert git(repo, "rev-list", "--count", f"main..{scenario.name}") == "1"


def test_commits_have_the_same_names_every_time_and_old_files_are_gone(tmp_path):
    first = make_repository(DEMOS["seg"], tmp_path / "suite")
    commits = git(first, "rev-parse", "main", "regression")
    (first / "stray.txt").write_text("x")
    second = make_repository(DEMOS["seg"], tmp_path / "suite")
    assert git(second, "rev-parse", "main", "regression") == commits
    assert not (second / "stray.txt").exists()


def test_an_edit_that_does_not_fit_is_an_error(tmp_path):
    scenario = replace(
        DEMOS["seg"].scenarios[0], edits=(Edit("configs/_base_/shapes.yml", "gone: 1", "a: 2"),)
    )
    demo = replace(DEMOS["seg"], scenarios=(scenario,))
    with pytest.raises(ValueError, match=r"shapes\.yml does not contain 'gone: 1'"):
        make_repository(demo, tmp_path / "suite")


@pytest.mark.parametrize(("quality", "exit_code"), [({}, 0), ({"head qat": 0.8}, 1)])
def test_a_scenario_ended_as_expected_if_its_exit_code_is_right(tmp_path, quality, exit_code):
    report = judge(tmp_path, {"m0.qat": make_result(tmp_path, quality=quality)})
    for scenario in DEMOS["seg"].scenarios:
        played = Played("seg", scenario, report, tmp_path)
        assert played.as_expected is (scenario.exit_code == exit_code)
