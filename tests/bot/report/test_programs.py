"""Changes of programs in words, on every form of the report."""

import io

import pytest
from cmarkgfm import github_flavored_markdown_to_html
from rich.console import Console

from bench.programs import PROGRAMS
from bot.report.html import render_html
from bot.report.markdown import render_markdown
from bot.report.programs import describe_op, describe_program, group_programs, summary
from bot.report.terminal import print_report
from compress.programs.changes import OpChange, ProgramChange, SettingChange
from core.schema import write_json
from tests.bot.builders import CHANGE, compared, judge, plan_candidates

STRIDES = SettingChange(name="strides", before="[1, 1]", after="[2, 2]")
GROUPS = SettingChange(name="groups", before="", after="2")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (CHANGE.changes[0], "relu6 → sigmoid, 2 times: after a.0, after a.1"),
        (OpChange(after="scale", places=("a",)), "scale added: a"),
        (OpChange(before="scale", count=3), "scale removed, 3 times"),
        (
            OpChange(before="conv2d", after="conv2d", settings=(STRIDES, GROUPS), places=("a",)),
            "conv2d: strides [1, 1] → [2, 2]; groups none → 2: a",
        ),
        (
            OpChange(before="add", after="add", rewired=True, count=9, places=tuple("abc")),
            "add reads the outputs of other ops, 9 times: a, b, c and 6 more",
        ),
    ],
)
def test_a_change_in_words(change, words):
    assert describe_op(change) == words


def test_numbers_are_short_and_show_both_sides_where_they_differ():
    change = CHANGE.model_copy(update={"ops": (3, 4), "weights": (999, 1_234_567)})
    first, *_ = describe_program(change)
    assert first == "3 → 4 ops, 2.1 G multiplications, 999 → 1.23 M weights"


def test_inputs_outputs_and_what_is_left_out():
    changes = tuple(OpChange(after=f"op{n}") for n in range(10))
    change = CHANGE.model_copy(update={"changes": changes, "more": 5, "inputs": ("x", "y")})
    lines = list(describe_program(change))
    assert lines[1] == "inputs: x → y"
    assert lines[-1] == "7 further kinds of changes"
    bare = ProgramChange(ops=(1, 1), flops=(0, 0), weights=(0, 0))
    assert list(describe_program(bare))[-1] == "the same ops; their outputs are returned otherwise"


@pytest.fixture
def report(tmp_path):
    plan = plan_candidates("a", "b", "c", "d", "e")
    more = CHANGE.model_copy(
        update={"changes": (CHANGE.changes[0].model_copy(update={"count": 3}),)}
    )
    write_json(tmp_path / PROGRAMS, compared(a=None, b=CHANGE, c=more, d=("head",), e=None))
    return judge(tmp_path, {}, plan)


def test_models_with_the_same_kinds_of_changes_are_one_group(report):
    groups = group_programs(report.programs)
    assert [(g.title, g.configs) for g in groups] == [
        ("can no longer be exported: 1 model", ("configs/d.yml",)),
        ("program changed: 2 models", ("configs/b.yml", "configs/c.yml")),
        ("same program: 2 models", ("configs/a.yml", "configs/e.yml")),
    ]
    assert groups[1].lines[0] == "in configs/b.yml:"
    assert summary(report.programs) == (
        "Programs of 5 models: 1 can no longer be exported, 2 changed, 2 the same"
    )


def test_the_comment_shows_what_changed_and_folds_what_did_not(report):
    text = render_markdown(report)
    page = github_flavored_markdown_to_html(text)
    assert "<strong>program changed: 2 models</strong>" in page
    assert "relu6 → sigmoid" in page
    assert "<details><summary>same program&#58; 2 models</summary>" in text


def test_the_page_and_the_terminal_show_the_same(report, tmp_path):
    page = render_html(report, {"cpu": tmp_path})
    assert "relu6 → sigmoid, 2 times" in page
    assert "configs/e.yml" in page
    stream = io.StringIO()
    print_report(report, Console(file=stream, width=200))
    assert "program changed: 2 models: configs/b.yml, configs/c.yml" in stream.getvalue()
    assert "TypeError on head" in stream.getvalue()


def test_what_a_runner_says_is_escaped(tmp_path):
    plan = plan_candidates("a")
    op = OpChange(after="<img src=x>", places=("| `x` @everyone",))
    write_json(tmp_path / PROGRAMS, compared(a=CHANGE.model_copy(update={"changes": (op,)})))
    report = judge(tmp_path, {}, plan)
    assert "<img" not in github_flavored_markdown_to_html(render_markdown(report))
    assert "<img src=x>" not in render_html(report, {"cpu": tmp_path})
    assert "@everyone" not in render_markdown(report)
