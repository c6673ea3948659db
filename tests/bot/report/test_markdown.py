"""The comment: numbers, next steps, and what is dropped first where GitHub's limit is near."""

import re

import pytest
from cmarkgfm import github_flavored_markdown_to_html

from bench.result import Failed
from bot.plan.values import REQUESTED, Affected, Reason, Skipped
from bot.report.html import render_html
from bot.report.markdown import DETAIL, _render, render_markdown
from bot.text.limits import MAX_SUMMARY_BYTES, size
from core.finding import Finding
from tests.bot.builders import judge, make_plan, make_result
from tests.bot.report.builders import make_report, many_failures
from tests.sweeps import swept


def test_the_verdict_comes_first_and_then_the_next_step(tmp_path):
    lines = render_markdown(make_report(tmp_path, quality={"head qat": 0.85})).splitlines()
    assert lines[0].startswith("## ❌ Accuracy regressed&#58; m0")
    assert lines[2].startswith("**Next:** Undo or correct the change in deploy/qat")


def test_numbers_of_the_table_and_the_details(tmp_path):
    text = render_markdown(make_report(tmp_path, quality={"head qat": 0.85}))
    assert re.search(r"(1\.99|2\.0\d)×", text)
    assert re.search(r"−6\.\d\d", text)
    assert "fused&#95;conv2d" in text
    published = "accuracy 77.04 → 76.58, latency 641 → 450 ms (1.42×) on Xeon"
    assert published in text.replace("&#46;", ".")
    assert "Run it again on your machine: <code>slimgate run " in text


@pytest.mark.parametrize(
    ("because", "said"),
    [("a.yml", "Affected through <code>a.yml</code>. "), (REQUESTED, "Measured on request. ")],
)
def test_a_case_says_why_it_was_measured(tmp_path, because, said):
    report = make_report(tmp_path, make_plan(because=because))
    assert said in render_markdown(report)
    assert said in render_html(report, {"cpu": tmp_path})


def test_every_kind_of_runner_has_a_table(tmp_path):
    report = make_report(tmp_path)
    (case,) = report.cases
    other = case.model_copy(update={"runner": "gpu", "machine": None})
    text = render_markdown(report.model_copy(update={"cases": (case, other)}))
    assert "**cpu** · cpu · 2 threads · quick budget" in text
    assert "**gpu** · no result arrived for these cases" in text
    page = github_flavored_markdown_to_html(text)
    for runner in ("cpu", "gpu"):  # a line right after a table would be a row of it
        assert f"<p><strong>{runner}</strong>" in page


def test_what_is_skipped_and_affected_is_listed(tmp_path):
    text = render_markdown(make_report(tmp_path))
    assert "<summary>1 config affected between aaaaaaaaaaaa and bbbbbbbbbbbb</summary>" in text
    assert "<summary>1 not run</summary>" in text
    assert "only training keys differ" in text


def test_files_that_a_plan_does_not_list_are_counted(tmp_path):
    report = make_report(tmp_path)
    (item,) = report.affected
    item = item.model_copy(update={"reasons": (Reason(changed="b.yml"),), "more_reasons": 3})
    text = render_markdown(report.model_copy(update={"affected": (item,)}))
    assert " through <code>b.yml</code> and 3 more\n" in text


def test_untrusted_text_is_escaped_wherever_it_stands(tmp_path):
    evil = "<img src=x>@eve `a` | b"
    report = make_report(tmp_path, failures=("head qat",))
    (case,) = report.cases
    failure = case.failures[0].model_copy(update={"message": evil, "log_tail": "```\n@eve"})
    case = case.model_copy(
        update={"headline": evil, "failures": (failure,), "because": (evil,), "base_problem": evil}
    )
    skipped = (Skipped(case=evil, reason=evil),)
    changes = {"cases": (case,), "headline": evil, "next_step": evil, "skipped": skipped}
    text = render_markdown(report.model_copy(update=changes))
    assert "<img" not in text
    assert "@eve" not in text.replace("```\n@eve", "")
    assert "````text\n```\n@eve\n````" in text


EVIL = "<img src=x> @eve #1 `a` | b https://c.d"


def in_case(**changes):
    """Changes the first case of a report."""
    return lambda report: {"cases": (report.cases[0].model_copy(update=changes),)}


def in_variant(**changes):
    def change(report):
        (case,) = report.cases
        first, *others = case.variants
        variants = (first.model_copy(update=changes), *others)
        return {"cases": (case.model_copy(update={"variants": variants}),)}

    return change


def in_machine(report):
    machines = {k: m.model_copy(update={"cpu": EVIL}) for k, m in report.machines.items()}
    return {"machines": machines}


def failure(**changes):
    fields = {"stage": "s", "message": "m", "log_tail": "", **changes}
    return Failed(side="head", recipe="qat", kind="error", **fields)


def a_finding(**changes):
    return Finding(**{"code": "SG101", "severity": "error", "message": "m", "file": "f", **changes})


AFFECTED = Affected(
    config=EVIL, change="modified", reasons=(Reason(changed="b"),), keys=("k",), impact="graph"
)
PLACES = {
    "headline": lambda _: {"headline": EVIL},
    "next step": lambda _: {"next_step": EVIL},
    "changed code": lambda _: {"code_changes": (EVIL,)},
    "processor": in_machine,
    "runner": in_case(runner=EVIL),
    "row": in_case(model=EVIL),
    "label": in_case(label=EVIL),
    "headline of a case": in_case(headline=EVIL),
    "because": in_case(because=(EVIL,)),
    "base": in_case(base_problem=EVIL),
    "remark": in_variant(remarks=(EVIL,)),
    "target": in_variant(target=EVIL),
    "stage": in_case(failures=(failure(stage=EVIL),)),
    "failure": in_case(failures=(failure(message=EVIL),)),
    "finding": in_case(findings=(a_finding(message=EVIL),)),
    "file of a finding": in_case(findings=(a_finding(file=EVIL),)),
    "command": in_case(reproduce=EVIL),
    "affected": lambda _: {"affected": (AFFECTED,)},
    "key": lambda _: {"affected": (AFFECTED.model_copy(update={"config": "c", "keys": (EVIL,)}),)},
    "through": lambda _: {
        "affected": (
            AFFECTED.model_copy(update={"config": "c", "reasons": (Reason(changed=EVIL),)}),
        )
    },
    "skipped": lambda _: {"skipped": (Skipped(case=EVIL, reason="r"),)},
    "reason": lambda _: {"skipped": (Skipped(case="c", reason=EVIL),)},
}


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return make_report(tmp_path_factory.mktemp("results"))


@pytest.mark.parametrize("place", PLACES)
def test_text_is_escaped_at_this_place(plain, place):
    text = render_markdown(plain.model_copy(update=PLACES[place](plain)))
    assert EVIL not in text
    assert "&#60;img src=x&#62;" in text
    for markup in ("<img", "@eve", " #1", "`a`", "https:"):
        assert markup not in text.replace("[!NOTE]", "")


def test_the_comment_stays_below_githubs_limit(tmp_path):
    text = render_markdown(many_failures(tmp_path))
    assert size(text) <= MAX_SUMMARY_BYTES
    assert "Shortened to fit GitHub's limit" in text


def crowd(report, machines=20, cases=1, letter="é"):
    """The report with long names: on so many machines, with so many cases on each."""
    (case,) = report.cases
    (fingerprint,) = report.machines.values()
    failure = Failed(
        side="head",
        recipe="qat",
        stage=letter * 300,
        kind="error",
        message=letter * 900,
        log_tail=letter * 9000,
    )
    names = [f"{letter * 200}{number}" for number in range(machines)]
    long = case.model_copy(
        update={"model": letter * 200, "headline": letter * 900, "failures": (failure,) * 4}
    )
    copies = [long.model_copy(update={"runner": n, "machine": n}) for n in names] * cases
    changes = {
        "machines": {n: fingerprint.model_copy(update={"cpu": letter * 2000}) for n in names},
        "cases": tuple(copies),
        "headline": letter * 5000,
        "next_step": letter * 5000,
        "affected": report.affected * 500,
        "skipped": (Skipped(case=letter * 900, reason=letter * 900),) * 500,
        "code_changes": (letter * 5000,) * 9,
    }
    return report.model_copy(update=changes)


@pytest.mark.parametrize("letter", swept(["a", "é", "@", "🎉"], "@"))
@pytest.mark.parametrize(("machines", "cases"), [(1, 1), (20, 1), (1, 3000), (200, 20)])
def test_any_report_fits_and_says_the_verdict_first(tmp_path, letter, machines, cases):
    report = crowd(make_report(tmp_path), machines, cases, letter)
    text = render_markdown(report)
    assert size(text) <= MAX_SUMMARY_BYTES
    assert text.startswith("## ✅ ")
    assert "**Next:** " in text
    assert text.endswith("the full report holds everything.</sub>\n") or letter == "a"


def test_without_its_tables_a_report_counts_its_cases(tmp_path):
    report = crowd(make_report(tmp_path), machines=200, cases=20)
    text = render_markdown(report)
    assert "4000 cases in 200 tables: ✅ 4000. The full report shows them." in text
    assert "|---" not in text


def test_the_last_form_has_a_bounded_size_whatever_the_report_holds(tmp_path):
    for letter in ("@", "🎉"):
        report = crowd(make_report(tmp_path), machines=200, letter=letter)
        assert size("".join(_render(report, DETAIL[-1]))) < 24_000


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    """The same report with ever less room."""
    report = many_failures(tmp_path_factory.mktemp("results"), 120, 30)
    return {limit: render_markdown(report, limit) for limit in range(0, 400_000, 5_000)}


def parts(text):
    """Which parts of the report a text still has."""
    rows = text.count("\n| ✅") + text.count("\n| ⚠️")
    return (
        "last &#96;" in text or "words" in text,
        "<details><summary>⚠️" in text,
        "xxx" in text.split("config affected")[-1] if "config affected" in text else False,
        rows,
    )


def test_a_text_is_never_longer_than_its_limit_if_anything_can_be_dropped(texts):
    shortest = size(texts[0])
    assert all(size(text) <= max(limit, shortest) for limit, text in texts.items())


def test_details_are_dropped_in_the_stated_order(texts):
    states = list(dict.fromkeys(parts(text) for _, text in sorted(texts.items(), reverse=True)))
    assert [state[:2] for state in states] == sorted((s[:2] for s in states), reverse=True)
    assert [state[3] for state in states] == sorted((s[3] for s in states), reverse=True)
    assert states[0] == (True, True, True, 120)
    assert states[-1][3] == 0


def test_changed_code_is_named_as_the_witness(tmp_path):
    plan = make_plan().model_copy(update={"code_changes": ("paddleseg/`a`.py", "paddleseg/b.py")})
    text = render_markdown(make_report(tmp_path, plan))
    assert "paddleseg/&#96;a&#96;.py</code> and 1 more" in text
    assert "trustworthy" not in render_markdown(judge(tmp_path, {}, make_plan()))


def rows_of(text):
    """The marks of the rows of the table."""
    return [line[2] for line in text.splitlines() if line.startswith(("| ✅", "| ❌"))]


def test_a_table_that_is_cut_keeps_what_did_not_pass(tmp_path):
    plan = make_plan(30)
    results = {job.id: make_result(tmp_path, job=job.id) for job in plan.jobs[:-1]}
    bad = make_result(tmp_path, job="m29.qat", quality={"head qat": 0.8})
    report = judge(tmp_path, {**results, "m29.qat": bad}, plan)
    assert rows_of(render_markdown(report)) == ["✅"] * 29 + ["❌"]
    texts = (render_markdown(report, limit) for limit in range(12_000, 0, -100))
    cut = next(text for text in texts if len(rows_of(text)) < 30)
    assert rows_of(cut) == ["❌"] + ["✅"] * 19
    assert "<p>…and 10 more rows in the full report.</p>" in github_flavored_markdown_to_html(cut)
