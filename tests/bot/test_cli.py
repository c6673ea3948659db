"""The command line as a person meets it: help, wrong arguments, exit codes, nothing left behind."""

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest
import typer.main
from rich.text import Text

from bot.cli import app

COMMAND = typer.main.get_command(app)
MANIFEST = """
schema: slimgate.manifest/1
suite: s
dialect: paddleseg
config_roots: [configs]
recipe_roots: [deploy]
models:
  - name: m
    config: configs/m.yml
    recipes: [{name: qat, file: deploy/qat.yaml}]
"""
FILES = {"configs/m.yml": "model: {type: A}\n", "deploy/qat.yaml": "QuantAware: {}\n"}


def commands(group, path=()):
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield (*path, name), command
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


def slimgate(*arguments, cwd=None):
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        check=False,
    )


@pytest.mark.parametrize(("path", "command"), list(commands(COMMAND)))
def test_every_command_shows_an_example_and_is_documented(path, command):
    assert f"Example: slimgate {' '.join(path)}" in command.help
    readme = Path(__file__).parent.parent.parent / "docs" / "commands.md"
    assert f"slimgate {' '.join(path)}" in readme.read_text()


@pytest.mark.parametrize(("path", "command"), list(commands(COMMAND)))
def test_no_help_is_lost_as_markup(path, command):
    """``[default: …]`` would be a tag to Rich, and vanish."""
    for param in command.params:
        text = getattr(param, "help", None) or ""
        assert Text.from_markup(text).plain == text, path


def test_help_imports_nothing_heavy():
    done = subprocess.run(
        [
            sys.executable,
            "-X",
            "importtime",
            "-m",
            "bot.cli",
            "run",
            "--help",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    imported = {line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines()}
    assert not imported & {"paddle", "numpy", "scipy", "pydantic", "jinja2", "PIL", "cv2"}
    assert "Example:" in done.stdout


@pytest.fixture
def prepared(suite, tmp_path):
    suite.commit(FILES)
    suite.commit({"deploy/qat.yaml": "QuantAware: {}\nTrainConfig: {epochs: 1}\n"})
    (tmp_path / "m.yml").write_text(MANIFEST)
    return suite, tmp_path


def run_on(prepared, *extra, manifest=None, repo=None, base="HEAD~1"):
    suite, folder = prepared
    return slimgate(
        "run",
        *("--suite", manifest or folder / "m.yml"),
        *("--repo", repo or suite.path),
        *("--base", base, "--out", folder / "out", "--store", folder / "store"),
        *extra,
    )


def test_bad_input_ends_with_exit_2_a_remedy_and_nothing_left_behind(prepared):
    suite, folder = prepared
    (folder / "typo.yml").write_text(MANIFEST.replace("models:", "model:"))
    (folder / "away.yml").write_text(MANIFEST.replace("configs/m.yml", "../m.yml"))
    (folder / "plain").mkdir()
    cases = [
        (run_on(prepared, manifest="PadleSeg"), ["unknown suite", "nearest: PaddleSeg"]),
        (run_on(prepared, repo=folder / "plain"), ["not a git repository", "--repo"]),
        (run_on(prepared, repo=folder / "gone"), ["no such folder"]),
        (run_on(prepared, base="v99"), ["unknown revision 'v99'", "main"]),
        (run_on(prepared, base="--upload-pack=x"), ["unknown revision"]),
        (run_on(prepared, manifest=folder / "typo.yml"), ["typo.yml", "model", "nearest: models"]),
        (run_on(prepared, manifest=folder / "away.yml"), ["outside the suite", "models.0.config"]),
        (run_on(prepared, "--models", "x*"), ["no model matches", "choices: m"]),
        (run_on(prepared, "--budget", "huge"), ["huge", "quick"]),
    ]
    for files, words in [
        ({"configs/m.yml": "_base_: gone.yml"}, ["gone.yml does not exist", "configs/m.yml"]),
        ({"configs/m.yml": "_base_: m.yml"}, ["cycle", "configs/m.yml"]),
        ({"deploy/qat.yaml": "a: [", "configs/m.yml": FILES["configs/m.yml"]}, ["not valid YAML"]),
    ]:
        suite.commit(files)
        cases.append((run_on(prepared), words))
    for done, words in cases:
        assert done.returncode == 2, done.stderr
        assert "Traceback" not in done.stderr
        for word in words:
            assert word in done.stderr
    assert not (folder / "out").exists()
    assert not (folder / "store").exists()


def test_an_out_folder_with_other_files_is_refused(prepared):
    _, folder = prepared
    (folder / "out").mkdir()
    (folder / "out" / "thesis.tex").write_text("x")
    done = run_on(prepared)
    assert done.returncode == 2
    assert "holds other files" in done.stderr
    assert [p.name for p in (folder / "out").iterdir()] == ["thesis.tex"]


def test_a_missing_weights_file_is_noticed_before_anything_runs(prepared):
    _, folder = prepared
    text = MANIFEST.replace("    recipes", "    weights: {path: gone.pdparams}\n    recipes")
    (folder / "m.yml").write_text(text)
    done = run_on(prepared)
    assert done.returncode == 2
    assert "gone.pdparams" in done.stderr
    assert not (folder / "out").exists()


def test_nothing_to_run_ends_well(prepared):
    suite, folder = prepared
    suite.commit({"deploy/qat.yaml": "# words\nQuantAware: {}\nTrainConfig:\n  epochs: 1\n"})
    done = run_on(prepared, "--format", "json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["conclusion"] == "success"
    assert {p.name for p in (folder / "out").iterdir()} == {
        "plan.json",
        "results",
        "report.json",
        "report.md",
        "report.html",
    }


def test_plan_as_json_is_clean_on_standard_output(prepared):
    suite, folder = prepared
    done = slimgate(
        "plan",
        *("--suite", folder / "m.yml", "--repo", suite.path, "--base", "HEAD~1"),
        *("--format", "json"),
    )
    assert done.returncode == 0
    assert [job["id"] for job in json.loads(done.stdout)["jobs"]] == ["m.qat"]


@pytest.mark.parametrize("shape", ["3x224", "1x3x0x4", "axbxcxd", "1x3x4x4x4"])
def test_a_wrong_shape_says_how_to_write_it(tmp_path, shape):
    done = slimgate("bench", tmp_path, "--shape", shape)
    assert done.returncode == 2
    assert "1x3x512x1024" in done.stderr


def test_bench_of_a_folder_without_a_model(tmp_path):
    done = slimgate("bench", tmp_path, "--shape", "1x3x8x8")
    assert done.returncode == 2
    assert "model.pdmodel" in done.stderr


def test_cache_commands(tmp_path):
    assert "0 entries" in slimgate("cache", "ls", "--store", tmp_path).stdout
    assert "removed 0" in slimgate("cache", "gc", "--store", tmp_path).stdout
