"""Running a plan: settings, missing weights, and what is written when every job fails."""

import pytest

from bench.programs import PROGRAMS, ProgramsResult
from bench.result import JobResult
from bot.commands.wiring import open_workshop
from bot.plan.cases import Request
from bot.plan.planning import Suite, plan_range
from bot.run.execute import check_weights, execute_plan, job_settings, run_plan
from compress.manifest import KINDS, RunnerKind, Weights
from core.errors import InputError
from core.schema import load_json
from tests.bot.builders import CHANGE, MANIFEST, compared, make_plan, plan_candidates

NOTHING = JobResult.model_construct(variants=())


def with_weights(folder, **weights):
    plan = make_plan().model_copy(update={"manifest": str(folder / "m.yml")})
    job = plan.jobs[0].model_copy(update={"weights": Weights(**weights)})
    return plan.model_copy(update={"jobs": (job,)})


def test_missing_weights_are_named_with_the_place_to_put_them(tmp_path):
    with pytest.raises(InputError, match="the weights file does not exist") as caught:
        check_weights(with_weights(tmp_path, path="../w.pdparams"))
    assert caught.value.file == str(tmp_path / "m.yml")
    assert caught.value.key == "models.m0.weights.path"
    assert str(tmp_path / "../w.pdparams") in caught.value.hint


def test_weights_that_exist_or_come_from_elsewhere_are_in_order(tmp_path):
    (tmp_path / "w.pdparams").write_bytes(b"x")
    check_weights(with_weights(tmp_path, path="w.pdparams"))
    check_weights(with_weights(tmp_path, url="https://example.org/w.pdparams"))
    check_weights(make_plan())


def test_nothing_is_written_if_weights_are_missing(tmp_path):
    plan = with_weights(tmp_path, path="gone.pdparams")
    with open_workshop(tmp_path / "store", print) as workshop, pytest.raises(InputError):
        execute_plan(plan, None, tmp_path / "out", None, workshop)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("gpu", "gpu-trt-fp32 is not available here: "),
        ("half", "gpu-native-fp16 is not available here"),
        ("gpus", "unknown kind of runner 'gpus'"),
    ],
)
def test_nothing_is_written_if_the_kinds_targets_are_not_available(tmp_path, kind, words):
    half = {"half": RunnerKind(after="gpu-native-fp16")}
    plan = make_plan().model_copy(update={"runners": half})
    with (
        open_workshop(tmp_path / "store", print) as workshop,
        pytest.raises(InputError, match=words),
    ):
        execute_plan(plan, None, tmp_path / "out", None, workshop, kind)
    assert not (tmp_path / "out").exists()


def test_a_job_gets_its_plans_commits_and_the_folder_of_the_manifest(tmp_path):
    settings = job_settings(make_plan(), tmp_path, KINDS["gpu"])
    assert settings.kind == KINDS["gpu"]
    assert (settings.base, settings.head) == ("a" * 40, "b" * 40)
    assert (settings.data, settings.data_dir) == (tmp_path, "data")
    assert str(settings.weights_folder) == "/"


@pytest.fixture
def planned(suite, tmp_path):
    """A plan with one job, and the suite's repository."""
    (tmp_path / "m.yml").write_text(MANIFEST)
    suite.commit(
        {"configs/m.yml": "model: {type: PPLiteSeg}\n", "deploy/qat.yaml": "QuantAware: {}\n"}
    )
    suite.commit({"deploy/qat.yaml": "QuantAware: {weight_bits: 4}\n"})
    return plan_range(Suite(str(tmp_path / "m.yml"), suite.path, 2), "HEAD~1", "HEAD", Request())


def test_a_failure_becomes_a_result_and_an_incomplete_report(planned, tmp_path):
    """Workers are killed before they can import Paddle."""
    plan, repo = planned
    budget = plan.budget.model_copy(update={"stage_timeout_s": 0.01})
    plan = plan.model_copy(update={"budget": budget})
    out, messages = tmp_path / "out", []
    with open_workshop(tmp_path / "store", messages.append) as workshop:
        report = run_plan(plan, repo, out, None, workshop)
    assert (report.conclusion, report.exit_code) == ("action_required", 3)
    result = load_json(JobResult, out / "results" / "m.qat.json")
    assert {variant.status for variant in result.variants} == {"failed"}
    assert {failure.kind for failure in report.cases[0].failures} == {"timeout"}
    names = {path.name for path in out.iterdir()}
    assert names == {"plan.json", "results", "report.json", "report.md", "report.html"}
    assert messages


@pytest.fixture
def coded(tmp_path, monkeypatch):
    """Executes a plan whose one job can be settled by its candidate's program."""
    ran = []
    monkeypatch.setattr(
        "bot.run.execute.execute_job", lambda job, *_: ran.append(job.id) or NOTHING
    )

    def call(outcome, **marks):
        plan = plan_candidates("a", jobs=1, **marks)
        monkeypatch.setattr("bot.run.execute.compare_programs", lambda *_: [compared(a=outcome)])
        plan = plan.model_copy(update={"manifest": str(tmp_path / "m.yml")})
        with open_workshop(tmp_path / "store", print) as workshop:
            failures = execute_plan(plan, None, tmp_path / "out", None, workshop)
        written = load_json(ProgramsResult, tmp_path / "out" / "results" / PROGRAMS)
        assert written == compared(a=outcome)
        return ran, [(failure.side, failure.message) for failure in failures]

    return call


def test_a_job_whose_program_is_the_same_does_not_run(coded):
    assert coded(None) == ([], [])


def test_a_job_whose_program_differs_runs(coded):
    assert coded(CHANGE) == (["m0.qat"], [])


def test_equal_programs_do_not_stop_a_job_where_they_settle_nothing(coded):
    assert coded(None, settles=False) == (["m0.qat"], [])


def test_a_model_that_can_no_longer_be_exported_is_a_failure(coded):
    ran, failures = coded(("head",))
    assert ran == ["m0.qat"]
    assert failures == [("head", "TypeError on head")]
    assert coded(("base", "head"))[1] == []
