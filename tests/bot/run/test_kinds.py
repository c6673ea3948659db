"""A runner's kind decides what it measures, and in which runtime."""

from pathlib import Path

import pytest

from bot.run.kinds import (
    VARIABLE,
    choose_runtime,
    find_kind,
    located,
    other_runtimes,
    own_runtime_of,
)
from compress.manifest import KINDS, RunnerKind
from core.errors import InputError

ARM = RunnerKind(runtime="runtimes/arm.yml", before="cpu-native-fp32", after="cpu-native-fp32")
FOLDER = Path("/suite/.github")


def test_the_manifest_adds_kinds_to_the_usual_ones_and_changes_them():
    assert find_kind({}, "cpu", "m.yml") == KINDS["cpu"]
    assert find_kind({"arm": ARM}, "arm", "m.yml") == ARM
    assert find_kind({"gpu": ARM}, "gpu", "m.yml") == ARM


def test_a_kind_that_nobody_describes_is_refused_with_those_that_there_are():
    with pytest.raises(InputError, match="unknown kind of runner 'gpus'") as caught:
        find_kind({"arm": ARM}, "gpus", "m.yml")
    assert (caught.value.choices, caught.value.nearest) == (
        ("cpu", "gpu", "openvino", "arm"),
        "gpu",
    )
    assert caught.value.file == "m.yml"


@pytest.mark.parametrize(
    ("kind", "option", "variable", "runtime"),
    [
        (KINDS["cpu"], None, None, None),
        (KINDS["cpu"], None, "", None),
        (KINDS["gpu"], None, None, "paddle-2.6.2-gpu"),
        (KINDS["gpu"], None, "paddle-9-gpu", "paddle-9-gpu"),
        (KINDS["gpu"], "mine.yml", "paddle-9-gpu", "mine.yml"),
        (ARM, None, None, "/suite/.github/runtimes/arm.yml"),
    ],
)
def test_the_runtime_is_chosen_by_option_owner_and_kind(
    monkeypatch, kind, option, variable, runtime
):
    if variable is None:
        monkeypatch.delenv(VARIABLE, raising=False)
    else:
        monkeypatch.setenv(VARIABLE, variable)
    assert choose_runtime(kind, option, FOLDER / "slimgate.yml") == runtime


def test_other_runtimes_are_those_that_run_the_kinds_targets():
    others = ("paddle-2.6.2-cpu-openvino", "paddle-3.2.2-cpu")
    assert other_runtimes(KINDS["cpu"]) == others
    assert other_runtimes(KINDS["gpu"]) == other_runtimes(KINDS["openvino"]) == ()
    assert [own_runtime_of(KINDS[kind]) for kind in ("cpu", "gpu")] == [
        "paddle-2.6.2-cpu",
        "paddle-2.6.2-gpu",
    ]


def test_a_runtimes_file_is_relative_to_the_manifest():
    assert located("runtimes/arm.yml", FOLDER / "m.yml") == "/suite/.github/runtimes/arm.yml"
    assert located("paddle-3", FOLDER / "m.yml") == "paddle-3"
