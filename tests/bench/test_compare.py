"""Programs of candidates on both sides; a side that fails is data."""

from dataclasses import replace
from pathlib import Path

import pytest

from bench import compare
from bench.candidate import Candidate, Origin
from bench.compare import compare_programs
from bench.job import JobSettings
from bench.programs import Compared, NotCompared
from compress.manifest import Budget, TargetOptions
from core.errors import JobFailure
from core.git import open_repo
from tests.compress.programs.builders import outline

RELU, TANH = outline(("relu", ["x"])), outline(("tanh", ["x"]))


@pytest.fixture
def comparing(suite, workshop, monkeypatch):
    """Compares a model whose outlines are given by the text of the suite's code."""
    outlines = {"relu": RELU, "tanh": TANH}
    specs = []

    def outline_model(where, source, spec):
        name = (source.code / "paddleseg/net.py").read_text()
        specs.append((source, spec, where))
        if name not in outlines:
            raise JobFailure("export", "error", f"no {name}")
        return outlines[name]

    monkeypatch.setattr(compare, "outline_model", outline_model)

    def call(base, head, change=None, **more):
        commits = [suite.commit({"paddleseg/net.py": text}) for text in (base, head)]
        sides = {
            "base": Origin(commit=commits[0]),
            "head": Origin(commit=commits[1], change=change),
        }
        candidate = Candidate(
            config_file="m.yml",
            config={"model": {"type": "Net"}},
            sides=sides,
            input_shape=(1, 3, 8, 8),
            output_op="argmax",
            **more,
        )
        settings = JobSettings(*commits, "paddleseg", "data", None, Path(), Budget())
        repo = open_repo(suite.path)
        clock = iter([0, 1, 2.5]).__next__
        (result,) = compare_programs([candidate], settings, repo, workshop, clock)
        return result, specs

    return call


def test_equal_programs_are_known_by_their_config(comparing):
    result, _ = comparing("relu", "relu")
    assert result.candidates == (Compared(config_file="m.yml", change=None),)
    assert result.duration_s == 2.5


def test_other_programs_come_with_what_differs(comparing):
    result, _ = comparing("relu", "tanh")
    (compared,) = result.candidates
    assert [(c.before, c.after) for c in compared.change.changes] == [("relu", "tanh")]


@pytest.mark.parametrize(
    ("base", "head", "sides", "only_head"),
    [
        ("relu", "broken", ["head"], True),
        ("broken", "relu", ["base"], False),
        ("broken", "broken", ["base", "head"], False),
    ],
)
def test_a_side_that_cannot_be_exported_is_named(comparing, base, head, sides, only_head):
    (failed,) = comparing(base, head)[0].candidates
    assert isinstance(failed, NotCompared)
    assert [(f.side, f.stage, f.message) for f in failed.failures] == [
        (side, "export", "no broken") for side in sides
    ]
    assert failed.only_head == only_head


def test_what_a_change_makes_is_kept_apart(comparing, workshop):
    _, specs = comparing("relu", "tanh", change="s-7")
    stores = {source.change: where.store for source, _, where in specs}
    assert stores == {None: workshop.store, "s-7": workshop.store.for_change("s-7")}


def test_the_export_is_that_of_the_manifest_without_weights(comparing):
    _, specs = comparing("relu", "relu", dynamic_shape=True)
    for source, spec, _ in specs:
        assert source.data is None
        assert (spec.weights, spec.exported_shape, spec.output_op) == (
            None,
            (1, 3, -1, -1),
            "argmax",
        )


def test_a_size_that_a_target_leaves_free_is_free_in_the_program(comparing):
    _, specs = comparing("relu", "relu", targets={"cpu-onednn": TargetOptions(dynamic_shape=True)})
    assert {spec.exported_shape for _, spec, _ in specs} == {(1, 3, -1, -1)}


def test_what_cannot_be_compared_fails_by_itself(comparing, monkeypatch):
    monkeypatch.setattr(compare, "find_change", lambda *_: 1 / 0)
    (failed,) = comparing("relu", "tanh")[0].candidates
    assert [failure.side for failure in failed.failures] == ["head"]


CANDIDATE = Candidate(
    config_file="m", config={}, sides={}, input_shape=(1, 3, 8, 8), output_op="argmax"
)


def test_comparing_ends_when_the_time_of_a_stage_is_up(workshop, monkeypatch):
    monkeypatch.setattr(compare, "_compare", lambda *_: Compared(config_file="m", change=None))
    settings = JobSettings("a" * 40, "b" * 40, "paddleseg", "data", None, Path(), Budget())
    workshop = replace(workshop, stage_timeout_s=10)
    clock = iter([0, 1, 2, 3, 11, 12]).__next__
    results = list(compare_programs([CANDIDATE] * 5, settings, None, workshop, clock))
    assert [len(result.candidates) for result in results] == [1, 2]
