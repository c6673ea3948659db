"""Of a covered folder a worker sees what is kept, at its own place."""

import os

from compress.sandbox.covers import Cover, lay_covers


def files(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)


def test_the_part_holds_the_kept_files_and_a_place_for_each_folder(tmp_path):
    data = tmp_path / "data"
    files(data, "a.png", "b.png", "images/a.jpg")
    (data / "away").symlink_to("images")
    (data / "b-too.png").symlink_to("b.png")
    cover = Cover(data, frozenset({"a.png", "gone.png"}))
    (part, place), *inner = lay_covers([cover], tmp_path / "covers")
    assert place == data
    assert {path.name for path in part.iterdir()} == {"a.png", "images", "away"}
    assert (part / "a.png").samefile(data / "a.png")
    assert list((part / "images").iterdir()) == []
    assert inner == [(data / "images", data / "images")]


def test_a_cover_in_a_covered_folder_comes_after_that_folder(tmp_path):
    data = tmp_path / "data"
    files(data, "val.json", "masks/a.png", "masks/deep/a.png")
    covers = [Cover(data / "masks", frozenset()), Cover(data, frozenset())]
    places = [place for _, place in lay_covers(covers, tmp_path / "covers")]
    assert places == [data, data / "masks", data / "masks", data / "masks" / "deep"]


def test_on_another_disk_kept_files_are_copied(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError("other device")

    monkeypatch.setattr(os, "link", refuse)
    files(tmp_path / "data", "a.png")
    cover = Cover(tmp_path / "data", frozenset({"a.png"}))
    ((part, _),) = lay_covers([cover], tmp_path / "covers")
    assert (part / "a.png").read_text() == "a.png"
