"""``slimgate report``: judges stored results again."""

import json

import pytest

from core.schema import write_json
from tests.bot.builders import make_plan, make_result, on_gpu, write_results
from tests.bot.shell import slimgate


def report(folder):
    words = ("--plan", folder / "plan.json", "--results", folder / "results")
    return slimgate("report", *words, "--out", folder / "again")


def prepare(folder, **options):
    (folder / "results").mkdir()
    write_json(folder / "plan.json", make_plan())
    write_results(folder / "results", {"m0.qat": make_result(folder / "results", **options)})


def test_results_that_pass_end_with_exit_0_and_a_report(tmp_path):
    prepare(tmp_path)
    ended = report(tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("Accuracy is within its limits for the one affected case.")
    names = {path.name for path in (tmp_path / "again").iterdir()}
    assert names == {"report.json", "report.md", "report.html"}


def test_a_regression_ends_with_exit_1_and_the_next_step(tmp_path):
    prepare(tmp_path, quality={"head qat": 0.8})
    ended = report(tmp_path)
    assert ended.returncode == 1
    assert ended.stdout.startswith("Accuracy regressed: m0.qat.")
    assert "Next: Undo or correct the change in deploy/qat.yaml, then run again." in ended.stdout
    assert json.loads((tmp_path / "again" / "report.json").read_text())["conclusion"] == "failure"


def test_a_missing_result_ends_with_exit_3(tmp_path):
    prepare(tmp_path)
    (tmp_path / "results" / "m0.qat.json").unlink()
    ended = report(tmp_path)
    assert ended.returncode == 3
    assert "no usable result: no result arrived" in ended.stdout


def test_a_folder_that_does_not_exist_is_bad_input(tmp_path):
    write_json(tmp_path / "plan.json", make_plan())
    ended = report(tmp_path)
    assert ended.returncode == 2
    assert f"no such folder: {tmp_path}/results" in ended.stderr
    assert "name the results folder of a run" in ended.stderr
    assert not (tmp_path / "again").exists()


def test_a_plan_that_is_no_plan_is_bad_input(tmp_path):
    prepare(tmp_path)
    (tmp_path / "plan.json").write_text("{")
    ended = report(tmp_path)
    assert ended.returncode == 2
    assert "plan.json" in ended.stderr


def test_each_kind_of_runner_has_a_table_and_a_recorded_one_says_so(tmp_path):
    prepare(tmp_path)
    measured = tmp_path / "results" / "m0.qat.json"
    (tmp_path / "gpu").mkdir()
    write_results(tmp_path / "gpu", {"m0.qat": on_gpu(make_result(tmp_path / "gpu"))})
    kinds = ("--results", f"cpu={measured.parent}", "--results", f"gpu={tmp_path}/gpu")
    out = tmp_path / "again"
    ended = slimgate("report", "--plan", tmp_path / "plan.json", *kinds, "--out", out)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "m0.qat on cpu" in ended.stdout
    assert "m0.qat on gpu (recorded)" in ended.stdout
    markdown = (out / "report.md").read_text()
    assert "**gpu** · recorded, not measured by this run: a stand-in" in markdown
    assert markdown.count("not measured by this run") == 1
    assert "gpu-trt-int8" in markdown
    page = (out / "report.html").read_text()
    assert page.count("Recorded, not measured by this run: a stand-in") == 1
    assert "on gpu, recorded" in page


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        (("results", "results"), "two folders for the kind of runner 'cpu'"),
        (("gpu=results", "gpu=results"), "two folders for the kind of runner 'gpu'"),
        (("gpu=gone",), "no such folder: gone"),
        (("gpuu=results",), "unknown kind of runner 'gpuu'"),
        (("=results",), "unknown kind of runner ''"),
    ],
)
def test_kinds_of_runners_are_named_once(tmp_path, kinds, words):
    prepare(tmp_path)
    given = [word for kind in kinds for word in ("--results", kind)]
    ended = slimgate("report", "--plan", "plan.json", *given, "--out", "again", cwd=tmp_path)
    assert ended.returncode == 2
    assert words in ended.stderr
    assert not (tmp_path / "again").exists()
