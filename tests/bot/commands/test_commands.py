"""Every command has an example, a summary and a place in the documents; every option has help."""

from pathlib import Path

import click
import pytest
import typer.main
from rich.text import Text

from bot.cli import app
from bot.commands import ALIASES, NAMES, load_command
from tests.bot.shell import slimgate

DOCUMENTS = Path(__file__).parents[3] / "docs" / "commands.md"
GROUP = typer.main.get_command(app)
CONTEXT = click.Context(GROUP)


def all_commands():
    for name in GROUP.list_commands(CONTEXT):
        command = GROUP.get_command(CONTEXT, name)
        yield (name,), command
        for inner, subcommand in getattr(command, "commands", {}).items():
            yield (name, inner), subcommand


COMMANDS = list(all_commands())
IDENTIFIERS = [" ".join(path) for path, _ in COMMANDS]


def test_all_commands_are_found():
    assert [path for path, _ in COMMANDS if len(path) == 1] == [(name,) for name in NAMES]
    assert {("cache", "ls"), ("cache", "gc"), ("runner", "check")} < {path for path, _ in COMMANDS}


@pytest.mark.parametrize(("path", "command"), COMMANDS, ids=IDENTIFIERS)
def test_every_command_shows_an_example_and_is_documented(path, command):
    assert f"Example: slimgate {' '.join(path)}" in command.help
    assert f"slimgate {' '.join(path)}" in DOCUMENTS.read_text()


@pytest.mark.parametrize(("path", "command"), COMMANDS, ids=IDENTIFIERS)
def test_every_summary_is_one_sentence_that_fits_into_a_line(path, command):
    summary = command.help.split("\n\n")[0]
    assert "\n" not in summary
    assert summary.endswith(".")
    assert len(summary) < 100


@pytest.mark.parametrize(("path", "command"), COMMANDS, ids=IDENTIFIERS)
def test_every_parameter_has_help_that_is_a_sentence(path, command):
    for param in command.params:
        text = getattr(param, "help", None) or ""
        assert text[:1].isalpha(), param.name
        assert text.endswith("."), param.name


@pytest.mark.parametrize(("path", "command"), COMMANDS, ids=IDENTIFIERS)
def test_an_option_that_may_be_left_out_shows_its_default(path, command):
    """By the text, by a default that Typer shows, or since it is a flag or an environment's."""
    for param in command.params:
        flag = isinstance(param, click.Option) and param.is_flag
        optional = not param.required and param.default is None and not flag
        named = param.envvar or param.name in ("check", "out", "images", "size", "request")
        if isinstance(param, click.Option) and optional and not named:
            silent = ("problem", "base", "add", "bundled")  # the text says what happens without it
            assert "default" in param.help or param.name in silent, (path, param.name)


@pytest.mark.parametrize(("path", "command"), COMMANDS, ids=IDENTIFIERS)
def test_no_help_is_lost_as_markup(path, command):
    """``[default: …]`` would be a tag to Rich, and vanish."""
    for param in command.params:
        text = getattr(param, "help", None) or ""
        assert Text.from_markup(text).plain == text


def test_help_names_no_suite_as_a_choice():
    """Suites come and go in their own folders; examples may name one."""
    for path, command in COMMANDS:
        for param in command.params:
            assert "paddle" not in (getattr(param, "help", None) or "").casefold(), (path, param)


@pytest.mark.parametrize(("alias", "name"), ALIASES.items())
def test_a_former_name_still_works_and_is_not_listed(alias, name):
    assert GROUP.get_command(CONTEXT, alias).name == name
    assert alias not in GROUP.list_commands(CONTEXT)


def test_a_name_that_is_no_command_is_not_found():
    assert GROUP.get_command(CONTEXT, "os") is None


def test_a_command_knows_its_name_however_it_is_built():
    assert load_command("lint").name == "lint"
    assert set(load_command("cache").commands) == {"ls", "gc"}


def test_help_of_a_group_lists_its_commands():
    ended = slimgate("cache", "--help")
    assert ended.returncode == 0
    assert "least recently used" in ended.stdout
