"""The command line: exit codes, messages, pipes, encodings, and help that loads nothing heavy."""

import os
import signal
import subprocess
import sys
import time

import pytest

from tests.bot.shell import slimgate

BAD_RECIPE = "QuantAwares:\n  weight_bits: 4\n"
RUN_COMMAND = """
import sys
import bot.commands.schema as module

def schema() -> int:
    {body}

module.COMMAND = schema
sys.argv = ["slimgate", "schema"]
from bot.cli import main
main()
"""


def run_command(body, **options):
    """``slimgate schema`` with another body, for what no command does at will."""
    script = RUN_COMMAND.format(body=body)
    return subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, **options
    )


def test_the_version_is_printed():
    ended = slimgate("--version")
    assert (ended.returncode, ended.stdout.split()[0]) == (0, "slimgate")


def test_help_without_a_command_says_what_a_suite_is():
    ended = slimgate(COLUMNS="120")
    assert "A suite is a repository of models" in ended.stdout + ended.stderr


def test_an_unknown_command_lists_the_valid_ones():
    ended = slimgate("complie")
    assert ended.returncode == 2
    words = " ".join(ended.stderr.replace("│", " ").split())
    assert "No such command 'complie'; the commands are demo, plan, run, compress" in words


def test_an_unknown_option_ends_with_exit_2():
    ended = slimgate("plan", "--sweet")
    assert ended.returncode == 2
    assert "--sweet" in ended.stderr


@pytest.mark.parametrize("command", ["run", "survey", "admit"])
def test_help_imports_nothing_heavy(command):
    words = [sys.executable, "-X", "importtime", "-m", "bot.cli", command, "--help"]
    ended = subprocess.run(words, capture_output=True, text=True, check=False)
    imported = {line.rsplit("|", 1)[-1].strip() for line in ended.stderr.splitlines()}
    assert not imported & {"paddle", "numpy", "scipy", "pydantic", "jinja2", "PIL", "cv2", "github"}
    assert "Example:" in ended.stdout


def test_bad_input_ends_with_exit_2_and_the_next_step(tmp_path):
    ended = slimgate("lint", tmp_path / "gone.yaml")
    assert ended.returncode == 2
    assert ended.stderr.splitlines() == [
        "error: no such file",
        f"  file:    {tmp_path}/gone.yaml",
        "  next:    give the path of a recipe or manifest, or of a folder",
    ]
    assert ended.stdout == ""


def test_a_failed_stage_ends_with_exit_3_and_the_end_of_its_log():
    ended = run_command(
        "from core.errors import JobFailure; raise JobFailure('export', 'error', 'no', 'a' * 3000)"
    )
    assert ended.returncode == 3
    assert ended.stderr == "failed: export: no\n" + "a" * 1500 + "\n"


def test_a_github_error_ends_with_exit_3():
    ended = run_command(
        "from bot.github.errors import GitHubError; raise GitHubError('it is down')"
    )
    assert (ended.returncode, ended.stderr) == (3, "failed: it is down\n")


def test_a_bug_ends_with_exit_70_and_says_what_to_report():
    ended = run_command("raise RuntimeError('boom')")
    assert ended.returncode == 70
    assert "RuntimeError: boom" in ended.stderr
    assert "This is a bug in slimgate. Please report it" in ended.stderr
    assert f"python {sys.version.split()[0]}" in ended.stderr


def test_a_path_that_cannot_be_written_is_named(tmp_path):
    store = tmp_path / ("x" * 400)
    ended = run_command(f"from pathlib import Path; Path({str(store)!r}).mkdir()")
    assert (ended.returncode, ended.stderr.splitlines()) == (
        2,
        [
            "error: File name too long",
            f"  file:    {store}",
            "  next:    check the path, its permissions and the space that is left",
        ],
    )


def test_another_error_of_the_system_is_a_bug():
    assert run_command("raise OSError(9, 'Bad file descriptor', 'x')").returncode == 70
    assert run_command("raise OSError(36, 'File name too long')").returncode == 70


NO_SPACE = (
    "error: No space left on device\n"
    "  next:    make room where the output, the store and temporary files are written\n"
)


@pytest.mark.parametrize(
    "words", [["cache", "ls"], ["explain", "SG101"], ["--help"], ["--version"]]
)
def test_a_full_disk_behind_standard_output_is_no_bug(words, tmp_path):
    """It is noticed while a command prints, or as it ends."""
    with open("/dev/full", "w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "bot.cli", *words],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env={**os.environ, "HOME": str(tmp_path)},
        )
    assert (ended.returncode, ended.stderr) == (2, NO_SPACE)


@pytest.mark.parametrize("words", [["explain", "SG101"], ["lint", "gone.yaml"], ["--help"]])
def test_where_nothing_can_be_said_the_exit_code_still_says_it(words, tmp_path):
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "bot.cli", *words]
        ended = subprocess.run(command, stdout=full, stderr=full, check=False)
    assert ended.returncode == 2


def test_closed_standard_streams_change_neither_the_exit_code_nor_a_file(tmp_path):
    """A file that is opened next would have the number of a stream."""
    file = tmp_path / "file"
    body = f"import os; os.write(os.open({str(file)!r}, 65), b'content'); os.write(1, b'text')"
    script = RUN_COMMAND.format(body=f"{body}; os.write(2, b'text'); print('text'); return 3")
    for closed in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
        words = ["bash", "-c", f'"{sys.executable}" -c "$1" {closed}', "x", script]
        ended = subprocess.run(words, capture_output=True, check=False)
        assert ended.returncode == 3
        assert file.read_text() == "content"


def test_a_file_that_cannot_be_written_on_is_no_bug():
    for number in ("ENOSPC", "EDQUOT", "EFBIG", "EIO"):
        ended = run_command(f"import errno; raise OSError(errno.{number}, 'no room')")
        assert (ended.returncode, ended.stderr.splitlines()[0]) == (2, "error: no room")


LONG = "9" * 400


@pytest.mark.parametrize(
    "words",
    [
        ("plan", "--suite", LONG, "--repo", ".", "--base", "x"),
        ("plan", "--suite", "example-seg", "--repo", LONG, "--base", "x"),
        ("plan", "--suite", "example-seg", "--repo", ".", "--request", LONG),
        ("lint", LONG),
        ("lint", ".", "--model", LONG),
        ("nodes", LONG),
        ("fetch", "https://[", "--out", "out"),
        ("report", "--plan", "x", "--results", LONG, "--out", "out"),
        ("shapes", ".", "--size", "8x8", "--check", LONG),
        ("survey", "--suite", "example-seg", "--repo", ".", "--out", "o", "--recipe", LONG),
        ("cache", "ls", "--store", LONG),
        ("init", "--repo", LONG, "--slimgate", f"a/b@{'a' * 40}"),
        ("publish", "--request", LONG, "--results", LONG, "--plan", LONG, "--out", LONG),
    ],
)
def test_what_cannot_be_a_path_is_bad_input(words, tmp_path):
    ended = slimgate(*words, cwd=tmp_path)
    assert ended.returncode == 2, ended.stderr


def test_what_a_command_returns_is_the_exit_code():
    assert run_command("return 3").returncode == 3
    assert run_command("return 0").returncode == 0


def test_untrusted_text_in_an_error_is_no_workflow_command_and_no_terminal_code():
    ended = run_command(
        "from core.errors import InputError;"
        "raise InputError('a\\n::error::forged\\n:::x\\n##[group]x\\x1b[31m')"
    )
    assert ended.stderr == "error: a\n: :error: :forged\n: : :x\n# #[group]x[31m\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_command_ends_with_exit_130(tmp_path, number):
    ready = tmp_path / "ready"
    body = (
        "import pathlib, signal, time;"
        "signal.signal(signal.SIGINT, signal.default_int_handler);"  # background jobs ignore it
        f"pathlib.Path({str(ready)!r}).touch(); time.sleep(60)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", RUN_COMMAND.format(body=body)], stderr=subprocess.PIPE, text=True
    )
    while not ready.exists():
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(number)
    _, complaint = process.communicate(timeout=30)
    assert process.returncode == 130
    assert complaint.strip() == "interrupted; run the same command again to continue"


@pytest.fixture
def bad_recipes(tmp_path):
    """A folder whose findings do not fit into the buffer of a pipe."""
    for number in range(1200):
        (tmp_path / f"recipe-with-a-long-name-{number}.yaml").write_text(BAD_RECIPE)
    return tmp_path


def test_a_reader_that_stops_early_ends_the_command_with_exit_141(bad_recipes):
    pipeline = f'"{sys.executable}" -m bot.cli lint "{bad_recipes}" | head -c 1; '
    pipeline += 'echo "${PIPESTATUS[0]}" >&2'
    ended = subprocess.run(
        ["bash", "-c", pipeline],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": ""},  # unbuffered, Python ignores short writes
        check=False,
    )
    assert len(ended.stdout) == 1
    assert ended.stderr == "141\n"


@pytest.mark.parametrize(
    "words", [["schema", "recipe"], ["explain", "SG101"], ["--help"], ["--version"]]
)
def test_a_closed_pipe_ends_any_command_quietly_with_exit_141(words):
    """Click, Rich and Python each notice it in their own way."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        ended = subprocess.run(
            [sys.executable, "-m", "bot.cli", *words],
            stdout=pipe,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (ended.returncode, ended.stderr) == (141, "")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_a_character_that_the_terminal_lacks_is_replaced(suite, tmp_path, encoding):
    manifest = tmp_path / "manifest.yml"
    manifest.write_text(
        "schema: slimgate.manifest/1\nsuite: größer→\ndialect: paddleseg\nconfig_roots: [configs]\n"
    )
    base = suite.commit({"configs/a.yml": "model: {type: A}\n"})
    words = ("plan", "--suite", manifest, "--repo", suite.path, "--base", base)
    ended = slimgate(*words, encoding=encoding, PYTHONIOENCODING=encoding)
    expected = "größer→".encode(encoding, "replace").decode(encoding)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith(f"{expected}: {base[:12]}..{base[:12]}")


def test_an_error_with_a_character_that_the_terminal_lacks_is_still_shown(tmp_path):
    ended = slimgate("lint", tmp_path / "größe.yaml", PYTHONIOENCODING="ascii")
    assert ended.returncode == 2
    assert f"file:    {tmp_path}/gr??e.yaml" in ended.stderr
