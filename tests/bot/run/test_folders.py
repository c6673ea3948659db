"""The folders of a run: created, emptied or refused, and never somebody's work."""

import os

import pytest

from bot.judge.results import PROBLEM
from bot.run.folders import data_folder, leave_problem, prepare_empty, prepare_folder, require_empty
from core.errors import InputError
from core.git import GitRepo
from tests.conftest import Suite

PLAN = '{\n "schema": "slimgate.plan/1",\n "suite": "s"}'


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_new_folder_is_created_with_its_parents(tmp_path):
    prepare_folder(tmp_path / "a" / "out")
    assert names(tmp_path / "a" / "out") == ["results"]


def test_an_earlier_run_is_emptied_and_other_files_in_it_stay(tmp_path):
    for name in ("report.json", "report.md", "report.html", "notes.txt"):
        (tmp_path / name).write_text("old")
    (tmp_path / "plan.json").write_text(PLAN)
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "m.json").write_text("old")
    prepare_folder(tmp_path)
    assert names(tmp_path) == ["notes.txt", "plan.json", "results"]
    assert names(tmp_path / "results") == []


@pytest.mark.parametrize("plan", ["{}", '{"format_version": "1.2"}', "", "slimgate"])
def test_the_plan_of_another_program_makes_no_run(tmp_path, plan):
    (tmp_path / "plan.json").write_text(plan)
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "thesis.tex").write_text("x")
    with pytest.raises(InputError, match="holds other files"):
        prepare_folder(tmp_path)
    assert names(tmp_path / "results") == ["thesis.tex"]


@pytest.mark.parametrize("kind", ["file", "link"])
def test_results_that_are_no_folder_are_named(tmp_path, kind):
    (tmp_path / "plan.json").write_text(PLAN)
    (tmp_path / "elsewhere").mkdir()
    if kind == "file":
        (tmp_path / "results").write_text("x")
    else:
        (tmp_path / "results").symlink_to("elsewhere")
    with pytest.raises(InputError, match="cannot be removed") as caught:
        prepare_folder(tmp_path)
    assert caught.value.file == str(tmp_path / "results")


def test_a_folder_with_other_files_is_refused(tmp_path):
    (tmp_path / "thesis.tex").write_text("x")
    with pytest.raises(InputError, match="holds other files") as caught:
        prepare_folder(tmp_path)
    assert caught.value.key == "--out"
    assert caught.value.hint == "name an empty folder, or one of an earlier run"
    assert names(tmp_path) == ["thesis.tex"]


def test_a_file_is_no_folder(tmp_path):
    file = tmp_path / "file"
    file.write_text("x")
    with pytest.raises(InputError, match="not a folder"):
        prepare_folder(file)
    with pytest.raises(InputError, match="is not an empty folder"):
        require_empty(file)
    assert file.read_text() == "x"


def test_an_empty_or_a_new_folder_is_taken(tmp_path):
    prepare_empty(tmp_path / "a" / "b")
    prepare_empty(tmp_path / "a" / "b")
    require_empty(tmp_path / "gone")
    assert names(tmp_path / "a") == ["b"]
    assert not (tmp_path / "gone").exists()


def test_a_folder_that_is_not_empty_is_refused(tmp_path):
    (tmp_path / "mine").write_text("x")
    with pytest.raises(InputError) as caught:
        prepare_empty(tmp_path)
    assert caught.value.hint == "name an empty or a new folder"


def test_a_problem_is_left_where_a_run_would_leave_results(tmp_path):
    leave_problem(tmp_path / "new", "why")
    assert (tmp_path / "new" / "results" / PROBLEM).read_text() == "why"
    leave_problem(tmp_path / "new", "again")
    assert (tmp_path / "new" / "results" / PROBLEM).read_text() == "again"


def test_a_run_that_a_problem_stopped_can_be_made_again(tmp_path):
    out = tmp_path / "out"
    leave_problem(out, "no sandbox")
    prepare_folder(out)
    assert list((out / "results").iterdir()) == []
    leave_problem(out, "no sandbox")
    (out / "results" / "thesis.tex").write_text("x")
    with pytest.raises(InputError, match="holds other files"):
        prepare_folder(out)


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_no_problem_is_left_among_other_files(tmp_path, kind):
    out = tmp_path / "out"
    if kind == "file":
        out.write_text("x")
    else:
        out.mkdir()
    leave_problem(out, "why")
    assert out.read_text() == "x" if kind == "file" else names(out) == []


@pytest.fixture
def repo(tmp_path):
    Suite(tmp_path)
    return GitRepo(tmp_path)


def test_the_option_goes_before_the_suites_data_folder(repo, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("mine", "data"):
        (tmp_path / name).mkdir()
    os.symlink("mine", "link")
    assert data_folder(tmp_path / "mine", repo, "data") == tmp_path / "mine"
    assert data_folder(None, repo, "data") == tmp_path / "data"
    assert data_folder(tmp_path / "link", repo, "data") == tmp_path / "mine"
    assert data_folder(None, repo, "gone") is None


def test_a_data_folder_that_does_not_exist_is_refused(repo, tmp_path):
    with pytest.raises(InputError, match="no such folder") as caught:
        data_folder(tmp_path / "gone", repo, "data")
    assert caught.value.key == "--data"


def test_a_link_of_a_commit_is_no_data_folder(repo, tmp_path):
    os.symlink("/etc", tmp_path / "data")
    Suite(tmp_path).git("add", "data")
    with pytest.raises(InputError, match="git tracks this symbolic link"):
        data_folder(None, repo, "data")
