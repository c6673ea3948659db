"""Marks in docs and code: all name statements, say what is known, and turn with a record."""

from pathlib import Path

import pytest

from bot.verify import marks
from bot.verify.marks import (
    MARK,
    MENTION,
    PAGE,
    VERIFIED,
    add_record,
    main,
    mark_ids,
    marked_files,
    render_statements,
    turn_marks,
)
from bot.verify.statements import Verifications, load_statements
from core.errors import InputError
from core.schema import load_json, write_json
from tests.bot.verify.builders import BROKEN, GPU, record, seen

ROOT = Path(__file__).parents[3]
STATEMENTS = load_statements()
NOTHING = Verifications()
RUNS = seen("gpu-native-fp32")


@pytest.mark.parametrize(
    ("text", "turned"),
    [
        ("It is not verified on hardware (`a`).", "It is verified on hardware (`a`)."),
        ("Not verified on hardware (`a`, `b`).", "Verified on hardware (`a`, `b`)."),
        ("Not verified on hardware (`a`, `c`).", "Not verified on hardware (`a`, `c`)."),
        ("Verified on hardware (`c`).", "Not verified on hardware (`c`)."),
        ("verified on hardware (`a`)", "verified on hardware (`a`)"),
        ("not verified on hardware", "not verified on hardware"),
        ("not verified on hardware (a)", "not verified on hardware (a)"),
    ],
)
def test_a_mark_says_what_holds_of_all_its_statements(text, turned):
    assert turn_marks(text, {"a", "b"}) == turned
    assert turn_marks(turned, {"a", "b"}) == turned


def test_every_mention_of_hardware_is_a_mark_of_a_statement_and_says_what_is_known():
    verified = {found.statement for found in load_json(Verifications, ROOT / VERIFIED).verified}
    named = set()
    for path in marked_files(ROOT):
        text = path.read_text()
        assert len(MENTION.findall(text)) == len(MARK.findall(text)), path
        assert turn_marks(text, verified) == text, path
        named |= {name for mark in MARK.finditer(text) for name in mark_ids(mark)}
    assert named == {statement.id for statement in STATEMENTS}


def test_the_page_is_what_the_statements_say():
    verified = load_json(Verifications, ROOT / VERIFIED).verified
    assert (ROOT / PAGE).read_text() == render_statements(STATEMENTS, verified)


def test_what_holds_is_kept_with_its_gpu_and_what_does_not_is_told():
    verifications, refuted = add_record(NOTHING, record(RUNS), STATEMENTS)
    (sandbox, runtime) = verifications.verified
    assert (sandbox.statement, runtime.statement) == ("sandbox", "runtime")
    assert (sandbox.gpu, sandbox.driver, sandbox.recorded) == ("NVIDIA A10", "535.1", "2026-01-31")
    assert refuted == {}
    assert "NVIDIA A10, driver 535.1, paddle-2.6.2-gpu, 2026-01-31" in render_statements(
        STATEMENTS, verifications.verified
    )

    broken = record(RUNS.model_copy(update={"failure": BROKEN}))
    verifications, refuted = add_record(verifications, broken, STATEMENTS)
    assert verifications.verified == ()
    assert set(refuted) == {"sandbox", "runtime"}


def test_another_gpu_adds_its_own_and_the_same_one_replaces_its_own():
    once, _ = add_record(NOTHING, record(RUNS), STATEMENTS)
    again, _ = add_record(once, record(RUNS), STATEMENTS)
    assert again == once
    other = record(RUNS, gpu=GPU.model_copy(update={"name": "NVIDIA T4"}))
    both, _ = add_record(once, other, STATEMENTS)
    assert [found.gpu for found in both.verified] == ["NVIDIA A10"] * 2 + ["NVIDIA T4"] * 2


def test_a_record_without_a_gpu_confirms_nothing():
    with pytest.raises(InputError, match="without a GPU"):
        add_record(NOTHING, record(RUNS, gpu=None), STATEMENTS)


@pytest.fixture
def tree(suite, monkeypatch):
    """A repository with two marks, in which the program runs."""
    text = "CUDA: not verified on hardware (`sandbox`).\n"
    suite.commit({"docs/a.md": text, "code.py": "# Not verified on hardware (`trt`).\n"})
    write_json(suite.path / VERIFIED, NOTHING)
    monkeypatch.chdir(suite.path)
    return suite.path


def test_a_record_turns_the_marks_of_the_tree(tree, tmp_path, capsys):
    write_json(tmp_path / "hardware.json", record(RUNS))
    assert main([str(tmp_path / "hardware.json")]) == 0
    assert (tree / "docs/a.md").read_text() == "CUDA: verified on hardware (`sandbox`).\n"
    assert (tree / "code.py").read_text() == "# Not verified on hardware (`trt`).\n"
    assert capsys.readouterr().out == "docs/a.md: marks turned\n"
    assert "NVIDIA A10" in (tree / PAGE).read_text()
    write_json(tmp_path / "hardware.json", record(RUNS.model_copy(update={"failure": BROKEN})))
    assert main([str(tmp_path / "hardware.json")]) == 1
    assert "not verified" in (tree / "docs/a.md").read_text()
    assert "does not hold: sandbox: 1 of 1 failed" in capsys.readouterr().out


def test_marks_are_looked_for_in_text_alone(tree):
    assert {path.name for path in marks.marked_files(tree)} == {"a.md", "code.py"}
