"""What a class without pixels counts is what the suite's code says."""

import pytest

from compress.source import SuiteSource
from compress.suites import find_suite
from compress.suites.paddleseg.absent import counting

CODE = """
def mean_iou(intersect_area, pred_area, label_area):
    for i in range(len(intersect_area)):
        if union[i] == 0:
            iou = {}
        else:
            iou = intersect_area[i] / union[i]


def other():
    iou = 5
"""


def count(text):
    return counting({"paddleseg/utils/metrics.py": text.encode()}.get)["absent"]


@pytest.mark.parametrize(
    ("value", "absent"),
    [("0", 0), ("1", 1), ("1.0", 1), ("0.5", None), ("np.nan", None), ("'1'", None)],
)
def test_it_is_the_constant_of_mean_iou(value, absent):
    assert count(CODE.format(value)) == absent


@pytest.mark.parametrize("text", ["", "def mean_iou(:", "def mean_iou():\n    return 1\n"])
def test_code_that_says_nothing_leaves_it_unknown(text):
    assert count(text) is None


def test_code_without_that_file_is_the_oldest():
    assert counting(lambda path: None) == {"absent": 0}


def test_it_is_read_from_the_revision_or_from_the_installed_package(tmp_path):
    (tmp_path / "paddleseg" / "utils").mkdir(parents=True)
    (tmp_path / "paddleseg" / "utils" / "metrics.py").write_text(CODE.format(1))
    read = find_suite("paddleseg").counting
    assert read(SuiteSource("paddleseg", tmp_path, "c", "data", None).read_code) == {"absent": 1}
    assert read(SuiteSource("paddleseg", None, "c", "data", None).read_code) == {"absent": 0}
