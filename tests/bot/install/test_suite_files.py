"""Putting the bot into a suite."""

import os
import shutil
from pathlib import Path

import pytest
import yaml

from bot.install.suite_files import MANIFEST, Installation, suite_files, write_suite_files
from bot.plan.cases import Request
from bot.plan.planning import Suite, plan_range
from compress.manifest import load_manifest
from compress.suites import NAMES, find_suite
from core.errors import InputError

USES = f"someone/slimgate@{'a' * 40}"
CHANGES = {
    "segmentation": (
        "configs/pp_humanseg_lite/pp_humanseg_lite_shapes_160x160.yml",
        "align_corners: False",
        "align_corners: True",
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
    ("installation", "message", "key"),
    [
        (Installation("someone/slimgate@main"), "not a commit", "--slimgate"),
        (Installation(f"someone/slimgate@{'a' * 39}"), "not a commit", "--slimgate"),
        (Installation(f"x'; rm@{'a' * 40}"), "not a commit", "--slimgate"),
        (Installation(USES, "PadleSeg"), "ships with slimgate", "--bundled"),
        (Installation(USES, None, "paddle"), "unknown dialect", "dialect"),
    ],
)
def test_wrong_values_are_refused_with_their_option(copied, installation, message, key):
    with pytest.raises(InputError, match=message) as caught:
        suite_files(copied.path, installation)
    assert caught.value.key == key
    assert caught.value.hint


def test_nothing_is_written_beside_a_workflow_of_somebody_else(copied):
    path = copied.path / ".github/workflows/slimgate-comment.yml"
    path.parent.mkdir(parents=True)
    path.write_text("mine")
    with pytest.raises(InputError) as caught:
        write_suite_files(copied.path, suite_files(copied.path, Installation(USES)))
    assert caught.value.file == ".github/workflows/slimgate-comment.yml"
    assert [item.name for item in path.parent.iterdir()] == [path.name]
    assert path.read_text() == "mine"


@pytest.mark.parametrize("link", [".github", ".github/workflows", MANIFEST])
@pytest.mark.parametrize("leads", ["outside", "nowhere"])
def test_a_link_on_the_way_is_not_followed_and_stays(tmp_path, link, leads):
    root, outside = tmp_path / "suite", tmp_path / "outside"
    outside.mkdir()
    (root / link).parent.mkdir(parents=True)
    (root / link).symlink_to(tmp_path / leads)
    with pytest.raises(InputError, match="a symbolic link is in the way") as caught:
        write_suite_files(root, {".github/workflows/a.yml": "new", MANIFEST: "new"})
    assert caught.value.file == str(root / link)
    assert list(outside.iterdir()) == []
    assert [path for path in root.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_file_is_in_the_way(tmp_path, make):
    (tmp_path / ".github").mkdir()
    make(tmp_path / MANIFEST)
    with pytest.raises(InputError, match="the file cannot be read"):
        write_suite_files(tmp_path, {MANIFEST: "new"})


def test_the_dialect_is_told_from_files_alone(tmp_path):
    """Not from folders, pipes and links to nothing among the configs."""
    configs = tmp_path / "configs"
    (configs / "folder.yml").mkdir(parents=True)
    os.mkfifo(configs / "pipe.yml")
    (configs / "link.yml").symlink_to("nowhere")
    (configs / "a.yml").write_text("_base_: b.yml\n")
    assert "dialect: paddleseg" in suite_files(tmp_path, Installation(USES))[MANIFEST]


def test_a_dialect_that_cannot_be_detected_must_be_given(tmp_path):
    with pytest.raises(InputError, match="cannot be detected") as caught:
        suite_files(tmp_path, Installation(USES))
    assert (caught.value.key, tuple(caught.value.choices)) == ("--dialect", NAMES)


def test_a_folder_without_configs_is_refused(tmp_path):
    with pytest.raises(InputError, match="the folder configs is missing") as caught:
        suite_files(tmp_path, Installation(USES, dialect="paddleseg"))
    assert caught.value.file == str(tmp_path)


@pytest.mark.parametrize("name", NAMES)
def test_the_suites_package_tells_the_dialect(tmp_path, name):
    package = find_suite(name).dialect.code[0]
    (tmp_path / package).mkdir(parents=True)
    (tmp_path / "configs").mkdir()
    text = suite_files(tmp_path, Installation(USES))[MANIFEST]
    assert yaml.safe_load(text)["dialect"] == name


def test_a_folders_name_becomes_a_valid_name_of_a_suite(tmp_path):
    root = tmp_path / "my suite: [x]"
    (root / "configs").mkdir(parents=True)
    text = suite_files(root, Installation(USES, dialect="paddleseg"))[MANIFEST]
    manifest = yaml.safe_load(text)
    assert (manifest["suite"], manifest["recipe_roots"]) == ("my-suite---x-", [])
