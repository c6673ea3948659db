"""The page: self-contained, escaped, and with no file from outside the results."""

import base64
import re

import pytest

from bench.result import Picture
from bot.report.html import MAX_PICTURE_BYTES, render_html
from tests.bot.builders import make_plan
from tests.bot.report.builders import make_report

PNG = b"\x89PNG picture"


def page_with(folder, file):
    """The page of a result with one picture."""
    report = make_report(folder)
    picture = Picture(title="street", panels={"truth": file})
    case = report.cases[0].model_copy(update={"pictures": (picture,)})
    return render_html(report.model_copy(update={"cases": (case,)}), {"cpu": folder})


def test_the_page_is_self_contained_and_escaped(tmp_path):
    page = render_html(
        make_report(tmp_path, make_plan(because="<script>alert(1)</script>")), {"cpu": tmp_path}
    )
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not re.search(r'(src|href)="(?!data:|#)', page)
    assert "Content-Security-Policy" in page
    assert page.count("<svg") == 2


def test_untrusted_text_is_escaped_wherever_it_stands(tmp_path):
    evil = "<b>&\"'"
    report = make_report(tmp_path, failures=("head qat",))
    (case,) = report.cases
    failure = case.failures[0].model_copy(update={"message": evil, "log_tail": evil})
    changes = {"headline": evil, "failures": (failure,), "base_problem": evil, "label": evil}
    report = report.model_copy(
        update={"cases": (case.model_copy(update=changes),), "headline": evil, "next_step": evil}
    )
    assert "<b>" not in render_html(report, {"cpu": tmp_path})


def test_a_picture_of_the_results_is_embedded(tmp_path):
    (tmp_path / "m0.qat" / "p.png").parent.mkdir(exist_ok=True)
    (tmp_path / "m0.qat" / "p.png").write_bytes(PNG)
    page = page_with(tmp_path, "m0.qat/p.png")
    address = "data:image/png;base64," + base64.b64encode(PNG).decode()
    assert f'<img src="{address}" alt="truth: street">' in page


@pytest.mark.parametrize("kind", ["outside", "absolute", "link", "missing", "large", "text"])
def test_any_other_file_is_not_embedded(tmp_path, kind):
    secret = tmp_path / "secret.png"
    secret.write_bytes(PNG)
    results = tmp_path / "results"
    results.mkdir()
    (results / "link.png").symlink_to(secret)
    (results / "large.png").write_bytes(PNG + bytes(MAX_PICTURE_BYTES))
    (results / "text.png").write_bytes(b"<svg onload=alert(1)>")
    files = {"outside": "../secret.png", "absolute": str(secret)}
    page = page_with(results, files.get(kind, f"{kind}.png"))
    assert '<img src="" alt="truth: street">' in page


def test_every_case_has_a_section_that_the_table_links_to(tmp_path):
    report = make_report(tmp_path)
    (case,) = report.cases
    cases = tuple(
        case.model_copy(update={"runner": kind, "label": f"m0.qat on {kind}"})
        for kind in ("cpu", "gpu")
    )
    folders = {"cpu": tmp_path, "gpu": tmp_path}
    page = render_html(report.model_copy(update={"cases": cases}), folders)
    for kind in folders:
        assert f'<a href="#m0.qat on {kind}">' in page
        assert f'id="m0.qat on {kind}"' in page


def test_changed_code_is_named_as_the_witness(tmp_path):
    plan = make_plan().model_copy(update={"code_changes": ("paddleseg/a.py",)})
    page = render_html(make_report(tmp_path, plan), {"cpu": tmp_path})
    assert "(<code>paddleseg/a.py</code>). Its accuracy is as trustworthy as that code." in page
