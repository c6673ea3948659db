"""A plan stays within what its readers take, and says what it leaves out."""

import pytest

from bot.plan import fit
from bot.plan.fit import fit_details, fit_jobs, fit_plan, written_bytes
from bot.plan.values import Affected, Plan, Reason, Skipped
from core.errors import InputError
from core.schema import load_json, write_json
from tests.bot.builders import make_plan

ITEM = Affected(
    config="configs/m.yml",
    change="modified",
    reasons=(Reason(changed="configs/_base_/b.yml", via=("configs/_base_/c.yml",)),),
    keys=("a", "b"),
    impact="graph",
    more_keys=5,
)


def test_jobs_beyond_the_room_are_skipped_and_needed(monkeypatch):
    jobs = make_plan(4).jobs
    monkeypatch.setattr(fit, "JOBS_BYTES", 2 * written_bytes(jobs[0]))
    fitting, skipped = fit_jobs(jobs, max_jobs=40)
    assert fitting == jobs[:2]
    assert [(row.case, row.needed) for row in skipped] == [("m2.qat", True), ("m3.qat", True)]
    assert skipped[0].reason.startswith("the configs of all jobs have more than ")


def test_a_small_job_after_a_large_one_still_runs(monkeypatch):
    small, large, other = make_plan(3).jobs
    large = large.model_copy(update={"because": ("x" * 10_000,)})
    monkeypatch.setattr(fit, "JOBS_BYTES", 10_000)
    fitting, skipped = fit_jobs((small, large, other), max_jobs=40)
    assert fitting == (small, other)
    assert [row.case for row in skipped] == [large.id]


def test_cases_that_are_skipped_already_stay_so():
    row = Skipped(case="m.qat", reason="its model was not requested")
    assert fit_jobs((row,), max_jobs=1) == ((), (row,))


def test_details_beyond_the_room_are_counted(monkeypatch):
    monkeypatch.setattr(fit, "DETAILS_BYTES", written_bytes(ITEM))
    whole, cut = fit_details([ITEM, ITEM])
    assert whole == ITEM
    counts = {"reasons": (), "keys": (), "more_reasons": 1, "more_keys": 7}
    assert cut == ITEM.model_copy(update=counts)


def test_a_job_is_not_written_in_more_bytes_than_counted(tmp_path):
    config = {"a": [{"b": ["é", "\u0001", "\U0001f600"]}] * 50}
    (job,) = make_plan(1).jobs
    sides = {s: spec.model_copy(update={"config": config}) for s, spec in job.sides.items()}
    job = job.model_copy(update={"sides": sides})

    def written(*jobs):
        write_json(tmp_path / "plan.json", make_plan(0).model_copy(update={"jobs": jobs}))
        return (tmp_path / "plan.json").stat().st_size

    another = written(job, job) - written(job)
    assert another <= written_bytes(job) <= another + 10


def test_a_plan_that_nobody_could_read_is_refused(monkeypatch, tmp_path):
    plan = make_plan(1)
    write_json(tmp_path / "plan.json", plan)
    assert load_json(Plan, tmp_path / "plan.json") == fit_plan(plan)
    monkeypatch.setattr(fit, "MAX_JSON_BYTES", 100)
    with pytest.raises(InputError, match="the plan has 0 MiB; at most 0 MiB are read") as caught:
        fit_plan(plan)
    assert caught.value.hint == "change fewer files at a time"


def test_the_first_files_of_code_are_listed_and_words_are_cut():
    files = tuple(f"ppdet/{i}.py" for i in range(fit.MAX_CODE + 1))
    lists = {"code_changes": files, "unknown_words": ("a" * 9000,)}
    fitted = fit_plan(make_plan(1).model_copy(update=lists))
    assert fitted.code_changes == files[: fit.MAX_CODE]
    assert [len(word) for word in fitted.unknown_words] == [fit.MAX_WORD]
