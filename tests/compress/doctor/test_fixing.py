"""Fixes are tried before they are offered, and refused in words."""

import pytest

from compress.doctor.diagnose import diagnose, fixed_text
from compress.doctor.fixing import ENOUGH, MAX_TRIES
from compress.doctor.rule import Example, Problem, Rule, subject_of
from core.finding import Edit

EXAMPLE = Example(bad="QuantPost:\n", good="QuantPost:\n")


def rule(check, code="SG199"):
    return Rule(code, "name", "error", "text", "Title", "Why.", "Remedy.", check, EXAMPLE)


def offered(text, edits, *more):
    """The finding of a rule that offers these edits at A, until the text is another one."""

    def check(subject):
        return iter([Problem("wrong", ("A",), edits)] if subject.recipe.text == text else [])

    first = rule(check)
    return next(f for f in diagnose(subject_of(text, {}), (first, *more)) if f.code == "SG199")


def test_a_fix_of_its_own_token_is_offered():
    edits = (Edit(start=3, end=4, text="2"),)
    assert offered("A: 1\nB: 1\n", edits).edits == edits


@pytest.mark.parametrize(
    ("text", "edit", "reason"),
    [
        (
            "A: 1\nB: 1\n",
            Edit(start=3, end=4, text="["),
            "the file could not be read any more: not ",
        ),
        ("A: 1\nB: 1\n", Edit(start=8, end=9, text="2"), "it would change B as well"),
        ("A: &a 1\nB: *a\n", Edit(start=6, end=7, text="2"), "it would change B as well"),
        ("A: 1\nB: 1\n", Edit(start=3, end=4, text="2\nC: 3"), "it would change C as well"),
        ("A: 1\nB: 1\n", Edit(start=0, end=1, text="D"), "it would change D as well"),
    ],
)
def test_a_fix_that_changes_anything_else_is_refused_in_words(text, edit, reason):
    finding = offered(text, (edit,))
    assert (finding.edits, finding.fix) == ((), None)
    assert finding.message.startswith(f"wrong (no fix by --fix: {reason}")


def test_a_fix_that_brings_another_finding_is_refused():
    def two_is_bad(subject):
        return iter([Problem("bad", ("A",))] if subject.recipe.data["A"] == 2 else [])

    finding = offered("A: 1\n", (Edit(start=3, end=4, text="2"),), rule(two_is_bad, "SG198"))
    assert finding.message == "wrong (no fix by --fix: it would lead to SG198 at A)"
    assert finding.edits == ()


def test_a_fix_that_leaves_its_finding_is_refused():
    edits = (Edit(start=3, end=4, text="2"),)
    always = rule(lambda _: iter([Problem("wrong", ("A",), edits)]))
    (finding,) = diagnose(subject_of("A: 1\n", {}), (always,))
    assert finding.message == "wrong (no fix by --fix: the finding would stay)"
    assert finding.edits == ()


def test_a_number_whose_tag_decides_what_it_is_stays():
    text = "QuantPost:\n  batch_nums: !!float 1e1\n"
    fixed, fixes = fixed_text(subject_of(text, {}))
    assert (fixed, fixes) == (text, [])
    (finding,) = (f for f in diagnose(subject_of(text, {})) if f.code == "SG103")
    assert finding.message.endswith("write 10 (no fix by --fix: the finding would stay)")


def test_one_bad_fix_does_not_stop_the_others():
    text = "QuantPost: {recon_level: None, algoo: avg}\nTrainConfig:\n  train_iter: &n 2e3\nX: *n\n"
    fixed, fixes = fixed_text(subject_of(text, {}))
    assert fixed == text.replace("None", "null").replace("algoo", "algo")
    assert [finding.code for finding in fixes] == ["SG105", "SG102"]
    (left,) = [f for f in diagnose(subject_of(fixed, {})) if f.code == "SG104"]
    assert left.message.endswith("(no fix by --fix: it would change X as well)")


def test_of_very_many_doubtful_fixes_some_are_tried():
    items = ", ".join(f"&a{number} 1e{number % 9}" for number in range(MAX_TRIES + 9))
    names = ", ".join(f"*a{number}" for number in range(MAX_TRIES + 9))
    text = f"TrainConfig:\n  learning_rate:\n    values: [{items}]\nX: [{names}]\n"
    findings = [f for f in diagnose(subject_of(text, {})) if f.code == "SG104"]
    assert len(findings) == MAX_TRIES + 9
    assert sum(ENOUGH in finding.message for finding in findings) == 9
    assert not any(finding.edits for finding in findings)


def test_numbers_of_another_type_count_as_a_change():
    finding = offered("A: &a 1\nB: *a\n", (Edit(start=6, end=7, text="1.0"),))
    assert "it would change B as well" in finding.message
