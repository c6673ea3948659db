"""Findings as text, JSON, SARIF and annotations, also of files with hostile names."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lint.findings import RENDERERS
from bot.lint.lint import LintReport, lint_files
from core.finding import Edit, Finding

FINDING = Finding(code="SG101", severity="error", message="no", file="a.yaml", line=2, column=5)
NOTE = Finding(code="SG203", severity="note", message="slow", file="b.yaml")
FIXABLE = FINDING.model_copy(update={"edits": (Edit(start=0, end=1, text="x"),)})


def report(*findings, fixed=(), checked=1, passed_over=0):
    return LintReport(findings, tuple(fixed), checked, passed_over)


def render(form, *findings, **counts):
    return RENDERERS[form](report(*findings, **counts))


def test_text_has_a_line_for_each_finding_and_a_summary():
    assert render("text", FINDING, NOTE, checked=2).splitlines() == [
        "a.yaml:2:5: error SG101: no",
        "b.yaml: note SG203: slow",
        "2 findings; 2 recipes and manifests checked",
        "slimgate explain SG101 says more",
    ]


@pytest.mark.parametrize(
    ("counts", "summary"),
    [
        ({}, "0 findings; 1 recipe or manifest checked"),
        ({"checked": 0}, "0 findings; 0 recipes and manifests checked"),
        ({"passed_over": 1}, "0 findings; 1 recipe or manifest checked, 1 other file skipped"),
        ({"passed_over": 3}, "0 findings; 1 recipe or manifest checked, 3 other files skipped"),
    ],
)
def test_the_summary_counts_in_good_english(counts, summary):
    assert render("text", **counts) == summary


def test_what_was_fixed_and_what_can_be_is_said():
    fixed = render("text", fixed=[FIXABLE])
    assert fixed.splitlines() == [
        "a.yaml:2:5: fixed SG101: no",
        "0 findings; 1 recipe or manifest checked, 1 fixed",
    ]
    assert "1 finding; 1 recipe or manifest checked; 1 can be fixed with --fix" in render(
        "text", FIXABLE
    )


def test_text_points_at_the_place_in_a_real_file(tmp_path):
    (tmp_path / "bad.yaml").write_text("# ours\nQuantAwares:\n  weight_bits: 8\n")
    text = RENDERERS["text"](lint_files([tmp_path / "bad.yaml"], None, fix=False))
    assert text.startswith(f"{tmp_path}/bad.yaml:2:1: error SG101: ")


def test_json_holds_every_field():
    document = json.loads(render("json", FINDING, fixed=[FIXABLE], checked=3))
    assert (document["schema"], document["checked"]) == ("slimgate.lint/1", 3)
    assert [Finding.model_validate(item) for item in document["findings"]] == [FINDING]
    assert [Finding.model_validate(item) for item in document["fixed"]] == [FIXABLE]


def test_sarif_names_only_rules_that_it_describes():
    document = json.loads(render("sarif", FINDING, NOTE))
    assert document["version"] == "2.1.0"
    (run,) = document["runs"]
    described = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert {result["ruleId"] for result in run["results"]} <= described
    first, second = (result["locations"][0]["physicalLocation"] for result in run["results"])
    assert first["artifactLocation"] == {"uri": "a.yaml"}
    assert first["region"] == {"startLine": 2, "startColumn": 5}
    assert second["region"] == {"startLine": 1, "startColumn": 1}
    assert [result["level"] for result in run["results"]] == ["error", "note"]


def test_paths_are_uris_and_columns_are_characters_in_sarif():
    finding = NOTE.model_copy(update={"file": "my recipes/50%#ü.yaml"})
    (run,) = json.loads(render("sarif", finding))["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    (place,) = (result["locations"][0]["physicalLocation"] for result in run["results"])
    assert place["artifactLocation"]["uri"] == "my%20recipes/50%25%23%C3%BC.yaml"


def test_annotations_have_githubs_levels():
    assert render("github", FINDING, NOTE).splitlines() == [
        "::error file=a.yaml,line=2,col=5,title=SG101::no",
        "::notice file=b.yaml,line=1,col=1,title=SG203::slow",
    ]


def test_a_file_cannot_forge_annotations(tmp_path):
    evil = tmp_path / "x.yaml"
    evil.write_text("QuantPost:\n  'batch\\n::error::nums%': 3\n  batch_nums: 3\n")
    lines = RENDERERS["github"](lint_files([evil], None, fix=False)).split("\n")
    assert all(line.startswith(("::error file=", "::warning file=")) for line in lines)


ANNOTATION = re.compile(r"::error file=([^,:]*),line=2,col=5,title=SG101::(.*)")


def decode(text):
    for escaped, character in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r")):
        text = text.replace(escaped, character)
    return text.replace("%25", "%")


@given(st.text("a%:,\r\n\x1b é", max_size=20), st.text("a%:,\r\n\x1b é", max_size=20))
def test_any_name_and_message_stay_one_annotation(file, message):
    (line,) = render("github", FINDING.model_copy(update={"file": file, "message": message})).split(
        "\n"
    )
    match = ANNOTATION.fullmatch(line)
    assert match is not None
    hidden = str.maketrans("", "", "\r\n\x1b")
    assert decode(match[1]) == file.translate(hidden)
    assert decode(match[2]) == message.translate(hidden)


@given(st.text(max_size=30))
def test_text_of_any_name_is_one_line_without_control_characters(file):
    finding = FINDING.model_copy(update={"file": file, "message": file})
    first = render("text", finding).split("\n")[0]
    assert not {"\n", "\r", "\x1b", "\u202e"} & set(first)
    assert "error SG101" in first
