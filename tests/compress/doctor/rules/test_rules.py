"""Every rule finds its example's defect, passes the good recipe, and fixes what it can."""

from pathlib import Path

import pytest

from compress.doctor.diagnose import diagnose, explained, fixed_text
from compress.doctor.rule import STAGES, found_by_reader, subject_of
from compress.doctor.rules import RULES, find_rule
from examples.proofs.cases import CASES, ELSEWHERE

ROOT = Path(__file__).parents[4]
CHECKED = [rule for rule in RULES if rule.check is not found_by_reader]


def bad_subject(rule):
    return subject_of(rule.example.bad, rule.example.bad_facts)


def good_subject(rule):
    facts = rule.example.good_facts
    return subject_of(rule.example.good, rule.example.bad_facts if facts is None else facts)


def own_findings(rule):
    return diagnose(bad_subject(rule), (rule,))


FIXABLE = [rule for rule in CHECKED if any(finding.edits for finding in own_findings(rule))]
PLACED = [rule for rule in CHECKED if any(finding.line for finding in own_findings(rule))]


@pytest.mark.parametrize("rule", CHECKED, ids=lambda rule: rule.code)
def test_the_defect_is_found_and_the_fixed_recipe_is_clean(rule):
    findings = diagnose(bad_subject(rule))
    assert rule.code in {finding.code for finding in findings}
    assert all(finding.file == "recipe.yaml" for finding in findings)
    assert rule.code not in {finding.code for finding in diagnose(good_subject(rule))}


@pytest.mark.parametrize("rule", FIXABLE, ids=lambda rule: rule.code)
def test_a_fix_turns_the_bad_recipe_into_the_good_one(rule):
    text, fixes = fixed_text(bad_subject(rule))
    assert text == rule.example.good
    assert rule.code in {finding.code for finding in fixes}


@pytest.mark.parametrize("rule", PLACED, ids=lambda rule: rule.code)
def test_a_comment_silences_a_finding(rule):
    lines = rule.example.bad.split("\n")
    for number in {finding.line for finding in own_findings(rule) if finding.line}:
        lines[number - 1] += f"  # slimgate: ignore[{rule.code}]"
    silenced = subject_of("\n".join(lines), rule.example.bad_facts)
    assert [finding for finding in diagnose(silenced, (rule,)) if finding.line] == []


def test_codes_are_unique_and_in_the_order_of_the_stages():
    codes = [rule.code for rule in RULES]
    assert codes == sorted(set(codes))
    assert len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert int(rule.code[2]) == STAGES.index(rule.stage) + 1, rule.code


def test_rules_are_found_by_code_and_by_name():
    assert find_rule("sg101") is find_rule("unknown-section") is RULES[1]
    assert find_rule("SG999") is find_rule("") is None


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_has_its_page(rule):
    page = ROOT / "docs" / "rules" / f"{rule.code}.md"
    assert page.read_text() == "\n".join(explained(rule)) + "\n", "run: make rule-docs"


def test_every_rule_is_proved_by_a_run_or_says_why_not():
    proved = {case.code for case in CASES}
    assert not proved & ELSEWHERE.keys()
    assert proved | ELSEWHERE.keys() == {rule.code for rule in RULES}
