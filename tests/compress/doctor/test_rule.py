"""Subjects: a recipe with the facts that are known, and their sections."""

import pytest
from pydantic import ValidationError

from compress.doctor.facts import FailureFacts, GraphFacts
from compress.doctor.rule import edits_of, found_by_reader, subject_of
from core.finding import Edit

EDIT = Edit(start=0, end=1, text="x")


def test_facts_become_the_parts_of_a_subject():
    graph = {"ops": {"conv2d": 1}, "variables": ("x",), "candidates": (), "feeds": {"x": (-1, 3)}}
    failure = {"stage": "export", "kind": "error", "message": "m"}
    subject = subject_of("QuantPost:\n", {"graph": graph, "failure": failure})
    assert subject.graph == GraphFacts(**graph)
    assert subject.failure == FailureFacts("export", "error", "m")
    assert (subject.target, subject.data, subject.recipe.file) == (None, None, "recipe.yaml")


def test_unknown_facts_are_an_error_of_the_example():
    with pytest.raises(KeyError, match="grph"):
        subject_of("", {"grph": {}})
    with pytest.raises(ValidationError, match="variables"):
        subject_of("", {"graph": {"ops": {}}})


@pytest.mark.parametrize(
    ("text", "quantises"),
    [("QuantAware:\n", True), ("QuantPost:\n", True), ("Distillation:\n", False), ("", False)],
)
def test_a_recipe_quantises_by_either_section(text, quantises):
    assert subject_of(text, {}).quantises == quantises


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("", None),
        ("A: {b: 1}\n", {"b": 1}),
        ("A:\n", {}),
        ("A: [1]\n", {}),
        ("A: text\n", {}),
    ],
)
def test_a_section_is_a_mapping_or_absent(text, section):
    assert subject_of(text, {}).section("A") == section


def test_edits_are_made_together_or_not_at_all():
    assert edits_of(EDIT, EDIT) == (EDIT, EDIT)
    assert edits_of(EDIT, None) == edits_of(None) == edits_of() == ()


def test_what_the_reader_finds_no_rule_finds_again():
    assert list(found_by_reader(subject_of("A: 1\n", {}))) == []
