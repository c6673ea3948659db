"""Per-image statistics survive their file, also one from before forms were named."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from bench.metrics.detection import CategoryMatches, DetectionStatistics
from bench.metrics.limits import directory_bytes
from bench.metrics.segmentation import SegmentationStatistics
from bench.metrics.storage import (
    FORM,
    FORMS,
    MAX_DIRECTORY_BYTES,
    MAX_MEMBERS,
    NAME,
    load_statistics,
    save_statistics,
    unpacked_bytes,
)
from bench.stats import score, score_interval
from core.errors import InputError


def category(seed, images=5, thresholds=10):
    """A category with random matches."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(0, 9))
    return CategoryMatches(
        rng.integers(0, images, count),
        rng.random((thresholds, count)) < 0.7,
        rng.random((thresholds, count)) < 0.9,
        rng.integers(0, 4, images),
    )


AREAS = np.random.default_rng(0).integers(1, 50, (5, 3, 4))
SEGMENTATION = SegmentationStatistics(np.sort(AREAS, axis=1))
DETECTION = DetectionStatistics(tuple(map(category, range(4))), 5)
SPARSE = SegmentationStatistics(SEGMENTATION.areas * [1, 0, 1, 1], 1)
VOC = DetectionStatistics((category(5, thresholds=1),), 5, "mAP@0.5 (integral)", "integral")


def test_statistics_survive_their_file(tmp_path):
    for statistics in (DETECTION, SEGMENTATION, SPARSE, VOC):
        save_statistics(tmp_path / "s.npz", statistics)
        loaded = load_statistics(tmp_path / "s.npz")
        assert score(loaded) == score(statistics)
        assert score_interval(loaded) == score_interval(statistics)


def test_unreadable_statistics_are_bad_input(tmp_path):
    (tmp_path / "s.npz").write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(InputError, match=r"s\.npz"):
        load_statistics(tmp_path / "s.npz")


@pytest.mark.parametrize("statistics", [SEGMENTATION, DETECTION, VOC])
def test_files_from_before_forms_were_named_are_read(tmp_path, statistics):
    np.savez_compressed(tmp_path / "s.npz", **statistics.arrays())
    loaded = load_statistics(tmp_path / "s.npz")
    assert type(loaded) is type(statistics)
    assert loaded.metric == statistics.metric
    assert score_interval(loaded) == score_interval(statistics)
    np.testing.assert_array_equal(loaded.truth(), statistics.truth())


def test_the_form_is_written_beside_the_arrays(tmp_path):
    save_statistics(tmp_path / "s.npz", VOC)
    with np.load(tmp_path / "s.npz") as stored:
        assert str(stored[FORM]) == "matches"
    assert {"areas": SegmentationStatistics, "matches": DetectionStatistics} == FORMS


@pytest.mark.parametrize(
    "arrays",
    [
        {FORM: np.array("boxes"), **SEGMENTATION.arrays()},
        {FORM: np.array("matches"), **SEGMENTATION.arrays()},
        {FORM: np.array("areas"), "areas": np.zeros((1, 2))},
        {"area": np.zeros((1, 3, 2), np.int64)},
        {**VOC.arrays(), "metric": np.array(["mAP", "9point"])},
        {**VOC.arrays(), "objects": np.array([[1]])},
        {FORM: np.array("areas"), "areas": np.array([None])},
    ],
)
def test_arrays_that_are_no_statistics_are_bad_input(tmp_path, arrays):
    np.savez(tmp_path / "s.npz", **arrays)
    with pytest.raises(InputError, match="per-image statistics cannot be read") as caught:
        load_statistics(tmp_path / "s.npz")
    assert caught.value.file == str(tmp_path / "s.npz")
    assert caught.value.hint == "run the job again"


class Touching:
    """Unpickled, it writes a file."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


@pytest.mark.parametrize("name", ["areas", FORM])
def test_a_pickle_in_an_array_is_not_run(tmp_path, name):
    arrays = {FORM: np.array("areas"), **SEGMENTATION.arrays()}
    arrays[name] = np.array([Touching(tmp_path / "touched")], object)
    np.savez(tmp_path / "s.npz", **arrays)
    with pytest.raises(InputError, match="allow_pickle=False"):
        load_statistics(tmp_path / "s.npz")
    assert not (tmp_path / "touched").exists()


def test_a_file_that_is_missing_is_bad_input(tmp_path):
    with pytest.raises(InputError, match=r"s\.npz"):
        load_statistics(tmp_path / "s.npz")


@pytest.mark.parametrize("metric", ['mAP"]\n```', "m" * 41, "", "mAP\u2028", "1mAP"])
def test_a_metric_without_a_proper_name_is_refused(tmp_path, metric):
    np.savez(tmp_path / "s.npz", **{**VOC.arrays(), "metric": np.array([metric, "integral"])})
    with pytest.raises(InputError, match="no proper name"):
        load_statistics(tmp_path / "s.npz")


def test_every_metric_has_a_proper_name():
    names = ["mIoU", "mAP", "mAP@0.5 (11 points)", "mAP@0.5 (integral)"]
    assert all(NAME.fullmatch(name) for name in names)


def put(path, name, content):
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)


def test_an_array_that_claims_more_than_it_holds_is_refused_before_memory_is_taken(tmp_path):
    head = io.BytesIO()
    claim = {"descr": "<i8", "fortran_order": False, "shape": (2**40, 3, 2)}
    np.lib.format.write_array_header_1_0(head, claim)
    put(tmp_path / "s.npz", "areas.npy", head.getvalue() + bytes(480))
    with pytest.raises(InputError, match="larger than its file"):
        load_statistics(tmp_path / "s.npz")


@pytest.mark.parametrize(
    "content", [b"", b"text", b"\x93NUMPY\x07\x00", b"\x93NUMPY\x01\x00\x05\x00{}"]
)
def test_a_member_that_is_no_array_is_bad_input(tmp_path, content):
    put(tmp_path / "s.npz", "areas.npy", content)
    with pytest.raises(InputError, match="cannot be read"):
        load_statistics(tmp_path / "s.npz")


def test_what_a_file_unpacks_to_is_read_from_its_directory(tmp_path):
    put(tmp_path / "s.npz", "a", bytes(10**6))
    put(tmp_path / "s.npz", "b", bytes(500))
    assert unpacked_bytes(tmp_path / "s.npz") == 1_000_500
    assert (tmp_path / "s.npz").stat().st_size < 5000


def test_more_categories_or_thresholds_than_there_are_is_bad_input(tmp_path, monkeypatch):
    save_statistics(tmp_path / "s.npz", DETECTION)
    for name, count in (("MAX_CLASSES", 3), ("MAX_THRESHOLDS", 9)):
        with monkeypatch.context() as patch:
            patch.setattr(f"bench.metrics.detection.{name}", count)
            with pytest.raises(InputError, match=r"more than .* categories or .* thresholds"):
                load_statistics(tmp_path / "s.npz")


@pytest.fixture
def listed_members(monkeypatch):
    """The members that zipfile lists, archive by archive."""
    counts = []

    class Archive(zipfile.ZipFile):
        def infolist(self):
            counts.append(len(super().infolist()))
            return super().infolist()

    monkeypatch.setattr("bench.metrics.storage.zipfile.ZipFile", Archive)
    return counts


@pytest.mark.parametrize("read", [load_statistics, unpacked_bytes])
def test_an_archive_of_many_members_is_refused_before_they_are_listed(
    tmp_path, listed_members, read
):
    with zipfile.ZipFile(tmp_path / "s.npz", "w") as archive:
        for number in range(1000):
            archive.writestr(f"m{number}.npy", b"")
    listed_members.clear()
    with pytest.raises(InputError, match="the list of its arrays is too long"):
        read(tmp_path / "s.npz")
    assert listed_members == []


@pytest.mark.parametrize("read", [load_statistics, unpacked_bytes])
def test_an_archive_has_at_most_the_arrays_of_the_largest_form(tmp_path, read):
    most = max(len(statistics.arrays()) + 1 for statistics in (SEGMENTATION, DETECTION, VOC))
    assert most == MAX_MEMBERS
    arrays = {FORM: np.array("matches"), **DETECTION.arrays()}
    np.savez(tmp_path / "s.npz", **arrays, other=np.zeros(1))
    with pytest.raises(InputError, match="more than 8 arrays"):
        read(tmp_path / "s.npz")


@pytest.mark.parametrize("read", [load_statistics, unpacked_bytes])
def test_an_archive_with_one_name_twice_is_refused(tmp_path, read):
    save_statistics(tmp_path / "s.npz", SEGMENTATION)
    with pytest.warns(UserWarning, match="Duplicate name"):
        put(tmp_path / "s.npz", "areas.npy", b"")
    with pytest.raises(InputError, match="or one twice"):
        read(tmp_path / "s.npz")


def test_the_list_of_our_own_arrays_takes_a_quarter_of_what_it_may(tmp_path):
    save_statistics(tmp_path / "s.npz", DETECTION)
    with (tmp_path / "s.npz").open("rb") as stream:
        assert 0 < directory_bytes(stream) < MAX_DIRECTORY_BYTES / 4
