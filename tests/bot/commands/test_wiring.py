"""Paths, stores and tokens as commands get them from options and the environment."""

import os
from datetime import timezone
from pathlib import Path

import pytest

from bot.commands import wiring
from bot.github.environment import parse_environment
from core.errors import InputError
from core.store import Store
from tests.bot.shell import slimgate

TOKEN = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_TOKEN": "secret"}


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A working folder without a store in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("SLIMGATE_STORE", raising=False)
    return tmp_path


@pytest.mark.parametrize(
    ("path", "expected"),
    [("a/b", "HERE/a/b"), ("../x", "UP/x"), ("/a/./b", "/a/b"), ("~/c", "HERE/home/c")],
)
def test_a_path_becomes_absolute(here, path, expected):
    expected = expected.replace("HERE", str(here)).replace("UP", str(here.parent))
    assert wiring.absolute(Path(path)) == Path(expected)


def test_links_in_a_path_stay(here):
    (here / "real").mkdir()
    (here / "link").symlink_to("real")
    assert wiring.absolute(Path("link/x")) == here / "link" / "x"


def test_the_option_goes_before_the_variable_and_the_variable_before_the_default(here, monkeypatch):
    assert wiring.store_root(None) == here / "home" / ".cache" / "slimgate" / "store"
    monkeypatch.setenv("SLIMGATE_STORE", "from/variable")
    assert wiring.store_root(None) == here / "from" / "variable"
    assert wiring.store_root(Path("from/option")) == here / "from" / "option"
    assert wiring.open_store(Path("s")) == Store(here / "s")


def test_workers_get_the_absolute_path_of_a_relative_store(here):
    with wiring.open_workshop(Path("store"), print) as workshop:
        assert workshop.store.root == here / "store"
        assert workshop.scratch.is_absolute()
        assert workshop.scratch.is_dir()
        scratch = workshop.scratch
    assert not scratch.exists()


def test_a_relative_store_is_listed_by_its_absolute_path(here):
    Store(here / "store").build("a" * 64, lambda partial: (partial / "f").write_text("x"))
    ended = slimgate("cache", "ls", "--store", "store", cwd=here)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.endswith(f"1 entries, 0.0 MB in {here}/store\n")


def test_a_workshop_has_the_given_limits_or_the_defaults(here):
    with wiring.open_workshop(None, print, threads=3, stage_timeout_s=7) as workshop:
        assert (workshop.threads, workshop.stage_timeout_s) == (3, 7)
        assert workshop.sandbox is None
    with wiring.open_workshop(None, print) as workshop:
        assert workshop.threads == len(os.sched_getaffinity(0))
        assert workshop.stage_timeout_s == wiring.STAGE_TIMEOUT_S


def test_no_records_are_opened_without_the_option():
    assert wiring.open_records(None, parse_environment(TOKEN)) is None


def test_records_get_the_token_only_if_the_job_has_one():
    from bot.records.data_branch import token_environment

    opened = wiring.open_records("/a/repo", parse_environment({}))
    assert (opened.remote, opened.environment) == ("/a/repo", {})
    opened = wiring.open_records("https://github.com/o/r", parse_environment(TOKEN))
    assert opened.environment == token_environment("https://github.com", "secret")


def test_a_folder_of_records_is_found_from_anywhere(here):
    (here / "records").mkdir()
    environment = parse_environment({})
    assert wiring.open_records("records", environment).remote == str(here / "records")
    assert wiring.open_records("o/r", environment).remote == "o/r"


def test_what_the_records_skip_becomes_a_warning_of_the_run(capsys):
    opened = wiring.open_records("/a/repo", parse_environment({}))
    opened.warn("a: 1 line\n::error::skipped 100 %")
    assert capsys.readouterr().out == "::warning::a: 1 line::error::skipped 100 %25\n"


@pytest.mark.parametrize("missing", ["GITHUB_TOKEN", "GITHUB_REPOSITORY"])
def test_a_client_needs_a_token_and_a_repository(missing):
    variables = {"GITHUB_TOKEN": "t", "GITHUB_REPOSITORY": "o/r"}
    del variables[missing]
    with pytest.raises(InputError, match=f"{missing} is not set"):
        wiring.open_client(parse_environment(variables), 1)


def test_the_environment_is_that_of_this_process(monkeypatch):
    monkeypatch.setenv("GITHUB_REPOSITORY", "o/r")
    monkeypatch.setenv("GITHUB_RUN_ID", "17")
    environment = wiring.read_environment()
    assert (environment.repository, environment.run_id) == ("o/r", 17)


def test_the_time_is_in_utc():
    assert wiring.now().tzinfo is timezone.utc
