"""Changed keys are listed once, with how many configs they reach."""

import html

from bot.plan.values import Affected, KeyChange
from bot.report.html import render_html
from bot.report.key_changes import key_changes
from bot.report.markdown import render_markdown
from tests.bot.report.builders import make_report

ITERS = KeyChange(key="iters", before="20", after="21", file="base.yml", line=3)
GONE = KeyChange(key="seed", before="7", after=None)


def affected(name, *changes):
    return Affected(
        config=name, change="modified", reasons=(), keys=(), impact="training", changes=changes
    )


ITEMS = (affected("a.yml", GONE, ITERS), affected("b.yml", ITERS))
LINES = ["iters: 20 → 21 (base.yml:3, 2 configs)", "seed: 7 → absent (1 config)"]


def test_those_of_most_configs_come_first():
    assert key_changes(ITEMS) == LINES


def test_the_comment_and_the_page_list_them(tmp_path):
    report = make_report(tmp_path).model_copy(update={"affected": ITEMS})
    text, page = render_markdown(report), render_html(report, {"cpu": tmp_path})
    for line in LINES:
        assert f"<code>{line}</code>" in html.unescape(text)
        assert line in page


def test_a_value_cannot_become_markup(tmp_path):
    evil = KeyChange(key="a", before="`</code><img src=x>", after="@all")
    report = make_report(tmp_path).model_copy(update={"affected": (affected("a.yml", evil),)})
    assert "<img" not in render_markdown(report)
    assert "<img" not in render_html(report, {"cpu": tmp_path})
    assert "@all" not in render_markdown(report)
