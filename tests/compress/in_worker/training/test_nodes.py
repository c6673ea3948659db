"""Distillation nodes that an export has, and those that it lacks."""

from dataclasses import replace
from pathlib import Path

import pytest

from compress.in_worker.method import Batches, CompressionJob
from compress.in_worker.training.nodes import flat_nodes, with_known_nodes

JOB = CompressionJob(
    model=Path("model"),
    teacher=Path("teacher"),
    sections={},
    batches=Batches(None, 1, 1),
    out=Path("out"),
    variables={"a", "b"},
    layers={},
    vector_products=[],
    executor=None,
    tell=print,
)


@pytest.mark.parametrize(
    ("node", "nodes"),
    [(["a", "b"], ["a", "b"]), ([["a"], ["b", "c"]], ["a", "b", "c"]), ([], []), (None, [])],
)
def test_groups_are_flattened(node, nodes):
    assert flat_nodes({"node": node}) == nodes


def test_nodes_of_the_export_and_of_its_teacher_stay():
    job = replace(JOB, sections={"Distillation": {"node": ["teacher_a", "b"], "loss": "l2"}})
    assert with_known_nodes(job) == (job, ())


def test_nodes_of_a_teacher_that_is_another_model_are_not_looked_for():
    section = {"node": ["teacher_other", "b"], "teacher_model_dir": "large"}
    job = replace(JOB, sections={"Distillation": section})
    assert with_known_nodes(job) == (job, ())
    own = replace(JOB, sections={"Distillation": {"node": ["teacher_other", "b"]}})
    assert with_known_nodes(own)[0].sections == {"Distillation": {}}


def test_without_a_distillation_nothing_changes():
    assert with_known_nodes(JOB) == (JOB, ())


def test_one_missing_node_removes_all_lists_that_belong_together():
    section = {"node": [["a"], ["z"]], "loss": ["l2"], "alpha": [1.0], "teacher_model_dir": "t"}
    job, remarks = with_known_nodes(replace(JOB, sections={"Distillation": section, "Other": {}}))
    assert job.sections == {"Distillation": {"teacher_model_dir": "t"}, "Other": {}}
    (remark,) = remarks
    assert remark == (
        "distillation node 'z' is not in this export; the last layers with weights are used instead"
    )
