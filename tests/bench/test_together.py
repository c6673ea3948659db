"""Models are measured together: what goes wrong with one costs the others nothing."""

from dataclasses import replace

import pytest

from bench.engines.cpu_onednn import CpuOneDnn
from bench.engines.targets import find_target
from bench.result import Accuracy
from bench.rounds import WARMUP_RUNS, Patience
from bench.together import Contender, Outcome, Timing, caught, measure_together
from compress.workshop import silent
from core.errors import InputError, JobFailure

PATIENCE = Patience(wish_s=0.0, limit_s=20.0)
ACCURACY = Accuracy(metric="mIoU", value=0.9, images=4, chance=0.1, statistics="s", cached=False)
PASS, CLASS = "repeated_fc_relu_fuse_pass", "RepeatedFCReluFusePass"
KERNEL = "batch_norm"


def score(model):
    return ACCURACY


def never_score(model):
    raise AssertionError("scored")


def refuse_to_score(model):
    raise JobFailure("accuracy", "error", "no image to judge by")


@pytest.fixture
def measure(models, workshop):
    """Measures scripted models: ``measure(score=…, name=deployment, …)``."""

    def run(score=None, clock=None, say=silent, **deployments):
        contenders = {name: Contender(model, score) for name, model in deployments.items()}
        more = {"clock": clock} if clock else {}
        return measure_together(contenders, workshop, PATIENCE, say, **more)

    return run


def test_sound_models_have_every_part_and_rounds_that_line_up(models, measure):
    outcomes = measure(
        score,
        fp32=models.deployed("fp32", ms=6.0),
        int8=models.deployed("int8", "cpu-onednn-int8", ops={"conv2d": [3, 4]}, ms=3.0),
    )
    assert list(outcomes) == ["fp32", "int8"]
    assert outcomes["fp32"].proof is None
    assert outcomes["int8"].proof.ops == {"conv2d": (3, 4)}
    assert outcomes["int8"].proof.precision == "int8"
    assert [outcome.accuracy for outcome in outcomes.values()] == [ACCURACY, ACCURACY]
    assert [outcome.failures for outcome in outcomes.values()] == [(), ()]
    rounds = {name: outcome.timing.rounds_ms for name, outcome in outcomes.items()}
    assert len(rounds["fp32"]) == len(rounds["int8"]) >= 8
    assert {sample for turn in rounds["fp32"] for sample in turn} == {6.0}
    assert {len(turn) for turn in rounds["fp32"]} == {10}  # of 60 ms
    assert outcomes["fp32"].timing.peak_memory_bytes == 2**20


def test_a_model_without_proof_is_neither_scored_nor_timed(models, workshop):
    contenders = {
        "none": Contender(
            models.deployed("none", "cpu-onednn-int8", ops={"conv2d": [0, 4]}), never_score
        ),
        "sound": Contender(models.deployed("sound"), score),
    }
    outcomes = measure_together(contenders, workshop, PATIENCE, silent)
    failure = outcomes["none"].proof
    assert isinstance(failure, JobFailure)
    assert (failure.stage, failure.kind) == ("proof", "error")
    assert "no op runs in int8" in failure.message
    assert outcomes["none"].accuracy is failure
    assert outcomes["none"].timing is failure
    assert outcomes["none"].failures == (failure,)
    assert models.requests("none") == ["prove"]
    assert outcomes["sound"].accuracy == ACCURACY
    assert isinstance(outcomes["sound"].timing, Timing)


def test_a_failed_proof_is_no_failure_to_score_where_nothing_can_be_scored(models, measure):
    outcomes = measure(none=models.deployed("none", "cpu-onednn-int8", ops={}))
    assert outcomes["none"].accuracy is None
    assert len(outcomes["none"].failures) == 1


def test_a_model_that_cannot_be_scored_is_timed_all_the_same(models, measure):
    outcome = measure(refuse_to_score, a=models.deployed("a"))["a"]
    assert outcome.accuracy.message == "no image to judge by"
    assert outcome.failures == (outcome.accuracy,)
    assert isinstance(outcome.timing, Timing)


@pytest.mark.parametrize(
    ("error", "stage", "message"),
    [
        (InputError("the annotation cannot be read", file="a.xml"), "input", "a.xml"),
        (ValueError("areas must be whole numbers"), "slimgate", "unexpected ValueError: areas"),
    ],
)
def test_annotations_or_predictions_that_cannot_be_read_are_a_failure_to_score(
    models, measure, error, stage, message
):
    def raise_error(model):
        raise error

    outcomes = measure(raise_error, a=models.deployed("a"), b=models.deployed("b"))
    for outcome in outcomes.values():
        assert outcome.accuracy.stage == stage
        assert message in outcome.accuracy.message
        assert isinstance(outcome.timing, Timing)


def test_a_model_that_dies_in_its_turn_is_dropped_and_the_others_start_over(models, measure):
    outcomes = measure(
        score, mortal=models.deployed("mortal", dies_in_turn=3), sound=models.deployed("sound")
    )
    assert outcomes["mortal"].timing.kind == "signal"
    assert "SIGKILL" in outcomes["mortal"].timing.message
    assert outcomes["mortal"].accuracy == ACCURACY
    assert models.requests("mortal") == ["load", f"run {WARMUP_RUNS}"]
    assert models.requests("sound") == ["load", f"run {WARMUP_RUNS}"] * 2
    assert len(outcomes["sound"].timing.rounds_ms) == 8  # none of those of the first start


def test_models_may_die_one_after_the_other_until_none_is_left(models, measure):
    early = models.deployed("early", dies_in_turn=1)
    late = models.deployed("late", dies_in_turn=2)
    outcomes = measure(score, early=early, late=late)
    assert [outcome.timing.kind for outcome in outcomes.values()] == ["signal"] * 2
    assert models.requests("late").count("load") == 2


def test_a_model_that_does_not_load_leaves_the_others_their_numbers(models, measure):
    broken = models.deployed("broken", fails={"load": "no such operator"})
    outcomes = measure(score, broken=broken, sound=models.deployed("sound"))
    assert outcomes["broken"].timing.message == "ValueError: no such operator"
    assert outcomes["broken"].failures == (outcomes["broken"].timing,)
    assert isinstance(outcomes["sound"].timing, Timing)
    assert models.requests("sound").count("load") == 1


def test_one_model_may_fail_to_load_and_another_die_in_the_same_start(models, measure):
    outcomes = measure(
        score,
        broken=models.deployed("broken", fails={"load": "no such operator"}),
        mortal=models.deployed("mortal", dies_in_turn=2),
        sound=models.deployed("sound"),
    )
    assert outcomes["broken"].timing.kind == "error"
    assert outcomes["mortal"].timing.kind == "signal"
    assert isinstance(outcomes["sound"].timing, Timing)
    assert models.requests("broken") == ["load"]


def test_what_crashes_in_scoring_is_left_out_of_timing(models, measure):
    def crash_with_the_pass(model):
        if PASS not in model.left_out:
            trace = "paddle::framework::ir::RepeatedFcReluFusePass::ApplyImpl(Graph*) const"
            raise JobFailure("accuracy", "signal", "killed by SIGSEGV", trace)
        return ACCURACY

    outcome = measure(crash_with_the_pass, a=models.deployed("a", crashes=[PASS]))["a"]
    assert (outcome.crashed, outcome.model.left_out) == ((PASS,), (PASS,))
    assert outcome.failures == ()
    assert models.requests("a") == [f"load {PASS}", f"run {WARMUP_RUNS}"]


@pytest.mark.parametrize("crashing", [[PASS], [KERNEL], [PASS, KERNEL]])
def test_a_model_that_is_not_scored_is_loaded_once_to_learn_what_crashes(models, measure, crashing):
    outcome = measure(a=models.deployed("a", crashes=crashing))["a"]
    assert outcome.crashed == tuple(crashing)
    assert isinstance(outcome.timing, Timing)
    loads = [line for line in models.requests("a") if line.startswith("load")]
    tries = [" ".join(["load", *crashing[:count]]) for count in range(len(crashing) + 1)]
    assert loads == [*tries, tries[-1]]


def test_what_crashes_in_the_proof_is_left_out_of_scoring_and_timing(models, measure):
    scored = []

    def remember(model):
        scored.append(model.left_out)
        return ACCURACY

    model = models.deployed("a", "cpu-onednn-int8", crashes=[PASS])
    outcome = measure(remember, a=model)["a"]
    assert outcome.proof.ops == {"conv2d": (3, 4)}
    assert (outcome.crashed, scored) == ((PASS,), [(PASS,)])
    assert models.requests("a")[:3] == ["prove", f"prove {PASS}", f"load {PASS}"]


def test_what_the_case_leaves_out_stays_left_out_and_is_no_crash(models, workshop):
    model = replace(models.deployed("a", crashes=[PASS, "fc_fuse_pass"]), left_out=(PASS,))
    outcome = measure_together({"a": Contender(model)}, workshop, PATIENCE, silent)["a"]
    assert outcome.crashed == ("fc_fuse_pass",)
    assert outcome.model.left_out == (PASS, "fc_fuse_pass")


@pytest.fixture
def building(monkeypatch):
    """oneDNN stands for a library that builds engines for a model."""
    monkeypatch.setattr(CpuOneDnn, "builds_for_shapes", True)


@pytest.mark.usefixtures("building")
def test_engines_are_built_once_for_each_model_and_proven_scored_and_timed(
    models, workshop, measure
):
    scored = []

    def remember(model):
        scored.append(model.engines and (model.engines / "engine").read_text())
        return ACCURACY

    outcomes = measure(
        remember,
        fp32=models.deployed("fp32"),
        int8=models.deployed("int8", "cpu-onednn-int8"),
        plain=models.deployed("plain", "cpu-native-fp32"),
    )
    assert [outcome.failures for outcome in outcomes.values()] == [()] * 3
    assert scored == ["fp32", "int8", None]
    asked = {name: [r for r in models.requests(name) if "run" not in r] for name in outcomes}
    assert asked == {
        "fp32": ["build", "load engine of fp32"],
        "int8": ["build", "prove engine of int8", "load engine of int8"],
        "plain": ["load"],
    }
    assert list(workshop.scratch.glob("engines-*")) == []


@pytest.mark.usefixtures("building")
def test_what_crashes_while_engines_are_built_is_left_out_of_them(models, measure):
    outcome = measure(score, a=models.deployed("a", crashes=[PASS]))["a"]
    assert (outcome.crashed, outcome.failures) == ((PASS,), ())
    requests = models.requests("a")
    assert requests[:3] == ["build", f"build {PASS}", f"load {PASS} engine of a"]


@pytest.mark.usefixtures("building")
def test_models_that_start_over_load_their_engines_again(models, measure):
    outcomes = measure(
        sound=models.deployed("sound"), dying=models.deployed("dying", dies_in_turn=2)
    )
    assert isinstance(outcomes["dying"].timing, JobFailure)
    assert isinstance(outcomes["sound"].timing, Timing)
    assert models.requests("sound").count("build") == 1
    assert models.requests("sound").count("load engine of sound") == 3  # alone, and in two turns


@pytest.mark.usefixtures("building")
def test_engines_with_what_crashes_later_are_not_used_without_it(models, measure):
    def crash_first(model):
        if model.engines:
            raise JobFailure(
                "accuracy", "signal", "", f"paddle::framework::ir::{CLASS}::ApplyImpl("
            )
        return ACCURACY

    outcome = measure(crash_first, a=models.deployed("a"))["a"]
    assert (outcome.crashed, outcome.accuracy) == ((PASS,), ACCURACY)
    assert models.requests("a")[:2] == ["build", f"load {PASS}"]


@pytest.mark.usefixtures("building")
def test_engines_that_cannot_be_built_are_a_failure_of_every_part(models, measure):
    model = models.deployed("a", fails={"build": "no workspace"})
    outcome = measure(never_score, a=model)["a"]
    assert (outcome.timing.stage, outcome.failures) == ("build", (outcome.timing,))
    assert "no workspace" in outcome.timing.message
    assert models.requests("a") == ["build"]


def test_a_model_that_crashes_in_too_many_places_is_a_failure_of_every_part(models, measure):
    names = [f"{letter}_fuse_pass" for letter in "abcd"]
    model = models.deployed("a", "cpu-onednn-int8", crashes=names)
    outcome = measure(never_score, a=model)["a"]
    assert (outcome.proof.kind, outcome.crashed) == ("signal", ())
    assert outcome.failures == (outcome.proof,)


def test_whatever_is_raised_becomes_a_failure():
    failure = JobFailure("export", "timeout", "no answer within 9 s; killed", "log")
    with caught() as failures:
        raise failure
    assert failures == [failure]
    with caught() as failures:
        raise InputError("no such file", file="m.yml", hint="name another")
    assert (failures[0].stage, failures[0].kind) == ("input", "error")
    assert "m.yml" in failures[0].message
    with caught() as failures:
        raise KeyError("gone")
    assert failures[0].stage == "slimgate"
    assert failures[0].message == "unexpected KeyError: 'gone'"
    assert "test_together.py" in failures[0].log_tail
    with caught() as failures:
        pass
    assert failures == []


def test_an_interrupt_is_not_caught():
    with pytest.raises(KeyboardInterrupt), caught():
        raise KeyboardInterrupt


def test_progress_and_the_seconds_of_scoring_are_reported(models, measure):
    lines, ticks = [], iter(range(10_000))
    outcomes = measure(
        score,
        clock=lambda: float(next(ticks)),
        say=lines.append,
        a=models.deployed("a"),
        b=models.deployed("b", "cpu-onednn-int8", ops={}),
    )
    assert lines == [
        "a: proof and accuracy",
        "b: proof and accuracy",
        "latency: 1 models taking turns",
    ]
    assert [outcome.scoring_s for outcome in outcomes.values()] == [1.0, 1.0]


def test_nothing_to_measure_is_nothing_measured(measure):
    assert measure() == {}


def test_a_failure_that_stopped_several_parts_is_named_once(tmp_path):
    first, second = (JobFailure(stage, "error", "no") for stage in ("proof", "latency"))
    model = find_target("cpu-onednn-fp32")
    assert Outcome(model, proof=first, accuracy=first, timing=second).failures == (first, second)
    assert Outcome(model).failures == ()
