"""Hostile results: none turns the gate green, none crashes, each is answered in words."""

import json
import os
import zipfile

import numpy as np
import pytest

from bench.metrics.storage import unpacked_bytes
from bench.result import JobResult
from bot.judge.assemble import build_report
from bot.judge.results import (
    LEAST_STATISTICS,
    MAX_REASON,
    PROBLEM,
    STATISTICS_SHARED,
    Unusable,
    Usable,
    load_results,
    share,
)
from bot.report.markdown import render_markdown
from compress.manifest import Weights
from tests.bot.builders import make_plan, make_result, write_results

JOB = "m0.qat"


@pytest.fixture
def results(tmp_path):
    folder = tmp_path / "results"
    folder.mkdir()
    write_results(folder, {JOB: make_result(folder)})
    return folder


def load(folder, plan=None):
    plan = plan or make_plan()
    return load_results(plan, folder)[JOB]


def test_an_honest_result_is_usable(results):
    assert isinstance(load(results), Usable)


def edit(**changes):
    """Sets values at dotted paths of the result's JSON; DELETE removes them."""

    def apply(folder):
        path = folder / f"{JOB}.json"
        data = json.loads(path.read_text())
        for where, value in changes.items():
            *parents, last = (int(p) if p.isdigit() else p for p in where.split("__"))
            node = data
            for part in parents:
                node = node[part]
            if value is DELETE:
                del node[last]
            else:
                node[last] = value
        path.write_text(json.dumps(data))

    return apply


@pytest.mark.parametrize(
    ("runtimes", "usable"),
    [
        ({"base": "paddle-2", "head": "arm"}, True),
        ({"base": "arm", "head": "paddle-2"}, False),
        ({"base": "paddle-2", "head": "paddle-2"}, False),
        ({}, False),
    ],
)
def test_a_comparison_of_runtimes_is_of_those_that_were_planned(results, runtimes, usable):
    plan = make_plan().model_copy(update={"runtimes": ("paddle-2", "runtimes/arm.yml")})
    edit(runtimes=runtimes)(results)
    loaded = load(results, plan)
    assert isinstance(loaded, Usable) == usable
    told = "this was not measured in the runtimes paddle-2 and arm"
    assert usable or told in loaded.reason


def text(content):
    def apply(folder):
        (folder / f"{JOB}.json").write_bytes(content)

    return apply


def replace(old, new):
    def apply(folder):
        path = folder / f"{JOB}.json"
        content = path.read_text()
        assert old in content
        path.write_text(content.replace(old, new, 1))

    return apply


def statistics(**arrays):
    """Puts other arrays into the first variant's statistics."""

    def apply(folder):
        np.savez(folder / JOB / "base-fp32.npz", **arrays)

    return apply


def raw_statistics(content):
    def apply(folder):
        (folder / JOB / "base-fp32.npz").write_bytes(content)

    return apply


def remove(name):
    def apply(folder):
        (folder / name).unlink()

    return apply


def link(name, target):
    def apply(folder):
        path = folder / name
        path.unlink()
        path.symlink_to(target)

    return apply


def huge(folder):
    with (folder / f"{JOB}.json").open("r+b") as stream:
        stream.truncate(100 * 2**20)


def bomb(folder):
    path = folder / JOB / "base-fp32.npz"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("areas.npy", "w", force_zip64=True) as member,
    ):
        for _ in range(300):
            member.write(bytes(2**20))


def traversal(folder):
    with zipfile.ZipFile(folder / JOB / "base-fp32.npz", "w") as archive:
        archive.writestr("../../escaped.npy", b"x")


def pipe(folder):
    (folder / f"{JOB}.json").unlink()
    os.mkfifo(folder / f"{JOB}.json")


def folder_instead(folder):
    (folder / f"{JOB}.json").unlink()
    (folder / f"{JOB}.json").mkdir()


def pickled(folder):
    np.savez(folder / JOB / "base-fp32.npz", areas=np.array([print], dtype=object))


def copied(**changes):
    """Head's fp32 model becomes a copy of base's, with changes to what the two then share."""

    def apply(folder):
        path = folder / f"{JOB}.json"
        base, *others = json.loads(path.read_text())["variants"]
        number = next(n for n, v in enumerate(others, 1) if (v["side"], v["recipe"]) == HEAD_FP32)
        copy = {**base, "side": "head", "same_as": "base fp32", **changes}
        edit(**{f"variants__{number}": copy})(folder)

    return apply


HEAD_FP32 = ("head", "fp32")
STOPPED = {"status": "failed", "stage": "proof", "kind": "error", "message": "m", "log_tail": ""}
DELETE = object()
FIRST = "variants__0__"
AREAS = np.ones((150, 3, 2), np.int64)
HOSTILE = {
    "no file": remove(f"{JOB}.json"),
    "empty": text(b""),
    "white space": text(b"  \n"),
    "null": text(b"null"),
    "a list": text(b"[]"),
    "a number": text(b"1"),
    "a string": text(b'"success"'),
    "an empty object": text(b"{}"),
    "truncated": text(b'{"schema": "slimgate.result/1", "job": '),
    "not UTF-8": text(b"\xff\xfe{}"),
    "NUL bytes": text(b"\0" * 100),
    "deep lists": text(b"[" * 100_000 + b"]" * 100_000),
    "deep objects": text(b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
    "number of a million digits": text(b'{"a": ' + b"9" * 1_000_000 + b"}"),
    "a million empty lists": text(b"[" + b"[]," * 1_000_000 + b"[]]"),
    "100 MB": huge,
    "a pipe": pipe,
    "a folder": folder_instead,
    "a link to a file": link(f"{JOB}.json", "/etc/passwd"),
    "a link to itself": link(f"{JOB}.json", f"{JOB}.json"),
    "a link to a device": link(f"{JOB}.json", "/dev/zero"),
    "trailing text": lambda f: (f / f"{JOB}.json").write_text(
        (f / f"{JOB}.json").read_text() + "{}"
    ),
    "NaN accuracy": replace('"value":0.', '"value":NaN,"x":0.')
    and edit(**{FIRST + "accuracy__value": float("nan")}),
    "infinite accuracy": edit(**{FIRST + "accuracy__value": float("inf")}),
    "negative accuracy": edit(**{FIRST + "accuracy__value": -0.1}),
    "accuracy above one": edit(**{FIRST + "accuracy__value": 1.01}),
    "accuracy as text": edit(**{FIRST + "accuracy__value": "high"}),
    "accuracy as true": edit(**{FIRST + "accuracy__value": True}),
    "accuracy null": edit(**{FIRST + "accuracy__value": None}),
    "accuracy other than its statistics": edit(**{FIRST + "accuracy__value": 0.95}),
    "chance other than its statistics": edit(**{FIRST + "accuracy__chance": 0.0}),
    "other metric": edit(**{FIRST + "accuracy__metric": "mAP"}),
    "other number of images": edit(**{FIRST + "accuracy__images": 151}),
    "no images": edit(**{FIRST + "accuracy__images": 0}),
    "a billion images": edit(**{FIRST + "accuracy__images": 10**9}),
    "accuracy of unknown status": edit(**{FIRST + "accuracy__status": "trust me"}),
    "NaN latency": edit(**{FIRST + "latency__rounds_ms": [[float("nan")]]}),
    "infinite latency": edit(**{FIRST + "latency__rounds_ms": [[float("inf")]]}),
    "latency zero": edit(**{FIRST + "latency__rounds_ms": [[0.0]]}),
    "latency negative": edit(**{FIRST + "latency__rounds_ms": [[-1.0]]}),
    "latency of years": edit(**{FIRST + "latency__rounds_ms": [[1e300]]}),
    "no rounds": edit(**{FIRST + "latency__rounds_ms": []}),
    "an empty round": edit(**{FIRST + "latency__rounds_ms": [[]]}),
    "latency as text": edit(**{FIRST + "latency__rounds_ms": "fast"}),
    "negative memory": edit(**{FIRST + "latency__peak_memory_bytes": -1}),
    "size zero": edit(**{FIRST + "artifact__size_bytes": 0}),
    "unknown key": edit(verdict="success"),
    "unknown inner key": edit(**{FIRST + "verdict": "success"}),
    "key twice": replace('"job":', '"job": "other.qat", "job":'),
    "other schema": edit(schema="slimgate.result/3"),
    "no schema": edit(schema="report"),
    "other job": edit(job="m1.qat"),
    "other base": edit(base="c" * 40),
    "other head": edit(head="c" * 40),
    "head cut short": edit(head="b" * 12),
    "no variants": edit(variants=[]),
    "variants as an object": edit(variants={}),
    "missing variant": edit(variants__0=DELETE),
    "a variant that was not planned": edit(**{FIRST + "recipe": "ptq"}),
    "a variant twice": edit(**{FIRST + "side": "head"}),
    "a side that does not exist": edit(**{FIRST + "side": "both"}),
    "the same as nothing": edit(**{FIRST + "same_as": "head nothing"}),
    "the same as another model": edit(**{FIRST + "same_as": "head qat"}),
    "the same as itself": edit(**{FIRST + "same_as": "base fp32"}),
    "a copy with another accuracy": copied(accuracy={"status": "not measured", "reason": "none"}),
    "a copy with another latency": copied(latency={**STOPPED, "stage": "latency"}),
    "a copy with another proof": copied(proof=STOPPED),
    "a copy for another target": copied(target="cpu-native-fp32"),
    "an accuracy of initial weights": edit(weights="initial"),
    "an accuracy on synthetic data": edit(data="synthetic"),
    "failed and measured": edit(**{FIRST + "status": "failed"}),
    "unknown status": edit(**{FIRST + "status": "passed"}),
    "statistics elsewhere": edit(**{FIRST + "accuracy__statistics": "../../../etc/passwd"}),
    "statistics at an absolute path": edit(**{FIRST + "accuracy__statistics": "/etc/passwd"}),
    "statistics with a NUL": edit(**{FIRST + "accuracy__statistics": "a\0b"}),
    "statistics of another name": edit(**{FIRST + "accuracy__statistics": "x.npz"}),
    "statistics missing": remove(f"{JOB}/base-fp32.npz"),
    "statistics linked": link(f"{JOB}/base-fp32.npz", "/etc/passwd"),
    "statistics empty": raw_statistics(b""),
    "statistics no archive": raw_statistics(b"PK\x03\x04 nothing"),
    "statistics as a bomb": bomb,
    "statistics with traversal": traversal,
    "statistics pickled": pickled,
    "statistics of another shape": statistics(areas=np.ones((150, 2))),
    "statistics NaN": statistics(areas=np.full((150, 3, 2), np.nan)),
    "statistics negative": statistics(areas=-AREAS),
    "statistics without arrays": statistics(),
    "statistics of detection, at odds": statistics(
        metric=np.array(["mAP", "coco"]),
        images=np.array(10**12),
        lengths=np.array([1]),
        image=np.array([0]),
        hit=np.ones((10, 1), bool),
        counted=np.ones((10, 1), bool),
        objects=np.ones((1, 3), int),
    ),
    "statistics of detection, out of range": statistics(
        metric=np.array(["mAP", "coco"]),
        images=np.array(3),
        lengths=np.array([1]),
        image=np.array([7]),
        hit=np.ones((10, 1), bool),
        counted=np.ones((10, 1), bool),
        objects=np.ones((1, 3), int),
    ),
}


def test_an_honest_copy_is_usable(results):
    copied()(results)
    assert isinstance(load(results), Usable)


def test_copies_that_were_not_scored_may_differ_in_the_reason(tmp_path):
    write_results(tmp_path, {JOB: make_result(tmp_path, measured=False)})
    copied(accuracy={"status": "not measured", "reason": "no data at data/other"})(tmp_path)
    assert isinstance(load(tmp_path), Usable)


def test_an_accuracy_of_a_plan_without_weights_is_refused(results):
    plan = make_plan()
    jobs = tuple(job.model_copy(update={"weights": None}) for job in plan.jobs)
    loaded = load(results, plan.model_copy(update={"jobs": jobs}))
    assert loaded == Unusable("the result has an accuracy, and the plan no trained weights")


def test_there_are_enough_of_them():
    assert len(HOSTILE) >= 60


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_results_never_pass(results, name):
    HOSTILE[name](results)
    loaded = load(results)
    report = build_report(make_plan(), {"cpu": {JOB: loaded}})
    assert report.conclusion == "action_required"
    assert report.exit_code == 3
    case = report.cases[0]
    assert case.headline not in ("", "no usable result: ")
    assert len(render_markdown(report)) < 65_536
    if isinstance(loaded, Unusable):
        assert len(loaded.reason) > 10


def detection(**changes):
    """Puts the statistics of one detection, of one object in each of three images, with changes."""
    arrays = {
        "form": np.array("matches"),
        "metric": np.array(["mAP", "coco"]),
        "images": np.array(3),
        "lengths": np.array([1]),
        "image": np.array([0]),
        "hit": np.ones((10, 1), bool),
        "counted": np.ones((10, 1), bool),
        "objects": np.ones((1, 3), int),
    }
    return statistics(**arrays | changes)


def link_within(folder):
    """The statistics of one variant become a link to those of another, in the same folder."""
    path = folder / JOB / "base-fp32.npz"
    path.unlink()
    path.symlink_to("head-fp32.npz")


REFUSED_AS = {
    "a million empty lists": "more than 100000 values",
    "100 MB": "is larger than 16 MiB",
    "a pipe": "is not a regular file",
    "a link to a file": "is not a regular file",
    "NaN accuracy": "NaN is not a number",
    "infinite latency": "Infinity is not a number",
    "key twice": "the same key twice",
    "unknown key": "unknown key (verdict)",
    "no file": "no result arrived",
    "accuracy above one": "(variants.0.measured.accuracy.measured.value)",
    "no images": "(variants.0.measured.accuracy.measured.images)",
    "size zero": "(variants.0.measured.artifact.size_bytes)",
    "latency zero": "(variants.0.measured.latency.measured.rounds_ms.0.0)",
    "latency of years": "(variants.0.measured.latency.measured.rounds_ms.0.0)",
    "latency as text": "(variants.0.measured.latency.measured.rounds_ms)",
    "an empty round": "(variants.0.measured.latency.measured.rounds_ms.0)",
    "negative memory": "(variants.0.measured.latency.measured.peak_memory_bytes)",
    "other job": "this is the result of m1.qat for",
    "other base": "for cccccccccccc..bbbbbbbbbbbb",
    "other head": "for aaaaaaaaaaaa..cccccccccccc",
    "a variant twice": "names a variant twice",
    "a variant that was not planned": "variants that were not planned: base ptq",
    "the same as nothing": "not the same model as head nothing",
    "the same as another model": "not the same model as head qat",
    "the same as itself": "the same as base fp32, which was not measured itself",
    "a copy with another accuracy": "head fp32: the same as base fp32, with other measurements",
    "a copy with another latency": "with other measurements",
    "a copy with another proof": "with other measurements",
    "a copy for another target": "with other measurements",
    "an accuracy of initial weights": "every variant has an accuracy, of initial weights on suite",
    "an accuracy on synthetic data": "of trained weights on synthetic data",
    "statistics elsewhere": "the statistics lie outside the results",
    "statistics at an absolute path": "the statistics lie outside the results",
    "statistics linked": "the statistics lie outside the results",
    "statistics missing": "base-fp32.npz cannot be read: No such file or directory",
    "statistics linked within": "base-fp32.npz is not a regular file",
    "statistics pickled": "allow_pickle=False",
    "statistics NaN": "areas must be whole numbers",
    "statistics beyond any image": "an area has more than",
    "statistics that contradict themselves": "an intersection is larger",
    "statistics of detection, at odds": "matches do not line up",
    "statistics of detection, out of range": "image indices of matches must lie below 3",
    "statistics of detection, no truth values": "hits must be true or false",
    "statistics of detection, of an unknown kind": "cannot be read: 'median'",
    "a billion images": "more than 50000 images",
    "other metric": "claims 150 images of mAP, its statistics have others",
    "other number of images": "claims 151 images of mIoU, its statistics have others",
    "accuracy other than its statistics": "the claimed accuracy is not that of its statistics",
    "chance other than its statistics": "the claimed accuracy is not that of its statistics",
}
"""By the name of a hostile result, what its layer says: another layer behind it would refuse some
of them too, in other words, and hide that the first is gone.
"""
MORE = {
    "statistics linked within": link_within,
    "statistics beyond any image": statistics(areas=AREAS << 41),
    "statistics that contradict themselves": statistics(areas=AREAS * [[3], [2], [4]]),
    "statistics of detection, no truth values": detection(hit=np.ones((10, 1), int)),
    "statistics of detection, of an unknown kind": detection(metric=np.array(["mAP", "median"])),
}


@pytest.mark.parametrize("name", REFUSED_AS)
def test_the_layer_that_is_meant_for_it_refuses_it(results, name):
    (MORE.get(name) or HOSTILE[name])(results)
    loaded = load(results)
    assert isinstance(loaded, Unusable)
    assert REFUSED_AS[name] in loaded.reason


def test_a_file_that_breaks_its_parser_is_the_row_of_its_case_alone(tmp_path):
    plan = make_plan(2)
    both = {job.id: make_result(tmp_path, job=job.id) for job in plan.jobs}
    first, *others = both[JOB].variants
    broken = first.accuracy.model_copy(update={"statistics": "a\0b"})
    variants = (first.model_copy(update={"accuracy": broken}), *others)
    write_results(tmp_path, {**both, JOB: both[JOB].model_copy(update={"variants": variants})})
    loaded = load_results(plan, tmp_path)
    assert loaded[JOB].reason == "the result cannot be read: ValueError: embedded null byte"
    assert isinstance(loaded["m1.qat"], Usable)


def test_statistics_that_are_no_archive_are_said_to_be(results):
    (results / JOB / "base-fp32.npz").write_bytes(b"PK\x03\x04 nothing")
    reason = "per-image statistics cannot be read: File is not a zip file"
    assert load(results).reason == reason


def test_cases_share_what_their_statistics_may_unpack_to(results, monkeypatch):
    size = sum(unpacked_bytes(file) for file in results.glob("*/*.npz"))
    monkeypatch.setattr("bot.judge.results.LEAST_STATISTICS", 1)
    monkeypatch.setattr("bot.judge.results.STATISTICS_SHARED", 3 * size)
    for runners, usable in ((1, True), (3, True), (4, False)):
        loaded = load_results(make_plan(), results, runners)[JOB]
        assert isinstance(loaded, Usable) == usable
    assert loaded.reason == "the statistics of this case are larger than 0 MiB"


def test_cases_share_what_their_results_may_hold(results, monkeypatch):
    size = (results / f"{JOB}.json").stat().st_size
    monkeypatch.setattr("bot.judge.results.LEAST_RESULT", 1)
    monkeypatch.setattr("bot.judge.results.RESULTS_SHARED", 2 * size)
    assert isinstance(load_results(make_plan(), results, 2)[JOB], Usable)
    assert "larger than" in load_results(make_plan(), results, 3)[JOB].reason


def test_a_share_is_an_even_part_and_never_less_than_the_least():
    assert [share(100, 20, cases) for cases in (1, 4, 5, 6, 1000)] == [100, 25, 20, 20, 20]
    assert share(STATISTICS_SHARED, LEAST_STATISTICS, 1) == 2 * 2**30
    assert share(STATISTICS_SHARED, LEAST_STATISTICS, 10**6) == 128 * 2**20


def test_more_rounds_than_there_can_be_are_refused(results, monkeypatch):
    rounds = len(make_result(results).variants[0].latency.rounds_ms)
    monkeypatch.setattr("bot.judge.results.MAX_ROUNDS", rounds)
    assert isinstance(load(results), Usable)
    monkeypatch.setattr("bot.judge.results.MAX_ROUNDS", rounds - 1)
    assert load(results).reason == f"base fp32: more than {rounds - 1} rounds"


def test_the_results_of_one_case_at_a_time_are_in_memory(results):
    plan = make_plan()
    folder = load_results(plan, results)
    assert folder[JOB].statistics is not folder[JOB].statistics
    with pytest.raises(KeyError):
        folder["unknown"]


def test_claiming_that_nothing_could_be_measured_does_not_pass(results):
    plan = make_plan()
    weights = Weights(path="weights.pdparams")
    plan = plan.model_copy(update={"jobs": (plan.jobs[0].model_copy(update={"weights": weights}),)})
    write_results(results, {JOB: make_result(results, measured=False)})
    report = build_report(plan, {"cpu": load_results(plan, results)})
    assert report.conclusion == "action_required"


def test_results_of_other_jobs_are_not_read(results):
    write_results(results, {"evil": make_result(results, job="evil")})
    assert set(load_results(make_plan(), results)) == {JOB}


def test_a_missing_model_is_named(results):
    report = build_report(make_plan(2), {"cpu": load_results(make_plan(2), results)})
    assert report.conclusion == "action_required"
    assert "m1.qat" in report.headline


def test_results_can_be_written_again(results):
    loaded = load(results)
    assert JobResult.model_validate_json(loaded.result.model_dump_json(by_alias=True))


def test_a_runner_that_could_do_nothing_says_why(tmp_path):
    (tmp_path / PROBLEM).write_text("bubblewrap is not installed\n  next: install it\n" * 100)
    loaded = load_results(make_plan(), tmp_path)[JOB]
    assert loaded.reason.startswith(
        "no result arrived; the runner said: bubblewrap is not installed"
    )
    assert len(loaded.reason) < 600
    (tmp_path / PROBLEM).unlink()
    (tmp_path / PROBLEM).symlink_to("/etc/passwd")
    assert load_results(make_plan(), tmp_path)[JOB].reason == "no result arrived"


@pytest.mark.parametrize(
    "changes",
    [
        {"variants__0__same_as": "x" * 10**6},
        {"job": "x" * 10**6},
        {"variants__0__recipe": "x" * 10**6},
        {"x" * 10**6: 1},
    ],
)
def test_a_reason_does_not_repeat_a_long_text(results, changes):
    edit(**changes)(results)
    loaded = load(results)
    assert isinstance(loaded, Unusable)
    assert len(loaded.reason) <= MAX_REASON == 500
    assert loaded.reason.endswith("…")
