"""The page: self-contained, escaped, and with no file from outside the results."""

import base64
import re

import pytest

from bench.result import Picture
from bot.report.gallery import MAX_GALLERY_BYTES, MAX_PANELS, MAX_PICTURE_BYTES, MAX_TITLES
from bot.report.html import render_html
from bot.text.limits import size
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


def test_characters_that_are_not_drawn_vanish_wherever_they_stand(tmp_path):
    """U+202E reverses what follows on its line, numbers included."""
    hidden = "\u202e\u2066\u200b\x07"
    report = make_report(tmp_path, make_plan(because=f"a{hidden}.yml"), failures=("head qat",))
    (case,) = report.cases
    failure = case.failures[0].model_copy(update={"log_tail": f"first\n\tsecond{hidden}"})
    case = case.model_copy(update={"failures": (failure,), "headline": f"fell{hidden} by 3"})
    changes = {"cases": (case,), "next_step": f"look{hidden}"}
    page = render_html(report.model_copy(update=changes), {"cpu": tmp_path})
    assert not set(hidden) & set(page)
    assert "first\n\tsecond<" in page
    assert "<strong>Next:</strong> look</p>" in page


def test_a_picture_of_the_results_is_embedded(tmp_path):
    (tmp_path / "m0.qat" / "p.png").parent.mkdir(exist_ok=True)
    (tmp_path / "m0.qat" / "p.png").write_bytes(PNG)
    page = page_with(tmp_path, "m0.qat/p.png")
    address = "data:image/png;base64," + base64.b64encode(PNG).decode()
    assert f'<img src="{address}" alt="truth: street">' in page
    assert page.count("<img ") == 1


@pytest.mark.parametrize(
    "kind", ["outside", "absolute", "link", "missing", "large", "text", "null", "long"]
)
def test_any_other_file_is_not_embedded(tmp_path, kind):
    secret = tmp_path / "secret.png"
    secret.write_bytes(PNG)
    results = tmp_path / "results"
    results.mkdir()
    (results / "link.png").symlink_to(secret)
    (results / "large.png").write_bytes(PNG + bytes(MAX_PICTURE_BYTES))
    (results / "text.png").write_bytes(b"<svg onload=alert(1)>")
    files = {"outside": "../secret.png", "absolute": str(secret), "null": "a\0b", "long": "a" * 999}
    page = page_with(results, files.get(kind, f"{kind}.png"))
    assert "<img" not in page
    assert "<figure>not shown<figcaption>truth</figcaption></figure>" in page


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
    assert (
        "(<code>paddleseg/a.py</code>). What it says of head is as trustworthy as that code."
        in page
    )


def gallery_page(folder, files, titles=1):
    """The page of a result with pictures of these files, and so many titles."""
    report = make_report(folder)
    pictures = tuple(
        Picture(title=f"t{number}", panels={f"p{index}": file for index, file in enumerate(files)})
        for number in range(titles)
    )
    case = report.cases[0].model_copy(update={"pictures": pictures})
    return render_html(report.model_copy(update={"cases": (case,)}), {"cpu": folder})


def test_a_picture_is_embedded_once_however_often_it_is_named(tmp_path):
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(PNG + bytes(900_000))
    page = gallery_page(tmp_path, ["a.png", "b.png", "./a.png"], titles=400)
    assert page.count("data:image/png") == 1
    assert page.count('<a href="#picture-1">shown above</a>') == MAX_TITLES * 3 - 1
    assert len(page) < 1_400_000


def test_a_case_has_so_many_pictures_of_so_many_panels(tmp_path):
    page = gallery_page(tmp_path, [f"{number}.png" for number in range(20)], titles=400)
    assert page.count("<figure>not shown") == MAX_TITLES * MAX_PANELS == 240


def test_pictures_beyond_the_pages_room_are_not_shown(tmp_path):
    for number in range(20):
        (tmp_path / f"{number}.png").write_bytes(
            PNG + bytes([number]) * (MAX_PICTURE_BYTES - len(PNG) - 100)
        )
    report = make_report(tmp_path)
    pictures = tuple(Picture(title="t", panels={"truth": f"{number}.png"}) for number in range(20))
    case = report.cases[0].model_copy(update={"pictures": pictures})
    page = render_html(report.model_copy(update={"cases": (case,)}), {"cpu": tmp_path})
    assert page.count("data:image/png") == MAX_GALLERY_BYTES // MAX_PICTURE_BYTES == 16
    assert page.count("<figure>not shown") == 4


def test_a_page_that_is_too_large_loses_detail_in_the_stated_order(tmp_path):
    (tmp_path / "a.png").write_bytes(PNG + bytes(300_000))
    report = make_report(tmp_path, failures=("head qat",))
    picture = Picture(title="street", panels={"truth": "a.png"})
    (case,) = report.cases
    failure = case.failures[0].model_copy(update={"log_tail": "L" * 10**6})
    changes = {"pictures": (picture,), "failures": (failure,)}
    report = report.model_copy(
        update={
            "cases": tuple(
                case.model_copy(update={**changes, "label": f"m{number}"}) for number in range(30)
            ),
            "skipped": report.skipped * 2000,
        }
    )
    pages = [render_html(report, {"cpu": tmp_path})]
    for _ in range(4):
        pages.append(render_html(report, {"cpu": tmp_path}, size(pages[-1]) - 1))
    parts = ("data:image", "LLL", "<section id=", "x.qat</code>")
    counts = [[page.count(part) for part in parts] for page in pages]
    assert [[bool(count) for count in row[:3]] for row in counts] == [
        [True, True, True],
        [False, True, True],
        [False, False, True],
        [False, False, False],
        [False, False, False],
    ]
    assert [row[3] for row in counts] == [2000, 2000, 2000, 2000, 100]
    assert ["Shortened" in page for page in pages] == [False, True, True, True, True]


def test_long_texts_do_not_make_a_large_page(tmp_path):
    report = make_report(tmp_path, failures=("head qat",))
    (case,) = report.cases
    huge = "x" * 10**6
    failure = case.failures[0].model_copy(update={"message": huge, "log_tail": huge, "stage": huge})
    changes = {"failures": (failure,), "headline": huge, "because": (huge,) * 99, "label": huge}
    report = report.model_copy(
        update={"cases": (case.model_copy(update=changes),), "headline": huge, "next_step": huge}
    )
    assert len(render_html(report, {"cpu": tmp_path})) < 150_000


def test_the_page_loads_nothing_and_runs_nothing(tmp_path):
    page = render_html(make_report(tmp_path), {"cpu": tmp_path})
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    assert f'<meta http-equiv="Content-Security-Policy" content="{policy}">' in page
    assert page.index("Content-Security-Policy") < page.index("<title>")
