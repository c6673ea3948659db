"""An acceptance holds for one pull request and one content of a case."""

import pytest

from bot.judge.acceptance import (
    Acceptance,
    case_hash,
    find_acceptance,
    new_acceptances,
)
from bot.plan.request import AcceptedModel, RunRequest
from compress.manifest import Gate, Weights
from core.lines import parse_lines
from tests.bot.builders import make_plan

JOB = make_plan().jobs[0]
REGRESSED = ("m0.qat", "m0.ptq")


def request_with(*models, number=7):
    accepted = tuple(AcceptedModel(model=m, reason="agreed", author="ann") for m in models)
    return RunRequest(
        origin="acceptance", number=number, base="main", head="b" * 40, accepted=accepted
    )


def with_side(side, **changes):
    spec = JOB.sides[side].model_copy(update=changes)
    return JOB.model_copy(update={"sides": {**JOB.sides, side: spec}})


def test_every_case_of_a_named_model_is_accepted():
    plan = make_plan(2)
    second = plan.jobs[0].model_copy(update={"id": "m0.ptq", "recipe": "ptq"})
    plan = plan.model_copy(update={"jobs": (*plan.jobs, second)})
    acceptances = list(new_acceptances(request_with("m0"), plan, REGRESSED))
    assert [item.case for item in acceptances] == ["m0.qat", "m0.ptq"]
    assert {(item.number, item.reason, item.author) for item in acceptances} == {
        (7, "agreed", "ann")
    }


def test_nothing_is_accepted_for_other_models_or_without_a_pull_request():
    assert list(new_acceptances(request_with("m9"), make_plan(), REGRESSED)) == []
    assert list(new_acceptances(request_with("m0", number=None), make_plan(), REGRESSED)) == []


def test_a_case_that_did_not_regress_is_not_accepted():
    assert list(new_acceptances(request_with("m0"), make_plan(), ())) == []
    assert list(new_acceptances(request_with("m0"), make_plan(), ("m1.qat",))) == []


def test_an_acceptance_is_found_for_its_content_and_the_latest_counts():
    (first,) = new_acceptances(request_with("m0"), make_plan(), REGRESSED)
    latest = first.model_copy(update={"reason": "again"})
    assert find_acceptance(JOB, [first, latest]) == latest
    assert find_acceptance(JOB, []) is None


@pytest.mark.parametrize(
    "job",
    [
        with_side("head", config={"a": 1}),
        with_side("base", recipe={"QuantPost": {}}),
        with_side("head", data_config={"a": 1}),
        with_side("head", code="changed"),
        with_side("head", recipe_text="# words"),
        JOB.model_copy(update={"gate": Gate(max_drop_vs_base_points=9)}),
        JOB.model_copy(update={"weights": Weights(url="https://example.org/other.pdparams")}),
        JOB.model_copy(update={"weights": JOB.weights.model_copy(update={"sha256": "0" * 64})}),
        JOB.model_copy(update={"output_op": "argmax"}),
        JOB.model_copy(update={"dynamic_shape": True}),
        JOB.model_copy(update={"delete_passes": ("fc_fuse_pass",)}),
        JOB.model_copy(update={"id": "m0.other"}),
    ],
    ids=[
        *("config", "base recipe", "data", "code", "text", "gate"),
        *("weights", "hash of weights", "output", "free size", "passes", "case"),
    ],
)
def test_an_acceptance_ends_with_a_change_of_its_case(job):
    (acceptance,) = new_acceptances(request_with("m0"), make_plan(), REGRESSED)
    assert find_acceptance(job, [acceptance]) is None


def test_commits_alone_change_no_case():
    assert case_hash(with_side("head", commit="9" * 40)) == case_hash(JOB)
    assert case_hash(with_side("head", change="suite-queue-1")) == case_hash(JOB)


def test_a_line_survives_storage():
    line = Acceptance(number=1, case="c", case_hash="h", reason="é\n\u2028", author="a")
    assert parse_lines(Acceptance, [line.model_dump_json(by_alias=True)]).values == [line]
