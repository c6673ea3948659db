"""``slimgate run``: what it refuses before anything runs, and a change that needs no run."""

import json

import pytest

from compress.runtimes.installed import name_own
from tests.bot.commands.conftest import CHANGED, FILES, MANIFEST

OWN = name_own().name


def run(prepared, *extra, **options):
    return prepared.call("run", *extra, **{"base": "HEAD~1", "out": prepared.out, **options})


@pytest.fixture
def odd(prepared):
    """The suite beside manifests and folders with mistakes."""
    folder = prepared.folder
    (folder / "typo.yml").write_text(MANIFEST.replace("models:", "model:"))
    (folder / "away.yml").write_text(MANIFEST.replace("configs/m.yml", "../m.yml"))
    (folder / "plain").mkdir()
    return prepared


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"suite": "PadleSeg"}, ["unknown suite", "--suite", "nearest: PaddleSeg"]),
        ({"repo": "FOLDER/plain"}, ["not a git repository", "--repo"]),
        ({"repo": "FOLDER/gone"}, ["no such folder"]),
        ({"base": "v99"}, ["unknown revision 'v99'", "main"]),
        ({"base": "--upload-pack=x"}, ["unknown revision"]),
        ({"head": "gone"}, ["unknown revision 'gone'"]),
        ({"suite": "FOLDER/typo.yml"}, ["typo.yml", "model", "nearest: models"]),
        ({"suite": "FOLDER/away.yml"}, ["outside the suite", "models.0.config"]),
        ({"models": "x*"}, ["no model matches", "choices: m", "--models"]),
        ({"data": "FOLDER/gone"}, ["no such folder", "--data", "folder with the data sets"]),
    ],
)
def test_bad_input_ends_with_exit_2_a_remedy_and_nothing_left_behind(odd, options, words):
    folder = str(odd.folder)
    ended = run(odd, **{name: value.replace("FOLDER", folder) for name, value in options.items()})
    assert ended.returncode == 2, ended.stderr
    assert "Traceback" not in ended.stderr
    for word in words:
        assert word in ended.stderr
    assert not odd.out.exists()
    assert not (odd.folder / "store").exists()


@pytest.mark.parametrize(
    ("runtimes", "base", "words"),
    [
        (("paddle-2.6.2-cpu", "paddle-3.2.2-cpu"), "HEAD~1", ["at one commit", "leave out --base"]),
        (("a", "b", "c"), None, ["at most two runtimes"]),
        ((), None, ["nothing to compare with", "--base"]),
        (
            (OWN, "paddle-3"),
            None,
            ["unknown runtime 'paddle-3'", "paddle-3.2.2-cpu"],
        ),
        (("paddle-3", "paddle-2.6.2-cpu"), None, ["unknown runtime 'paddle-3'"]),
    ],
)
def test_two_runtimes_are_compared_at_one_commit(prepared, runtimes, base, words):
    given = [word for name in runtimes for word in ("--runtime", name)]
    options = {"base": base} if base else {}
    ended = prepared.call("run", *given, out=prepared.out, **options)
    assert ended.returncode == 2, ended.stderr
    for word in words:
        assert word in ended.stderr
    assert not prepared.out.exists()


def test_an_unknown_budget_lists_the_valid_ones(prepared):
    ended = run(prepared, budget="huge")
    assert ended.returncode == 2
    assert all(word in ended.stderr for word in ("huge", "quick", "full"))


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"configs/m.yml": "_base_: gone.yml"}, ["gone.yml does not exist", "configs/m.yml"]),
        ({"configs/m.yml": "_base_: m.yml"}, ["cycle", "configs/m.yml"]),
        ({"deploy/qat.yaml": "a: ["}, ["not valid YAML", "deploy/qat.yaml"]),
    ],
)
def test_a_change_that_breaks_a_config_is_a_row_that_keeps_the_gate_from_passing(
    prepared, files, words
):
    prepared.suite.commit(files)
    ended = run(prepared)
    assert ended.returncode == 3, ended.stderr
    report = json.loads((prepared.out / "report.json").read_text())
    reasons = " ".join(skipped["reason"] for skipped in report["skipped"])
    for word in words:
        assert word in reasons
    assert report["conclusion"] == "action_required"


def test_an_out_folder_with_other_files_is_refused(prepared):
    prepared.out.mkdir()
    (prepared.out / "thesis.tex").write_text("x")
    ended = run(prepared)
    assert ended.returncode == 2
    assert "holds other files" in ended.stderr
    assert [path.name for path in prepared.out.iterdir()] == ["thesis.tex"]


def test_a_missing_weights_file_is_noticed_before_anything_runs(prepared):
    text = MANIFEST.replace("    recipes", "    weights: {path: gone.pdparams}\n    recipes")
    prepared.manifest.write_text(text)
    ended = run(prepared)
    assert ended.returncode == 2
    assert f"put the file at {prepared.folder}/gone.pdparams" in ended.stderr
    assert "models.m.weights.path" in ended.stderr
    assert not prepared.out.exists()


def test_a_change_that_needs_no_run_passes_and_writes_its_report(prepared):
    prepared.suite.commit({"deploy/qat.yaml": f"# words\n{CHANGED['deploy/qat.yaml']}"})
    ended = run(prepared, format="json")
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["conclusion"] == "success"
    names = {path.name for path in prepared.out.iterdir()}
    assert names == {"plan.json", "results", "report.json", "report.md", "report.html"}


def test_the_report_is_printed_and_the_plan_keeps_the_options(prepared):
    prepared.suite.commit({"README.md": "hello"})
    (prepared.folder / "data").mkdir()
    data = prepared.folder / "data"
    ended = run(prepared, "--stage-timeout", "90", data=data)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith("Nothing to measure: no content differs.")
    assert f"report: {prepared.out / 'report.html'}" in ended.stderr
    plan = json.loads((prepared.out / "plan.json").read_text())
    assert (plan["data"], plan["budget"]["stage_timeout_s"]) == (str(data), 90)


def test_the_quick_budget_of_the_manifest_holds_without_options(prepared):
    prepared.suite.commit(FILES)
    prepared.suite.commit({"README.md": "hello"})
    prepared.manifest.write_text(MANIFEST + "quick: {eval_images: 7, stage_timeout_s: 11}\n")
    assert run(prepared).returncode == 0
    plan = json.loads((prepared.out / "plan.json").read_text())
    assert (plan["data"], plan["budget"]["stage_timeout_s"]) == (None, 11)
    assert plan["budget"]["eval_images"] == 7
