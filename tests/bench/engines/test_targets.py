"""Targets are found by name, and only those that the processor can run."""

import pytest

from bench.engines.targets import (
    TARGETS,
    find_runnable,
    find_target,
    reference_for,
    runnable,
    target_for,
)
from core.errors import InputError

NAMES = ["cpu-native-fp32", "cpu-onednn-fp32", "cpu-onednn-bf16", "cpu-onednn-int8"]


def test_a_name_is_device_engine_and_precision():
    assert list(TARGETS) == NAMES
    for name in NAMES:
        target = find_target(name)
        assert target.name == name
        assert f"{target.engine.device}-{target.engine.name}-{target.precision}" == name


def test_an_unknown_target_is_refused_with_the_valid_ones():
    with pytest.raises(InputError, match="unknown target 'cpu-onednn-int4'") as caught:
        find_target("cpu-onednn-int4")
    assert (caught.value.key, list(caught.value.choices)) == ("--target", NAMES)
    assert caught.value.nearest == "cpu-onednn-int8"
    assert "--target" in caught.value.hint


def test_a_target_that_the_processor_lacks_is_refused_with_those_that_it_has():
    with pytest.raises(InputError, match=r"cannot run cpu-onednn-bf16.*avx512f") as caught:
        find_runnable("cpu-onednn-bf16", ("avx2",))
    assert list(caught.value.choices) == [NAMES[0], NAMES[1], NAMES[3]]
    assert find_runnable("cpu-onednn-bf16", ("avx512f",)).name == "cpu-onednn-bf16"
    assert find_runnable("cpu-onednn-int8", ()).name == "cpu-onednn-int8"


def test_what_can_run_depends_on_the_instruction_sets():
    assert list(runnable(())) == [NAMES[0], NAMES[1], NAMES[3]]
    assert list(runnable(("avx512f",))) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_reference_is_the_same_engine_in_fp32(name):
    reference = reference_for(find_target(name))
    assert reference.engine is find_target(name).engine
    assert reference.precision == "fp32"


@pytest.mark.parametrize(
    ("quantised", "name"), [(True, "cpu-onednn-int8"), (False, "cpu-onednn-fp32")]
)
def test_models_are_deployed_on_onednn(quantised, name):
    assert target_for(quantised).name == name
