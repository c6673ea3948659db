"""A job knows which variants its result has to hold."""

from bench.job import Job, SideSpec
from bench.variant import Variant
from compress.manifest import Gate


def side(recipe):
    return SideSpec(
        commit="a" * 40, config={}, recipe=recipe, data_config={}, input_shape=(1, 3, 8, 8)
    )


def job(**sides):
    return Job(
        id="m.ptq",
        model="m",
        recipe="ptq",
        config_file="m.yml",
        recipe_file=None,
        sides=sides,
        weights=None,
        output_op="none",
        delete_passes=(),
        gate=Gate(),
        published=(),
        because=(),
        base_problem=None,
    )


def test_each_side_has_fp32_and_the_recipe():
    variants = list(job(base=side({}), head=side({})).variants())
    assert list(map(str, variants)) == ["base fp32", "base ptq", "head fp32", "head ptq"]
    assert [variant.fp32 for variant in variants[2:]] == [Variant("head", "fp32")] * 2


def test_a_side_without_the_recipe_has_fp32_alone():
    variants = job(base=side(None), head=side({})).variants()
    assert list(map(str, variants)) == ["base fp32", "head fp32", "head ptq"]


def test_a_new_model_has_no_base():
    assert [variant.side for variant in job(head=side({})).variants()] == ["head", "head"]
