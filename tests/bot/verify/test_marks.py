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
from bot.verify.statements import Verifications, read_statements
from core.errors import InputError
from core.schema import load_json, write_json
from tests.bot.verify.builders import BROKEN, GPU, record, seen

ROOT = Path(__file__).parents[3]
STATEMENTS = read_statements()
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
    verified = load_json(Verifications, ROOT / VERIFIED).confirmed
    named = set()
    for path in marked_files(ROOT):
        text = path.read_text()
        assert len(MENTION.findall(text)) == len(MARK.findall(text)), path
        assert turn_marks(text, verified) == text, path
        named |= {name for mark in MARK.finditer(text) for name in mark_ids(mark)}
    assert named == {statement.id for statement in STATEMENTS.statements}


def test_the_page_is_what_the_statements_say():
    verified = load_json(Verifications, ROOT / VERIFIED).verified
    assert (ROOT / PAGE).read_text() == render_statements(STATEMENTS.statements, verified)


def known(*records):
    """What is known after these records."""
    verifications = NOTHING
    for seen_before in records:
        verifications = add_record(verifications, seen_before, STATEMENTS, "r.json")
    return verifications


def page(verifications):
    return render_statements(STATEMENTS.statements, verifications.verified)


FAILING = RUNS.model_copy(update={"failure": BROKEN})
T4 = GPU.model_copy(update={"name": "NVIDIA T4"})


def test_what_holds_is_kept_with_its_gpu():
    verifications = known(record(RUNS))
    (sandbox,) = verifications.verified
    assert (sandbox.statement, sandbox.holds, sandbox.gpu) == ("sandbox", True, "NVIDIA A10")
    assert (sandbox.driver, sandbox.recorded) == ("535.1", "2026-01-31")
    assert verifications.confirmed == {"sandbox"}
    assert "NVIDIA A10, driver 535.1, paddle-2.6.2-gpu, 2026-01-31" in page(verifications)


def test_a_refutation_counts_more_than_any_number_of_confirmations():
    verifications = known(record(RUNS), record(FAILING, gpu=T4), record(RUNS))
    assert verifications.confirmed == set()
    assert "does not hold&#58; NVIDIA T4" in page(verifications)
    assert known(record(FAILING, gpu=T4), record(RUNS, gpu=T4)).confirmed == {"sandbox"}


def test_another_gpu_adds_its_own_and_the_same_one_replaces_its_own():
    once = known(record(RUNS))
    assert known(record(RUNS), record(RUNS)) == once
    both = known(record(RUNS), record(RUNS, gpu=T4))
    assert [found.gpu for found in both.verified] == ["NVIDIA A10", "NVIDIA T4"]


def test_an_older_record_changes_nothing_that_a_newer_one_says():
    older = record(FAILING).model_copy(update={"recorded": "2025-12-31T00:00:00Z"})
    assert known(record(RUNS), older).confirmed == {"sandbox"}
    assert known(older, record(RUNS)).confirmed == {"sandbox"}


def test_what_cannot_be_told_leaves_what_is_known():
    nothing = record(seen("cpu-native-fp32"))
    assert known(record(RUNS), nothing) == known(record(RUNS))


@pytest.mark.parametrize(
    ("odd", "words"),
    [
        (record(RUNS, gpu=None), "of a machine without a GPU"),
        (
            record(RUNS).model_copy(
                update={
                    "fingerprint": record(RUNS).fingerprint.model_copy(update={"runtime": "other"})
                }
            ),
            "of the runtime other",
        ),
    ],
)
def test_a_record_of_something_else_confirms_nothing(odd, words):
    with pytest.raises(InputError, match=words) as caught:
        known(odd)
    assert "runner verify in paddle-2.6.2-gpu" in caught.value.hint


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
    write_json(tmp_path / "worse.json", record(FAILING))
    files = [str(tmp_path / name) for name in ("worse.json", "hardware.json")]
    assert main(files[:1]) == 1
    assert "not verified" in (tree / "docs/a.md").read_text()
    assert "does not hold: sandbox: 1 of 1 failed" in capsys.readouterr().out
    assert main(files) == 1  # of two records, the first refutes
    assert main([]) == 0
    assert "CUDA: verified" in (tree / "docs/a.md").read_text()


@pytest.mark.parametrize("odd", [record(RUNS, gpu=None), None])
def test_a_record_that_is_refused_changes_nothing_and_is_told_in_words(tree, tmp_path, capsys, odd):
    before = {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()}
    if odd is not None:
        write_json(tmp_path / "hardware.json", odd)
    assert main([str(tmp_path / "hardware.json")]) == 2
    told = capsys.readouterr().err
    assert str(tmp_path / "hardware.json") in told
    assert odd is None or "without a GPU" in told
    assert {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()} == before


def test_marks_are_looked_for_in_text_alone(tree):
    assert {path.name for path in marks.marked_files(tree)} == {"a.md", "code.py"}
