"""``slimgate lint``: exit codes and formats."""

import json
from urllib.parse import unquote

import pytest

from tests.bot.shell import slimgate

BAD = "QuantAwares:\n  weight_bits: 8\n"


@pytest.fixture
def bad(tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_text(BAD)
    return path


def test_findings_end_with_exit_1(bad):
    ended = slimgate("lint", bad)
    assert ended.returncode == 1
    assert ended.stdout.startswith(f"{bad}:1:1: error SG101: ")
    assert ended.stdout.endswith("slimgate explain SG101 says more\n")


def test_a_file_without_findings_ends_with_exit_0(tmp_path):
    (tmp_path / "good.yaml").write_text("QuantAware: {}\nDistillation: {}\n")
    ended = slimgate("lint", tmp_path)
    assert (ended.returncode, ended.stdout) == (0, "0 findings; 1 recipe or manifest checked\n")


def test_fixing_everything_ends_with_exit_0(bad):
    bad.write_text("QuantAwares:\n  weight_bits: 8\nDistillation: {}\n")
    ended = slimgate("lint", "--fix", bad)
    assert ended.returncode == 0, ended.stdout
    assert bad.read_text() == "QuantAware:\n  weight_bits: 8\nDistillation: {}\n"
    assert "fixed SG101" in ended.stdout


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_machines_get_one_document(bad, form):
    ended = slimgate("lint", bad, "--format", form)
    assert ended.returncode == 1
    assert isinstance(json.loads(ended.stdout), dict)


def test_annotations_are_workflow_commands(bad):
    ended = slimgate("lint", bad, "--format", "github")
    assert ended.stdout.startswith(f"::error file={bad},line=1,col=1,title=SG101::")


def test_an_unknown_format_lists_the_valid_ones(bad):
    ended = slimgate("lint", bad, "--format", "xml")
    assert ended.returncode == 2
    assert all(word in ended.stderr for word in ("text", "json", "sarif", "github"))


def test_a_model_folder_without_a_model_is_refused(bad, tmp_path):
    ended = slimgate("lint", bad, "--model", tmp_path)
    assert ended.returncode == 2
    assert f"no model.pdmodel in {tmp_path}" in ended.stderr


def test_the_name_of_a_file_is_no_workflow_command(tmp_path):
    (tmp_path / "::error::##[group]\x1b.yaml").write_text(BAD)
    ended = slimgate("lint", "::error::##[group]\x1b.yaml", cwd=tmp_path)
    assert ended.returncode == 1
    assert ended.stdout.startswith(": :error: :# #[group].yaml:1:1: error SG101: ")
    for form in ("json", "sarif"):
        printed = slimgate("lint", "--format", form, ".", cwd=tmp_path).stdout
        assert "##[" not in printed
        assert "::error::##[group]\x1b.yaml" in names(json.loads(printed))


def names(document):
    """The files that the findings of a document name; SARIF names them as addresses."""
    if "findings" in document:
        return [finding["file"] for finding in document["findings"]]
    places = [result["locations"][0] for result in document["runs"][0]["results"]]
    return [unquote(place["physicalLocation"]["artifactLocation"]["uri"]) for place in places]
