"""An artifact on disk: its hash, its size, and what its record says of it."""

import pytest

from compress.artifacts.artifact import Artifact, load_artifact, model_places
from compress.artifacts.record import RECORD, ArtifactRecord, Made
from compress.artifacts.training_log import Curve
from compress.worker.process import Usage
from core.errors import InputError
from core.schema import write_json

MADE = Made(
    remarks=("repaired",),
    quantised=("conv2d",),
    effects={"flops": (2.0, 1.0)},
    curve=Curve(steps=(1, 2), losses={"loss": (0.5, 0.25), "l2": (0.4, 0.2)}),
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "model.pdmodel").write_bytes(b"program")
    (tmp_path / "model.pdiparams").write_bytes(b"parameters")
    return tmp_path


def record(folder):
    write_json(folder / RECORD, ArtifactRecord(inputs={"seed": 0}, made=MADE, usage=Usage()))


def test_the_size_is_that_of_program_and_parameters(folder):
    (folder / "layers.json").write_text("{}")
    assert load_artifact(folder, cached=False).size_bytes == len(b"program" + b"parameters")


@pytest.mark.parametrize(
    ("name", "changes"), [("model.pdmodel", True), ("model.pdiparams", True), ("other", False)]
)
def test_the_hash_covers_program_and_parameters_only(folder, name, changes):
    before = load_artifact(folder, cached=False).content_hash
    (folder / name).write_bytes(b"changed")
    record(folder)
    assert (load_artifact(folder, cached=False).content_hash != before) is changes


def test_a_record_says_how_the_model_was_made(folder):
    record(folder)
    artifact = load_artifact(folder, cached=True)
    assert artifact.cached
    assert artifact.remarks == ("repaired",)
    assert artifact.effects == {"flops": (2.0, 1.0)}
    assert artifact.losses == (0.5, 0.25)
    assert artifact.op_types == ("conv2d",)


def test_a_model_that_somebody_else_exported_has_no_record(folder):
    artifact = load_artifact(folder, cached=False)
    assert artifact.record is None
    assert (artifact.remarks, artifact.effects, artifact.losses) == ((), {}, ())
    assert artifact.op_types == ()


def test_notes_and_changes_of_all_steps_replace_those_of_the_last(folder):
    record(folder)
    last = load_artifact(folder, cached=False).record
    artifact = Artifact(folder, "", 0, False, last, notes=(), changes={"zeros": (0.0, 0.5)})
    assert artifact.remarks == ()
    assert artifact.effects == {"zeros": (0.0, 0.5)}


def test_a_damaged_record_is_refused_by_name(folder):
    (folder / RECORD).write_text("{}")
    with pytest.raises(InputError) as caught:
        load_artifact(folder, cached=False)
    assert caught.value.file == str(folder / RECORD)


def test_a_worker_reads_the_folder_and_what_its_two_files_are_links_to(folder, tmp_path):
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    for name in ("model.pdmodel", "other"):
        (shelf / name).symlink_to(folder / "model.pdmodel")
    assert model_places(folder) == (folder,)
    assert model_places(shelf) == (shelf, folder / "model.pdmodel")
