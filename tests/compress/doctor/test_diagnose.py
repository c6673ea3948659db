"""Findings: their order, their places, what silences them, and the fixes that they carry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compress.doctor.diagnose import diagnose, explained, fixed_text
from compress.doctor.rule import Example, Problem, Rule, edits_of, subject_of
from compress.doctor.rules import RULES, find_rule

BROKEN = "Quantization:  # old\n  weight_bits: 4\nTrainConfig:\n  learning_rate: 1e-4\n"


def rule(check, code="SG199", stage="text"):
    example = Example(bad="QuantPost:\n", good="QuantPost:\n")
    return Rule(code, "name", "note", stage, "Title", "Why.", "Remedy.", check, example)


def at(*where, edits=(), until=None):
    """A check that finds a problem there, until the text is no longer this one."""

    def check(subject):
        mended = until is not None and subject.recipe.text != until
        return iter([] if mended else [Problem("wrong", where, edits)])

    return check


def test_findings_come_in_the_order_of_the_file():
    text = "QuantPost: {batch_nums: 1}\n\nGlobal:\n  a: 1\nLast: 1\n"
    rules = (
        rule(at("Last"), "SG100"),
        rule(at("QuantPost", "batch_nums"), "SG100"),
        rule(at("Global", "a"), "SG101"),
        rule(at("QuantPost"), "SG103"),
        rule(at(), "SG104"),
        rule(at("QuantPost"), "SG102"),
    )
    found = diagnose(subject_of(text, {}), rules)
    assert [(finding.code, finding.line, finding.column) for finding in found] == [
        ("SG104", None, None),
        ("SG102", 1, 1),
        ("SG103", 1, 1),
        ("SG100", 1, 13),
        ("SG101", 4, 3),
        ("SG100", 5, 1),
    ]


def test_a_rule_waits_until_its_stage_is_known():
    later = rule(at(), stage="failure")
    assert diagnose(subject_of("", {}), (later,)) == []
    facts = {"failure": {"stage": "export", "kind": "error", "message": ""}}
    assert len(diagnose(subject_of("", facts), (later,))) == 1


def test_a_place_that_the_file_lacks_has_a_key_and_no_line():
    (finding,) = diagnose(subject_of("A:\n  b: 1\n", {}), (rule(at("A", "c", 0)),))
    assert (finding.key, finding.line, finding.fix) == ("A.c.0", None, None)


@pytest.mark.parametrize(
    ("comment", "silent"),
    [
        ("# slimgate: ignore", True),
        ("# slimgate:ignore[SG199]", True),
        ("# see below; slimgate: ignore[SG101, SG199]", True),
        ("# slimgate: ignore[SG101 SG199]", True),
        ("# slimgate: ignore[SG101]", False),
        ("# slimgate: ignore[]", False),
        ("slimgate: ignore", False),
        ("# ignore", False),
        ("# x # slimgate: ignore", True),
        ("#" * 100_000, False),
    ],
)
def test_a_comment_silences_the_rules_that_it_names(comment, silent):
    subject = subject_of(f"A: 'x'  {comment}\n" if comment[0] == "#" else f"A: '{comment}'\n", {})
    assert (diagnose(subject, (rule(at("A")),)) == []) == silent


def test_a_comment_silences_its_own_line_only():
    subject = subject_of("A:  # slimgate: ignore\n  b: 1\n", {})
    assert len(diagnose(subject, (rule(at("A", "b")),))) == 1


def test_a_fix_within_the_line_is_shown_with_the_finding():
    (finding,) = diagnose(subject_of(BROKEN, {}), (find_rule("SG101"),))
    assert (finding.line, finding.fix) == (1, "QuantAware:  # old")


def test_a_fix_in_another_line_than_the_finding_is_not_shown():
    text = "A: &a 1\nB: *a\n"
    subject = subject_of(text, {})
    edits = edits_of(subject.recipe.replace(("A",), "2"))
    first, second = (at(key, edits=edits, until=text) for key in "AB")
    findings = diagnose(subject, (rule(first), rule(second, "SG198")))
    assert [finding.fix for finding in findings] == ["A: &a 2", None]
    assert [finding.edits for finding in findings] == [edits, edits]


def test_a_fix_of_a_line_with_a_carriage_return_is_shown_without_it():
    subject = subject_of(BROKEN.replace("\n", "\r\n"), {})
    (finding,) = diagnose(subject, (find_rule("SG101"),))
    assert finding.fix == "QuantAware:  # old"


def test_a_very_long_line_is_not_repeated_with_each_finding():
    values = ", ".join(["1e-3"] * 300)
    text = f"TrainConfig: {{learning_rate: {{type: PiecewiseDecay, values: [{values}]}}}}\n"
    findings = diagnose(subject_of(text, {}), (find_rule("SG104"),))
    assert len(findings) == 300
    assert all(finding.edits and finding.fix is None for finding in findings)


def test_all_is_found_at_once_and_fixed_at_once():
    codes = [finding.code for finding in diagnose(subject_of(BROKEN, {}))]
    assert codes == ["SG101", "SG108", "SG116", "SG104"]
    text, fixes = fixed_text(subject_of(BROKEN, {}))
    assert text == ("QuantAware:  # old\n  weight_bits: 8\nTrainConfig:\n  learning_rate: 0.0001\n")
    assert [finding.code for finding in fixes] == ["SG101", "SG116", "SG104"]
    assert fixed_text(subject_of(text, {})) == (text, [])
    assert [finding.code for finding in diagnose(subject_of(text, {}))] == ["SG108"]


def test_a_key_is_named_as_the_file_spells_it():
    findings = diagnose(subject_of(BROKEN, {}))
    assert [finding.key for finding in findings] == [
        "Quantization",
        "Quantization",
        "Quantization.weight_bits",
        "TrainConfig.learning_rate",
    ]


@given(st.lists(st.sampled_from([rule for rule in RULES if rule.stage == "text"]), max_size=4))
def test_fixing_any_mixture_of_bad_recipes_ends(rules):
    text = "".join(rule.example.bad for rule in rules if rule.code != "SG100")
    fixed, _ = fixed_text(subject_of(text, {}))
    assert fixed_text(subject_of(fixed, {})) == (fixed, [])


def test_a_page_shows_the_recipe_wrong_and_right():
    page = "\n".join(explained(find_rule("SG105")))
    assert page.startswith("# SG105: `None`, which YAML reads as text\n\n`none-as-text` · error ·")
    assert "Wrong:\n\n```yaml\nQuantPost:\n  batch_nums: 10\n  recon_level: None\n```\n" in page
    assert page.endswith("`# slimgate: ignore[SG105]` on the line silences it.")


def test_the_page_of_a_rule_on_facts_shows_its_message():
    page = "\n".join(explained(find_rule("SG602")))
    assert "Wrong:" not in page
    assert page.endswith(
        "In a report, for instance:\n\n"
        "> compress took longer than it may: no answer within 300 s; killed"
    )
