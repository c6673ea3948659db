"""Every rule finds its defect, lets the fixed recipe pass, and mends what it says it mends."""

from pathlib import Path

import pytest

from compress.doctor.diagnose import diagnose, explained, fixed_text
from compress.doctor.facts import FailureFacts, GraphFacts, ResultFacts
from compress.doctor.rule import STAGES, Subject, found_by_reader, subject_of
from compress.doctor.rules import RULES, find_rule
from compress.doctor.text import parse_text
from examples.proofs.cases import CASES, ELSEWHERE

ROOT = Path(__file__).parents[3]
CHECKED = [rule for rule in RULES if rule.check is not found_by_reader]


def bad_subject(rule):
    return subject_of(rule.example.bad, rule.example.bad_facts)


def good_subject(rule):
    facts = rule.example.good_facts
    return subject_of(rule.example.good, rule.example.bad_facts if facts is None else facts)


@pytest.mark.parametrize("rule", CHECKED, ids=lambda rule: rule.code)
def test_the_defect_is_found_and_the_fixed_recipe_is_clean(rule):
    found = diagnose(bad_subject(rule))
    assert rule.code in {one.code for one in found}
    assert all(one.file == "recipe.yaml" for one in found)
    assert rule.code not in {one.code for one in diagnose(good_subject(rule))}


@pytest.mark.parametrize("rule", CHECKED, ids=lambda rule: rule.code)
def test_what_has_a_fix_is_mended_into_the_good_recipe(rule):
    subject = bad_subject(rule)
    own = [one for one in diagnose(subject, (rule,)) if one.edits]
    if own:
        text, done = fixed_text(subject)
        assert text == rule.example.good
        assert rule.code in {one.code for one in done}


@pytest.mark.parametrize("rule", CHECKED, ids=lambda rule: rule.code)
def test_a_comment_silences_a_finding(rule):
    subject = bad_subject(rule)
    for found in diagnose(subject, (rule,)):
        if found.line is None:
            continue
        lines = subject.recipe.text.split("\n")
        lines[found.line - 1] += f"  # slimgate: ignore[{rule.code}]"
        silenced = subject_of("\n".join(lines), rule.example.bad_facts)
        assert found.line not in {one.line for one in diagnose(silenced, (rule,))}


def test_codes_are_unique_and_in_the_order_of_the_stages():
    codes = [rule.code for rule in RULES]
    assert codes == sorted(set(codes))
    assert len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert int(rule.code[2]) == STAGES.index(rule.stage) + 1, rule.code


def test_rules_are_found_by_code_and_by_name():
    assert find_rule("sg101") is find_rule("unknown-section") is RULES[1]
    assert find_rule("SG999") is None


@pytest.mark.parametrize(
    ("module", "said"),
    [
        ("skimage", "the model needs the package skimage, which is not installed"),
        (
            "paddle.fluid",
            "the installed paddle has no paddle.fluid: the suite needs another version",
        ),
    ],
)
def test_an_absent_module_is_told_from_an_absent_package(module, said):
    failure = FailureFacts("export", "error", f"ModuleNotFoundError: No module named '{module}'")
    (found,) = diagnose(Subject(parse_text("QuantPost: {batch_nums: 9}", "r"), failure=failure))
    assert (found.code, found.message) == ("SG605", said)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_has_its_page(rule):
    page = ROOT / "docs" / "rules" / f"{rule.code}.md"
    assert page.read_text() == "\n".join(explained(rule)) + "\n", "run: make rule-docs"


def test_every_rule_is_proved_by_a_run_or_says_why_not():
    proved = {case.code for case in CASES}
    assert not proved & ELSEWHERE.keys()
    assert proved | ELSEWHERE.keys() == {rule.code for rule in RULES}


FRAMES = 'File "/x/ppdet/engine/export_utils.py", line 9, in _dump_infer_config\nSystemExit: 0\n'


@pytest.mark.parametrize(
    ("message", "frames"),
    [
        ("SystemExit: the code ended its process with 0", FRAMES),
        ("the worker ended with exit code 0", ""),  # os._exit
    ],
)
def test_a_suite_that_gives_up_is_quoted(message, frames):
    log = (
        f"[11/21 17:36:02] ppdet.engine ERROR: Architecture: QueryInst is not supported.\n{frames}"
    )
    failure = FailureFacts("export", "error", message, log)
    (found,) = diagnose(Subject(parse_text("QuantPost: {batch_nums: 9}", "r"), failure=failure))
    assert found.code == "SG601"
    assert found.message.endswith(": Architecture: QueryInst is not supported.")


def test_weights_that_a_model_fetches_by_itself_are_named_as_such():
    log = 'File "/x/ppdet/modeling/backbones/swin_transformer.py", line 9, in __init__\n'
    message = "RuntimeError: Download from https://h/w.pdparams failed. Retry limit reached"
    failure = FailureFacts("export", "error", message, log)
    (found,) = diagnose(Subject(parse_text("QuantPost: {batch_nums: 9}", "r"), failure=failure))
    assert found.code == "SG606"


@pytest.mark.parametrize(
    ("stage", "message", "log"),
    [
        ("export", "the worker ended with exit code 1", "MemoryError: std::bad_alloc\n"),
        (
            "export",
            "MemoryError: std::bad_alloc",
            'File "/x/compress/suites/paddleseg/driver.py", line 72, in _save\n',
        ),
        (
            "compress",
            "MemoryError: (ResourceExhausted) Fail to alloc memory",
            "MemoryError: (ResourceExhausted) Fail\n  [operator < batch_norm > error]",
        ),
    ],
)
def test_where_memory_ran_out_does_not_matter(stage, message, log):
    failure = FailureFacts(stage, "error", message, log)
    found = diagnose(Subject(parse_text("QuantPost: {batch_nums: 9}", "r"), failure=failure))
    assert [one.code for one in found] == ["SG603"]


@pytest.mark.parametrize(
    ("after_ms", "low", "op", "shares", "reason"),
    [
        (42.0, 5, "conv2d", {}, "5 of 47"),
        (42.0, 47, "conv2d", {"computing": 0.8}, "no VNNI"),
        (90.0, 47, "multiclass_nms3", {}, "does more work where it detects more"),
        (
            90.0,
            47,
            "conv2d",
            {"computing": 0.9, "reference": 0.7, "reference_kernels": 8},
            "70% of its time goes into 8 convolutions for which oneDNN has only a reference kernel",
        ),
        (42.0, 47, "conv2d", {"computing": 0.02, "converting": 0.01}, "the rest is not quantised"),
    ],
)
def test_the_reason_why_int8_is_slow_fits_what_was_measured(after_ms, low, op, shares, reason):
    graph = GraphFacts(ops={op: 1}, variables=(), candidates=(), feeds={})
    result = ResultFacts(
        latency_before_ms=41.0,
        latency_after_ms=after_ms,
        low_precision=low,
        convolutions=47,
        vnni=False,
        **shares,
    )
    recipe = parse_text("QuantPost: {batch_nums: 9}", "r")
    found = {one.code: one.message for one in diagnose(Subject(recipe, graph, result=result))}
    assert reason in found["SG501"]


def test_int8_counts_as_no_faster_only_where_that_is_certain():
    recipe = parse_text("QuantPost: {batch_nums: 9}", "r")
    facts = {"latency_before_ms": 41.0, "latency_after_ms": 42.0}
    codes = {
        high: [
            one.code
            for one in diagnose(Subject(recipe, result=ResultFacts(**facts, speedup=(0.9, high))))
        ]
        for high in (1.02, 1.3)
    }
    assert codes == {1.02: ["SG501"], 1.3: []}
