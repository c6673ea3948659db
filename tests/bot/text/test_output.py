"""What commands print: people's lines hold no commands, JSON keeps its value."""

import ast
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.output import plain_json, print_command, print_json, print_text
from core.installation import ROOT

DOORS = ("bot/text/output.py", "bot/cli.py")
"""Modules that may write to standard output and error themselves."""
WRITERS = {"print", "typer.echo", "click.echo", "typer.secho", "sys.stdout.write"}


@pytest.mark.parametrize("err", [False, True])
def test_lines_for_people_hold_no_commands_of_runners(capsys, err):
    print_text("::error::x\na\x1b[2J\u202e##[group]", err=err)
    out, errors = capsys.readouterr()
    printed = errors if err else out
    assert printed == ": :error: :x\na[2J# #[group]\n"
    assert out + errors == printed


def test_json_is_printed_with_escapes_and_keeps_its_value(capsys):
    value = {"\u202ename": ["::error::x", "é\x85\x9b\U000e0001", "###[[", "##[x]", "\\##["]}
    print_json(json.dumps(value, ensure_ascii=False, indent=1))
    printed = capsys.readouterr().out
    assert json.loads(printed) == value
    assert '"\\u202ename"' in printed
    assert '"é\\u0085\\u009b\\udb40\\udc01"' in printed
    assert "##[" not in printed
    assert not [line for line in printed.split("\n") if line.lstrip().startswith("::")]


@given(
    st.recursive(
        st.text(max_size=9), lambda part: st.lists(part) | st.dictionaries(st.text(), part)
    )
)
def test_any_document_keeps_its_value_and_is_visible(value):
    for document in (json.dumps(value, ensure_ascii=False, indent=1), json.dumps(value)):
        plain = plain_json(document)
        assert json.loads(plain) == value
        assert plain.replace("\n", "").isprintable()
        assert "##[" not in plain


def test_a_workflow_command_is_printed_as_it_is(capsys):
    print_command("::warning::a")
    assert capsys.readouterr().out == "::warning::a\n"


def test_nothing_else_in_the_bot_writes_to_standard_output():
    writers = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted((ROOT / "bot").rglob("*.py"))
        if path.relative_to(ROOT).as_posix() not in DOORS
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in WRITERS
    ]
    assert writers == []
