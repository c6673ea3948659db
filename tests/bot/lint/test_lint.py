"""``slimgate lint``: which files it looks at, what it prints, what it mends."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.lint.findings import RENDERERS
from bot.lint.lint import lint_files
from core.errors import InputError

BAD = "# ours\nQuantAwares:  # typo\n  weight_bits: 4\nDistillation: {loss: l2}\n"
GOOD = "# ours\nQuantAware:  # typo\n  weight_bits: 8\nDistillation: {loss: l2}\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "bad.yaml").write_text(BAD)
    (tmp_path / "model.yml").write_text("model: {type: FCN}\nval_dataset: {}\n")
    (tmp_path / "list.yml").write_text("- 1\n")
    (tmp_path / "notes.txt").write_text("QuantAwares:")
    return tmp_path


def test_in_folders_only_recipes_are_looked_at(folder):
    report = lint_files([folder], None, fix=False)
    assert [one.code for one in report.findings] == ["SG101"]
    assert (report.checked, report.passed_over) == (1, 1)


def test_fixing_goes_on_until_nothing_is_left_and_keeps_comments(folder):
    report = lint_files([folder], None, fix=True)
    assert (folder / "bad.yaml").read_text() == GOOD
    assert [one.code for one in report.fixed] == ["SG101", "SG116"]
    assert report.findings == ()


def test_a_file_that_is_no_yaml_is_a_finding_and_one_that_is_missing_an_error(folder):
    (folder / "broken.yaml").write_text("a: [1\n")
    report = lint_files([folder / "broken.yaml"], None, fix=True)
    assert [one.code for one in report.findings] == ["SG100"]
    assert (folder / "broken.yaml").read_text() == "a: [1\n"
    with pytest.raises(InputError, match="no such file"):
        lint_files([folder / "gone.yaml"], None, fix=False)


def test_code_in_yaml_is_refused_and_not_run(folder):
    (folder / "evil.yaml").write_text("a: !!python/object/apply:os.system ['touch pwned']\n")
    report = lint_files([folder / "evil.yaml"], None, fix=False)
    assert [one.code for one in report.findings] == ["SG100"]
    assert not Path("pwned").exists()


def test_manifests_are_checked_by_their_schema(folder):
    manifest = folder / "m.yml"
    manifest.write_text(
        "schema: slimgate.manifest/1\nsuite: s\ndialect: paddleseg\nconfig_root: [configs]\n"
    )
    (found,) = lint_files([manifest], None, fix=False).findings
    assert (found.code, found.line) == ("SG120", 4)
    assert "did you mean config_roots?" in found.message


def test_text_points_at_the_place(folder):
    text = RENDERERS["text"](lint_files([folder / "bad.yaml"], None, fix=False))
    assert text.startswith(f"{folder}/bad.yaml:2:1: error SG101: ")
    assert "1 can be fixed with --fix" in text


def test_json_and_sarif_are_what_they_say(folder):
    report = lint_files([folder / "bad.yaml"], None, fix=False)
    (one,) = json.loads(RENDERERS["json"](report))["findings"]
    assert (one["code"], one["line"], one["column"]) == ("SG101", 2, 1)
    sarif = json.loads(RENDERERS["sarif"](report))
    assert sarif["version"] == "2.1.0"
    (result,) = sarif["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 2
    rules = {rule["id"] for rule in sarif["runs"][0]["tool"]["driver"]["rules"]}
    assert result["ruleId"] in rules


def test_annotations_cannot_be_forged_by_a_file(folder):
    evil = folder / "x.yaml"
    evil.write_text("QuantPost:\n  'batch\\n::error::nums%': 3\n  batch_nums: 3\n")
    lines = RENDERERS["github"](lint_files([evil], None, fix=False)).split("\n")
    assert all(line.startswith(("::error file=", "::warning file=")) for line in lines)


def test_the_command_exits_with_1_and_explains(folder):
    def call(*words):
        return subprocess.run(
            [sys.executable, "-m", "bot.cli", *words], capture_output=True, text=True, check=False
        )

    found = call("lint", str(folder / "bad.yaml"))
    assert (found.returncode, "SG101" in found.stdout) == (1, True)
    assert call("explain", "SG105").returncode == 0
    unknown = call("explain", "SG1011")
    assert (unknown.returncode, "choices: SG100" in unknown.stderr) == (2, True)
