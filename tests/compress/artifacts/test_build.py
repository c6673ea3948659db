"""Artifacts are built at most once, and only from what their key names."""

from dataclasses import replace

import pytest

from compress.artifacts.build import build_artifact, circumstances
from compress.artifacts.record import RECORD, ArtifactRecord, Made
from compress.runtimes.runtime import own_runtime
from core.canonical import content_hash
from core.errors import JobFailure
from core.schema import StrictModel, load_json


class Request(StrictModel):
    out: object


def build(workshop, inputs, reads=()):
    return build_artifact(workshop, inputs, "export", lambda out: Request(out=out), reads)


def test_equal_inputs_are_built_once(workshop, worker):
    first, second = (build(workshop, {"seed": seed}) for seed in (0, 0))
    assert (first.cached, second.cached) == (False, True)
    assert first.folder == second.folder
    assert worker.modules == ["compress.in_worker.export"]


def test_other_inputs_are_another_artifact(workshop, worker):
    first, second = (build(workshop, {"seed": seed}) for seed in (0, 1))
    assert first.folder != second.folder
    assert len(worker.requests) == 2


def test_the_record_has_the_inputs_the_answer_and_the_cost(workshop, worker):
    def answer(request):
        worker.write_files(request)
        return Made(remarks=("repaired",))

    worker.answer = answer
    artifact = build(workshop, {"seed": 0})
    record = load_json(ArtifactRecord, artifact.folder / RECORD)
    assert record.inputs == {"seed": 0}
    assert artifact.folder.name == content_hash(record.inputs)
    assert (record.made.remarks, record.usage.duration_s) == (("repaired",), 1.5)


def test_the_worker_writes_to_the_new_folder_only(workshop, worker, tmp_path):
    build(workshop, {"seed": 0}, reads=(tmp_path,))
    (access,) = worker.access
    assert access.reads == (tmp_path,)
    assert access.writes == (worker.requests[0].out,)


@pytest.mark.parametrize("missing", ["model.pdmodel", "model.pdiparams"])
def test_a_worker_that_leaves_no_model_is_a_failure(workshop, worker, missing):
    def answer(request):
        worker.write_files(request)
        (request.out / missing).unlink()
        return Made()

    worker.answer = answer
    with pytest.raises(JobFailure, match=f"the worker wrote no {missing}") as caught:
        build(workshop, {"seed": 0})
    assert caught.value.stage == "export"
    assert list(workshop.store.entries()) == []


@pytest.mark.parametrize("name", ["model.pdmodel", "model.pdiparams", RECORD, "more.py"])
def test_an_artifact_whose_files_changed_is_not_used_again(workshop, worker, name):
    first = build(workshop, {"seed": 0})
    (first.folder / name).write_text("poisoned")
    again = build(workshop, {"seed": 0})
    assert not again.cached
    assert again.content_hash == first.content_hash
    assert len(worker.requests) == 2


@pytest.mark.parametrize("name", ["model.pdmodel", "more"])
def test_an_artifact_with_a_link_is_not_kept(workshop, worker, tmp_path, name):
    (tmp_path / "secret").write_text("of the host")

    def answer(request):
        worker.write_files(request)
        (request.out / name).unlink(missing_ok=True)
        (request.out / name).symlink_to(tmp_path / "secret")
        return Made()

    worker.answer = answer
    with pytest.raises(ValueError, match="a symbolic link in a store entry"):
        build(workshop, {"seed": 0})
    assert list(workshop.store.entries()) == []


def test_a_failure_is_not_kept(workshop, worker):
    def fail(request):
        raise JobFailure("export", "timeout", "no answer")

    worker.answer = fail
    with pytest.raises(JobFailure):
        build(workshop, {"seed": 0})
    worker.answer = worker.write_model
    assert not build(workshop, {"seed": 0}).cached


def test_circumstances_are_code_libraries_and_slimgate_itself(source):
    runtime = replace(own_runtime(), environment={"FLAGS_x": "1"})
    names = circumstances(source, runtime)
    assert names["variables"] == {"FLAGS_x": "1"}
    assert (names["suite_code"], names["dialect"]) == ("code-1", "paddleseg")
    assert "numpy" in names["libraries"]
    assert len(names["tool"]) == 64
