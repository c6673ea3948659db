"""The registry of methods: each can be asked for, and runs in a worker."""

import importlib.util

import pytest

from compress.methods import METHODS, NAMES, methods_of


def test_methods_of_a_role_come_in_the_order_of_the_registry():
    assert list(methods_of("quantise")) == ["qat", "ptq", "quant_aware"]
    prunes = ["channel_prune", "asp_prune", "transformer_prune", "sparse"]
    assert list(methods_of("prune")) == prunes
    assert list(methods_of("distil")) == ["distill"]
    assert set(NAMES) == set(METHODS)


@pytest.mark.parametrize("name", NAMES)
def test_every_method_has_a_module_for_workers(name):
    assert importlib.util.find_spec(f"compress.methods.{name}.in_worker.method") is not None


@pytest.mark.parametrize("name", NAMES)
def test_a_method_brings_the_schema_of_a_section_that_asks_for_it(name):
    spec = METHODS[name]
    known = {section.__name__ for method in METHODS.values() for section in method.sections}
    assert set(spec.asked_by) <= known
    assert bool(spec.op_types) == (spec.role == "quantise")
