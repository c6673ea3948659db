"""Sides that are not merged carry the name of their change."""

from bot.plan.trust import keep_apart
from tests.bot.builders import make_plan, plan_candidates

BASE, HEAD = "b" * 40, "a" * 40


def sides(plan):
    return {side: spec.change for job in plan.jobs for side, spec in job.sides.items()}


def test_only_what_is_not_merged_belongs_to_the_change():
    plan = make_plan()
    (job,) = plan.jobs
    base = job.sides["head"].model_copy(update={"commit": BASE})
    job = job.model_copy(update={"sides": {"base": base, "head": job.sides["head"]}})
    apart = keep_apart(plan.model_copy(update={"jobs": (job,)}), "seg-7", BASE.__eq__)
    assert sides(apart) == {"base": None, "head": "seg-7"}


def test_a_head_that_is_merged_belongs_to_all():
    assert set(sides(keep_apart(make_plan(), "seg-7", lambda commit: True)).values()) == {None}


def test_candidates_are_kept_apart_too():
    plan = plan_candidates("a")
    (candidate,) = plan.candidates
    merged = candidate.sides["base"].commit
    (apart,) = keep_apart(plan, "seg-7", merged.__eq__).candidates
    assert {side: origin.change for side, origin in apart.sides.items()} == {
        "base": None,
        "head": "seg-7",
    }
