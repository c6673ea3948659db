"""The statements about hardware: each has a check and an id of its own."""

import pytest

from bot.verify import statements
from bot.verify.statements import judge_statements, load_statements
from core.errors import InputError
from tests.bot.verify.builders import record, seen

HEAD = "schema: slimgate.hardware-statements/1\nruntime: r\n"
ONE = "{id: a, says: It runs., check: {by: runs, targets: [gpu-native-fp32]}}"


def written(tmp_path, monkeypatch, text):
    (tmp_path / "hardware.yml").write_text(text)
    monkeypatch.setattr(statements, "shipped", lambda name: tmp_path)


def test_every_check_is_used_and_no_id_twice():
    kinds = {statement.check.by for statement in load_statements()}
    every = {"runs", "agrees", "layers", "converted", "ranges", "unranged", "dynamic", "slower"}
    assert kinds == every | {"loaded", "watched", "rebuilds"}


def test_an_id_that_occurs_twice_is_refused(tmp_path, monkeypatch):
    text = f"{HEAD}statements: [{ONE}, {ONE}]\n"
    written(tmp_path, monkeypatch, text)
    with pytest.raises(InputError, match="'a' occurs twice"):
        load_statements()


def test_a_check_that_does_not_exist_is_refused(tmp_path, monkeypatch):
    text = f"{HEAD}statements: [{ONE}]\n".replace("runs", "walks")
    written(tmp_path, monkeypatch, text)
    with pytest.raises(InputError, match="walks"):
        load_statements()


def test_each_statement_is_judged():
    judged = {
        statement.id: outcome.holds
        for statement, outcome in judge_statements(
            load_statements(), record(seen("gpu-native-fp32"))
        )
    }
    assert judged["sandbox"] is True
    assert judged["trt"] is None
