"""Judging and rendering from stored results: no machine, no Paddle."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.result import JobResult
from bot.judge.assemble import build_report
from bot.judge.results import load_results
from bot.plan.values import Skipped
from bot.report.html import render_html
from bot.report.markdown import LIMIT, render_markdown
from bot.text.escape import code, escape_markdown, fence
from core.schema import load_json, write_json
from tests.bot.builders import QUALITY, judge, make_plan, make_result, write_results


def report(folder, **options):
    return judge(folder, {"m0.qat": make_result(folder, **options)})


@pytest.mark.parametrize(
    ("options", "conclusion", "exit_code"),
    [
        ({}, "success", 0),
        ({"quality": {"head qat": 0.85}}, "failure", 1),
        ({"quality": {"base qat": 0.85, "head qat": 0.85}}, "failure", 1),  # against fp32
        ({"measured": False}, "neutral", 3),
        ({"failures": ("head qat",)}, "action_required", 3),
        ({"failures": ("base fp32",)}, "action_required", 3),
        ({"failures": tuple(QUALITY)}, "action_required", 3),
        ({"quality": dict.fromkeys(QUALITY, 0.26)}, "action_required", 3),  # near chance
    ],
)
def test_conclusions(tmp_path, options, conclusion, exit_code):
    made = report(tmp_path, **options)
    assert (made.conclusion, made.exit_code) == (conclusion, exit_code)


def test_a_missing_result_never_passes(tmp_path):
    made = judge(tmp_path, {"m0.qat": make_result(tmp_path)}, make_plan(2))
    assert made.conclusion == "action_required"
    assert "m1.qat" in made.headline


def test_a_result_that_lacks_a_variant_never_passes(tmp_path):
    result = make_result(tmp_path)
    short = result.model_copy(update={"variants": result.variants[:-1]})
    made = judge(tmp_path, {"m0.qat": short})
    assert made.conclusion == "action_required"
    assert "head qat" in made.cases[0].headline


def test_what_should_have_run_and_did_not_never_passes(tmp_path):
    plan = make_plan().model_copy(
        update={"skipped": (Skipped(case="x.qat", reason="too many", needed=True),)}
    )
    made = judge(tmp_path, {"m0.qat": make_result(tmp_path)}, plan)
    assert (made.conclusion, made.exit_code) == ("action_required", 3)


def test_a_collapse_of_head_alone_is_a_regression(tmp_path):
    made = report(tmp_path, quality={"head fp32": 0.1, "head qat": 0.1})
    assert made.conclusion == "failure"


def test_a_regression_outweighs_a_failure(tmp_path):
    made = report(tmp_path, quality={"head qat": 0.8}, failures=("base fp32",))
    assert made.conclusion == "failure"


def test_no_jobs_is_success(tmp_path):
    made = judge(tmp_path, {}, make_plan(0))
    assert made.conclusion == "success"
    assert "Nothing to measure" in made.headline


def test_numbers_in_the_markdown(tmp_path):
    text = render_markdown(report(tmp_path, quality={"head qat": 0.85}))
    assert text.startswith("## ❌ Accuracy regressed")
    assert "**Next:**" in text.splitlines()[2]
    assert re.search(r"(1\.99|2\.0\d)×", text)
    assert "fused&#95;conv2d" in text
    assert "accuracy 77.04 → 76.58, latency 641 → 450 ms (1.42×) on Xeon" in text.replace(
        "&#46;", "."
    )
    assert re.search(r"−6\.\d\d", text)


def test_results_survive_storage(tmp_path):
    result = make_result(tmp_path)
    write_json(tmp_path / "r.json", result)
    assert load_json(JobResult, tmp_path / "r.json") == result


def test_the_comment_stays_below_githubs_limit(tmp_path):
    plan = make_plan(150, because="configs/" + "x" * 150 + ".yml")
    failures = tuple(QUALITY)
    results = {
        job.id: make_result(tmp_path, job=job.id, failures=failures) for job in plan.jobs[:100]
    }
    text = render_markdown(judge(tmp_path, results, plan))
    assert len(text) < LIMIT
    assert "Shortened" in text


HOSTILE = [
    "@octocat",
    "#1",
    "| a |",
    "<script>alert(1)</script>",
    "![x](http://evil.example/x.png)",
    "[x](javascript:x)",
    "`code`",
    "\u202eevil",
    "a\u200bb",
    "www.evil.example",
    "GH-12",
    "\n## heading",
    "</details>",
    "&lt;",
    "**bold**",
    "$x$",
    ":tada:",
    "\x1b[31m",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_untrusted_text_renders_as_itself(text):
    escaped = escape_markdown(text)
    for forbidden in "<>|`*_[]@$\n\x1b\u202e":
        assert forbidden not in escaped
    assert not re.search(r"@\w|#\d(?!\d*;)|www\.|GH-\d|://", escaped)


@given(st.text(max_size=300))
def test_escaping_holds_for_any_text(text):
    assert not set("<>|`*_[]@$\n\r") & set(escape_markdown(text))
    inside = code(text).removeprefix("<code>").removesuffix("</code>")
    assert not set("<>`\n") & set(inside)


@given(st.text("`a\n~", max_size=80))
def test_a_fence_cannot_be_closed_from_inside(text):
    opening, *body, closing = fence(text).split("\n")
    bars = opening.removesuffix("text")
    assert closing == bars
    assert all(bars not in line for line in body)


def test_html_is_self_contained_and_escaped(tmp_path):
    plan = make_plan(because="<script>alert(1)</script>")
    made = judge(tmp_path, {"m0.qat": make_result(tmp_path)}, plan)
    page = render_html(made, {"cpu": tmp_path})
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not re.search(r'(src|href)="(?!data:|#)', page)
    assert "Content-Security-Policy" in page
    assert "<svg" in page


def test_pictures_outside_the_results_are_not_embedded(tmp_path):
    from bench.result import Picture
    from bot.report.html import _data_address

    secret = tmp_path / "secret.png"
    secret.write_bytes(b"\x89PNG secret")
    (tmp_path / "results").mkdir()
    assert _data_address(tmp_path / "results", "../secret.png") == ""
    assert Picture(title="t", panels={"a": "../secret.png"}).panels


def test_every_kind_of_runner_is_judged_and_has_a_table(tmp_path):
    folders = {kind: tmp_path / kind for kind in ("cpu", "gpu")}
    for folder in folders.values():
        folder.mkdir()
    plan = make_plan()
    write_results(folders["cpu"], {"m0.qat": make_result(folders["cpu"])})
    bad = make_result(folders["gpu"], quality={"head qat": 0.8})
    write_results(folders["gpu"], {"m0.qat": bad})
    loaded = {kind: load_results(plan, folder) for kind, folder in folders.items()}
    report = build_report(plan, loaded)
    assert report.conclusion == "failure"
    assert report.headline == "Accuracy regressed: m0.qat on gpu."
    text = render_markdown(report)
    assert ("**cpu** · cpu" in text, "**gpu** · cpu" in text) == (True, True)
    page = render_html(report, folders)
    assert ('id="m0.qat on cpu"' in page, 'id="m0.qat on gpu"' in page) == (True, True)


def test_a_kind_without_results_or_left_out_does_not_pass(tmp_path):
    plan = make_plan()
    write_results(tmp_path, {"m0.qat": make_result(tmp_path)})
    good = load_results(plan, tmp_path)
    assert build_report(plan, {"cpu": good}).conclusion == "success"
    missing = build_report(plan, {"cpu": good, "gpu": load_results(plan, tmp_path / "no")})
    assert (missing.conclusion, missing.headline) == (
        "action_required",
        "Incomplete: m0.qat on gpu.",
    )
    partial = build_report(plan, {"cpu": good}, left_out=("gpu",))
    assert partial.conclusion == "action_required"
    assert "every case on the runner gpu" in partial.next_step


def test_changed_code_is_named_as_the_witness(tmp_path):
    plan = make_plan().model_copy(update={"code_changes": ("paddleseg/`a`.py", "paddleseg/b.py")})
    made = judge(tmp_path, {"m0.qat": make_result(tmp_path)}, plan)
    text = render_markdown(made)
    assert "paddleseg/&#96;a&#96;.py</code> and 1 more" in text
    assert "as trustworthy as that code" in render_html(made, {"cpu": tmp_path})
    assert "trustworthy" not in render_markdown(judge(tmp_path, {}, make_plan()))
