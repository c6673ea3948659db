"""Values on disk are validated whole, written atomically, and refused with file and key."""

import os
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, ValidationError

from core.errors import InputError
from core.lines import append_line
from core.schema import (
    MAX_ERRORS,
    MAX_JSON_BYTES,
    StrictModel,
    load_json,
    validate,
    write_json,
    write_text,
)


class Part(StrictModel):
    name: str
    size: float = 0.0


class Whole(StrictModel):
    schema_: str = Field("whole/1", alias="schema")
    parts: tuple[Part, ...] = ()
    spare: Part | None = None
    by_name: dict[str, Part] = Field(default_factory=dict)


class Anything(StrictModel):
    value: Any


class Manifest(StrictModel):
    """Named like the one that people write."""

    suite: str


@pytest.mark.parametrize(
    ("data", "key", "choices"),
    [
        ({"part": []}, "part", ("schema", "parts", "spare", "by_name")),
        ({"parts": [{"name": "a"}, {"nme": "b"}]}, "parts.1.nme", ("name", "size")),
        ({"spare": {"nam": "a"}}, "spare.nam", ("name", "size")),
        ({"by_name": {"a": {"name": "a", "sizes": 1}}}, "by_name.a.sizes", ("name", "size")),
    ],
)
def test_an_unknown_key_is_named_with_the_keys_of_its_own_object(data, key, choices):
    with pytest.raises(InputError, match="unknown key") as caught:
        validate(Whole, data, "w.json")
    error = caught.value
    assert (error.file, error.key, error.choices) == ("w.json", key, choices)
    assert (error.given, error.hint) == (key.rsplit(".")[-1], "delete or correct the key")


def test_an_unknown_key_is_named_before_a_missing_one():
    with pytest.raises(InputError) as caught:
        validate(Whole, {"spare": {"nme": "a"}}, "w.json")
    assert (caught.value.key, caught.value.nearest) == ("spare.nme", "name")


def test_a_wrong_value_has_no_choices_and_says_where_the_file_comes_from():
    with pytest.raises(InputError, match="valid number") as caught:
        validate(Whole, {"parts": [{"name": "a", "size": "large"}]}, "w.json")
    error = caught.value
    assert (error.key, error.choices) == ("parts.0.size", ())
    assert error.hint == "give the file that slimgate wrote"


def test_a_wrong_manifest_points_to_its_documentation():
    with pytest.raises(InputError, match=r"docs/manifest\.md"):
        validate(Manifest, {"suite": 1}, "m.yml")


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_numbers_are_finite(number):
    with pytest.raises(ValidationError):
        Part(name="a", size=number)


def test_a_value_cannot_be_changed():
    part = Part(name="a")
    with pytest.raises(ValidationError, match="frozen"):
        part.name = "b"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"{", "not valid JSON"),
        (b"", "not valid JSON"),
        (b"\xff\xfe\xff", "not valid JSON"),
        (b'{"name": "a", "name": "b"}', "the same key twice"),
        (b'{"name": "a", "size": NaN}', "NaN"),
        (b'{"name": "a", "size": -Infinity}', "-Infinity"),
        (b"[" * 100_000, "not valid JSON"),
        (b"[]", "valid dictionary"),
        (b'{"name": "\\ud800"}', "half of a character"),
    ],
)
def test_a_file_that_is_not_such_a_value_is_refused_by_name(tmp_path, content, problem):
    path = tmp_path / "part.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match=problem) as caught:
        load_json(Part, path)
    assert (caught.value.file, caught.value.hint) == (
        str(path),
        "give the file that slimgate wrote",
    )


def test_a_missing_file_is_refused_by_name(tmp_path):
    with pytest.raises(InputError, match="cannot be read: No such file") as caught:
        load_json(Part, tmp_path / "absent.json")
    assert caught.value.file == str(tmp_path / "absent.json")


def test_a_huge_file_is_not_read(tmp_path):
    path = tmp_path / "huge.json"
    path.touch()
    os.truncate(path, MAX_JSON_BYTES + 1)
    with pytest.raises(InputError, match=f"larger than {MAX_JSON_BYTES} bytes"):
        load_json(Part, path)


def test_of_thousands_of_wrong_values_only_the_number_is_said():
    for count, message in (
        (MAX_ERRORS, "valid dictionary"),
        (MAX_ERRORS + 1, f"{MAX_ERRORS + 1} of its"),
    ):
        with pytest.raises(InputError, match=message) as caught:
            validate(Whole, {"parts": [[]] * count}, "w.json")
        assert caught.value.file == "w.json"


@given(st.text(), st.floats(allow_nan=False, allow_infinity=False))
def test_what_is_written_reads_back_equal(tmp_path_factory, name, size):
    path = tmp_path_factory.getbasetemp() / "schema" / "whole.json"
    whole = Whole(parts=(Part(name=name, size=size),))
    write_json(path, whole)
    assert load_json(Whole, path) == whole
    assert [entry.name for entry in path.parent.iterdir()] == ["whole.json"]


def test_texts_of_our_own_with_halves_of_characters_are_written(tmp_path):
    """Names of files that are not UTF-8 are such texts, and messages that quote them."""
    whole = Whole(by_name={"\udcff": Part(name="no such file: caf\udce9")})
    write_json(tmp_path / "w.json", whole)
    (part,) = load_json(Whole, tmp_path / "w.json").by_name.values()
    assert part.name == "no such file: caf\ufffd"
    append_line(tmp_path / "w.jsonl", Part(name="\ud800"))
    write_text(tmp_path / "w.txt", "a\ud800b")
    assert (tmp_path / "w.jsonl").read_text() == '{"name": "\ufffd", "size": 0.0}\n'
    assert (tmp_path / "w.txt").read_text() == "a\ufffdb"


def test_a_number_that_json_lacks_is_never_written_as_null(tmp_path):
    write_json(tmp_path / "a.json", Anything(value={"a": [float("nan")]}))
    with pytest.raises(InputError, match="NaN is not a number"):
        load_json(Anything, tmp_path / "a.json")


def test_files_use_the_public_names_of_fields(tmp_path):
    write_json(tmp_path / "w.json", Whole())
    assert (tmp_path / "w.json").read_text().startswith('{\n "schema": "whole/1",')


def test_a_failed_write_leaves_the_old_file_and_no_part(tmp_path):
    target = tmp_path / "folder"
    target.mkdir()
    with pytest.raises(InputError, match="cannot be written") as caught:
        write_text(target, "x")
    assert (caught.value.file, caught.value.hint) == (str(target), "choose another path")
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_that_is_a_file_is_said(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="cannot be written"):
        write_text(tmp_path / "file" / "inner.txt", "x")
    assert (tmp_path / "file").read_text() == "x"
