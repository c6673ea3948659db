"""Putting the bot into a suite."""

import shutil
from pathlib import Path

import pytest
import yaml

from bot.install.suite_files import MANIFEST, Installation, suite_files, write_suite_files
from bot.plan.cases import Request
from bot.plan.planning import Suite, plan_range
from compress.manifest import load_manifest
from core.errors import InputError

USES = f"someone/slimgate@{'a' * 40}"
CHANGES = {
    "segmentation": (
        "configs/pp_humanseg_lite/pp_humanseg_lite_shapes_160x160.yml",
        "num_classes: 6",
        "num_classes: 7",
    ),
    "detection": (
        "configs/picodet/picodet_xs_160_lcnet_shapes.yml",
        "scale: 0.35",
        "scale: 0.5",
    ),
}
EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.fixture(params=["segmentation", "detection"])
def copied(request, suite):
    for part in ("configs", "deploy"):
        shutil.copytree(EXAMPLES / request.param / part, suite.path / part)
    suite.commit({})
    suite.kind = request.param
    return suite


def test_what_is_written_works(copied):
    write_suite_files(copied.path, suite_files(copied.path, Installation(USES)))
    manifest = load_manifest(copied.path / MANIFEST)
    assert manifest.dialect == {"segmentation": "paddleseg", "detection": "paddledet"}[copied.kind]
    assert manifest.recipe_roots
    callers = list((copied.path / ".github" / "workflows").glob("*.yml"))
    assert len(callers) == 2
    for caller in callers:
        (job,) = yaml.safe_load(caller.read_text())["jobs"].values()
        assert job["uses"] == USES.replace("@", "/.github/workflows/slimgate.yml@")
        assert job["with"]["suite"] == MANIFEST
    copied.commit({})
    name, old, new = CHANGES[copied.kind]
    copied.commit({name: (copied.path / name).read_text().replace(old, new)})
    where = Suite(str(copied.path / MANIFEST), copied.path)
    plan, _ = plan_range(where, "HEAD~1", "HEAD", Request())
    assert [job.config_file for job in plan.jobs] == [name]


def test_again_the_pin_is_moved_and_the_manifest_kept(copied):
    files = suite_files(copied.path, Installation(USES))
    assert len(write_suite_files(copied.path, files)) == 3
    assert write_suite_files(copied.path, files) == []
    (copied.path / MANIFEST).write_text("mine")
    newer = suite_files(copied.path, Installation(USES.replace("a" * 40, "b" * 40)))
    moved = write_suite_files(copied.path, newer)
    assert len(moved) == 2
    assert all("b" * 40 in (copied.path / path).read_text() for path in moved)
    assert (copied.path / MANIFEST).read_text() == "mine"


def test_a_workflow_of_somebodys_is_not_overwritten(copied):
    files = suite_files(copied.path, Installation(USES))
    write_suite_files(copied.path, files)
    path = copied.path / ".github/workflows/slimgate-comment.yml"
    path.write_text("mine")
    with pytest.raises(InputError, match="already"):
        write_suite_files(copied.path, files)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="cannot be read"):
        write_suite_files(copied.path, files)


def test_a_bundled_manifest_is_named(copied):
    files = suite_files(copied.path, Installation(USES, "PaddleSeg"))
    assert len(files) == 2
    assert all("suite: PaddleSeg\n" in text for text in files.values())


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (Installation("someone/slimgate@main"), "not a commit"),
        (Installation(f"x'; rm@{'a' * 40}"), "not a commit"),
        (Installation(USES, "PadleSeg"), "ships with slimgate"),
        (Installation(USES, None, "paddle"), "unknown dialect"),
    ],
)
def test_wrong_wishes_are_named(copied, wanted, message):
    with pytest.raises(InputError, match=message):
        suite_files(copied.path, wanted)


def test_a_folder_without_configs_is_refused(tmp_path):
    with pytest.raises(InputError, match="dialect"):
        suite_files(tmp_path, Installation(USES))
