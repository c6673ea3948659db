"""The report in every format, written from the folders of each kind of runner."""

from bot.judge.report_files import write_files, write_report
from bot.report.report import Report
from core.schema import load_json
from tests.bot.builders import make_plan, make_result, write_results


def prepare(folder, *kinds):
    folders = {}
    for kind in kinds:
        folders[kind] = folder / kind
        folders[kind].mkdir()
        write_results(folders[kind], {"m0.qat": make_result(folders[kind])})
    return folders


def test_the_report_is_written_in_three_formats(tmp_path):
    folders = prepare(tmp_path, "cpu")
    report = write_report(make_plan(), folders, tmp_path / "deep" / "out")
    out = tmp_path / "deep" / "out"
    assert sorted(path.name for path in out.iterdir()) == [
        "report.html",
        "report.json",
        "report.md",
    ]
    assert load_json(Report, out / "report.json") == report
    assert (out / "report.md").read_text().startswith("## ✅ Accuracy is within its limits")
    assert (out / "report.html").read_text().startswith("<!doctype html>")


def test_every_kind_of_runner_is_judged_by_its_own_folder(tmp_path):
    folders = prepare(tmp_path, "cpu", "gpu")
    (folders["gpu"] / "m0.qat.json").unlink()
    report = write_report(make_plan(), folders, tmp_path / "out")
    conclusions = {case.runner: case.conclusion for case in report.cases}
    assert conclusions == {"cpu": "success", "gpu": "action_required"}


def test_a_kind_that_was_left_out_is_missing(tmp_path):
    report = write_report(make_plan(), prepare(tmp_path, "cpu"), tmp_path / "out", (), ("gpu",))
    assert report.conclusion == "action_required"


def test_an_earlier_report_is_replaced(tmp_path):
    folders = prepare(tmp_path, "cpu")
    report = write_report(make_plan(), folders, tmp_path / "out")
    changed = report.model_copy(update={"headline": "Another."})
    assert write_files(changed, folders, tmp_path / "out") == changed
    assert load_json(Report, tmp_path / "out" / "report.json").headline == "Another."
