"""Every entry of a registry offers what its Protocol asks for, and is found by its name."""

import importlib

import pytest

from bench.engines import ENGINES
from bench.engines import NAMES as ENGINE_NAMES
from bench.engines.base import EngineOptions
from bench.engines.targets import TARGETS
from bench.metrics import METRICS
from bot.commands import ALIASES, load_command
from bot.commands import NAMES as COMMAND_NAMES
from bot.events.comments import COMMANDS, DEFAULT
from compress.doctor.rules import NAMES as RULE_NAMES
from compress.doctor.rules import RULES
from compress.methods import METHODS
from compress.recipes.act import SECTIONS
from compress.suites import SUITES
from core.registry import registered


def test_engines_configure_every_precision_that_they_name():
    assert len(ENGINES) == len(ENGINE_NAMES)
    for target in TARGETS.values():
        calls = target.engine.configure(EngineOptions(target.precision, threads=1))
        if target.engine.library == "openvino":
            assert {call.method for call in calls} == {"set_property"}
            continue
        devices = {"cpu": "disable_gpu", "gpu": "enable_use_gpu"}
        used = [call.method for call in calls if call.method in devices.values()]
        assert used == [devices[target.engine.device]]
        assert (target.engine.proof(target.precision) is None) == (target.precision == "fp32")


def test_metrics_store_their_statistics_under_a_form():
    for metric in METRICS.values():
        assert metric.statistics.form
        assert metric.statistics.resamples >= 100


def test_methods_are_asked_by_sections_that_recipes_may_have():
    for name, spec in METHODS.items():
        assert set(spec.asked_by) <= set(SECTIONS), name
        assert importlib.util.find_spec(f"compress.methods.{name}.in_worker.method"), name


def test_suites_have_a_driver_to_import_in_workers():
    for name, suite in SUITES.items():
        assert importlib.util.find_spec(suite.driver), name
        assert suite.driver.startswith(f"compress.suites.{name}.in_worker.")


def test_rules_are_named_by_their_modules():
    assert [name.partition("_")[0].upper() for name in RULE_NAMES] == [r.code for r in RULES]


def test_comment_commands_have_words_of_their_own():
    words = [command.WORD for command in COMMANDS]
    assert len(words) == len(set(words))
    assert DEFAULT.WORD is None


@pytest.mark.parametrize("name", COMMAND_NAMES)
def test_commands_load_by_their_names(name):
    assert load_command(name).name == name


def test_former_names_lead_to_commands():
    assert set(ALIASES.values()) <= set(COMMAND_NAMES)
    assert not set(ALIASES) & set(COMMAND_NAMES)


def test_an_entry_without_the_value_is_an_error():
    with pytest.raises(AttributeError, match="NOTHING"):
        list(registered("bench.engines", ("cpu_native",), "NOTHING"))
