"""Pictures come from a worker that is not trusted: only PNG files of its own folder are kept."""

import json

import pytest

from bench.pictures import MAX_PANELS, MAX_PNG_BYTES, collect_pictures
from bench.requests import MAX_PICTURES
from core.errors import JobFailure
from tests.workers.scripted import PNG


class Drawing:
    """Two folders of predictions, of which the first says what the worker draws."""

    def __init__(self, workshop, root):
        self.workshop, self.before, self.after = workshop, root / "before", root / "after"
        self.out = root / "out"
        self.before.mkdir()
        self.after.mkdir()

    def collect(self, panels, files=None, title="a.jpg: 3% of pixels differ", count=1):
        """``files``: text by name, None for a PNG; by default every panel is one."""
        files = dict.fromkeys(panels.values()) if files is None else files
        drawn = {"pictures": [{"title": title, "panels": panels}] * count, "files": files}
        (self.before / "pictures.json").write_text(json.dumps(drawn))
        folders = (self.before, self.after)
        return collect_pictures(self.workshop, "m.ptq", folders, (), self.out)


@pytest.fixture
def drawing(models, workshop, tmp_path):
    return Drawing(workshop, tmp_path)


def test_pictures_are_copied_next_to_the_result_under_names_of_our_own(drawing):
    (picture,) = drawing.collect({"fp32": "0.png", "../../int8 <b>": "1.png"})
    assert picture.title == "a.jpg: 3% of pixels differ"
    assert picture.panels == {
        "fp32": "m.ptq/0-fp32.png",
        "../../int8 <b>": "m.ptq/0--int8-b-.png",
    }
    for file in picture.panels.values():
        assert (drawing.out / file).read_bytes() == PNG


def test_the_folder_in_which_the_worker_drew_is_removed(drawing):
    drawing.collect({"fp32": "0.png"})
    assert not list(drawing.workshop.scratch.iterdir())


def test_long_titles_and_many_panels_are_cut(drawing):
    panels = {f"panel {number}": f"{number}.png" for number in range(9)}
    (picture,) = drawing.collect(panels, title="x" * 500)
    assert len(picture.title) == 300
    assert list(picture.panels) == list(panels)[:MAX_PANELS]


def test_a_file_outside_the_folder_is_refused(drawing, tmp_path):
    (tmp_path / "secret.png").write_bytes(PNG)
    for file in ("../../secret.png", str(tmp_path / "secret.png")):
        with pytest.raises(ValueError, match="outside"):
            drawing.collect({"fp32": file}, files={})
    assert not drawing.out.exists()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("<svg>", "is not a PNG"),
        ("", "is not a PNG"),
        ("x" * (MAX_PNG_BYTES + 1), f"larger than {MAX_PNG_BYTES} bytes"),
    ],
)
def test_what_is_not_a_picture_is_refused(drawing, text, problem):
    with pytest.raises(ValueError, match=problem):
        drawing.collect({"fp32": "0.png"}, files={"0.png": text})
    assert not list(drawing.workshop.scratch.iterdir())


def test_there_are_so_many_pictures_and_no_more(drawing):
    assert len(drawing.collect({"fp32": "0.png"}, count=MAX_PICTURES)) == MAX_PICTURES
    with pytest.raises(JobFailure, match="the worker's answer is not valid: Tuple should have at"):
        drawing.collect({"fp32": "0.png"}, count=MAX_PICTURES + 1)


def test_a_picture_without_its_file_is_an_error(drawing):
    with pytest.raises(OSError, match=r"0\.png"):
        drawing.collect({"fp32": "0.png"}, files={})
