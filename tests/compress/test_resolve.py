"""Configs of one revision: inheritance, differences and what a broken base says."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compress.resolve import ConfigTree, differing_keys, flatten
from compress.suites import find_dialect
from core.errors import InputError
from core.git import Entry


def tree(dialect: str, files: dict[str, str], mode: str = "100644") -> ConfigTree:
    entries = {path: Entry(mode, path) for path in files}
    return ConfigTree(entries, lambda blob: files[blob].encode(), find_dialect(dialect))


def test_paddleseg_merges_recursively_and_replaces_on_request():
    configs = tree(
        "paddleseg",
        {
            "configs/_base_/a.yml": "batch_size: 2\nopt: {type: SGD, lr: 1}\nval: {x: 1}",
            "configs/m.yml": "_base_: _base_/a.yml\n"
            "opt: {_inherited_: False, type: Adam}\nval: {y: 2}",
        },
    )
    assert configs.resolve("configs/m.yml") == {
        "batch_size": 2,
        "opt": {"type": "Adam"},
        "val": {"x": 1, "y": 2},
    }


def test_paddleseg_first_of_several_bases_wins():
    configs = tree(
        "paddleseg",
        {"a.yml": "x: 1\ny: 1", "b.yml": "x: 2\nz: 2", "m.yml": "_base_: [a.yml, b.yml]"},
    )
    assert configs.resolve("m.yml") == {"x": 1, "y": 1, "z": 2}


def test_paddledet_later_bases_win_and_tagged_objects_do_not_merge():
    configs = tree(
        "paddledet",
        {
            "a.yml": "R: {x: 1, y: 1}\nD: !Coco {root: a, keep: 1}",
            "b.yml": "R: {x: 2}",
            "m.yml": "_BASE_: [a.yml, b.yml]\nD: !Coco {root: b}",
        },
    )
    assert configs.resolve("m.yml") == {"R": {"x": 2, "y": 1}, "D": {"!tag": "Coco", "root": "b"}}


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({"m.yml": "_base_: gone.yml"}, "does not exist"),
        ({"m.yml": "_base_: n.yml", "n.yml": "_base_: m.yml"}, "cycle"),
        ({"m.yml": "_base_: m.yml"}, "cycle"),
        ({"m.yml": "_base_: ../../etc/passwd"}, "outside the suite"),
        ({"m.yml": "_base_: /etc/passwd"}, "outside the suite"),
        ({"m.yml": "_base_: ~/x.yml"}, "outside the suite"),
        ({"m.yml": "_base_: [3]"}, "must be a path"),
        ({"m.yml": "_base_: b.yml\nx: {y: 1}", "b.yml": "x: 3"}, "plain value"),
    ],
)
def test_bad_bases_name_the_file(files, problem):
    with pytest.raises(InputError, match=problem) as caught:
        tree("paddleseg", files).resolve("m.yml")
    assert ".yml" in str(caught.value)


def test_a_long_chain_of_bases_is_refused():
    files = {f"{i}.yml": f"_base_: {i + 1}.yml" for i in range(40)} | {"40.yml": "x: 1"}
    with pytest.raises(InputError, match="above one another"):
        tree("paddleseg", files).resolve("0.yml")


def test_symbolic_links_are_refused():
    with pytest.raises(InputError, match="not a regular file"):
        tree("paddleseg", {"m.yml": "x: 1"}, mode="120000").resolve("m.yml")


def test_closure_says_through_which_files():
    configs = tree(
        "paddleseg", {"a.yml": "x: 1", "b.yml": "_base_: a.yml", "m.yml": "_base_: b.yml"}
    )
    assert configs.closure("m.yml") == {"m.yml": (), "b.yml": (), "a.yml": ("b.yml",)}


def test_differing_keys_are_dotted_paths():
    old = {"a": {"b": [1, {"c": 2}], "d": 1}, "e": 1, "same": 0}
    new = {"a": {"b": [1, {"c": 3}], "d": "1"}, "f": 1, "same": 0}
    assert differing_keys(old, new) == ["a.b.1.c", "a.d", "e", "f"]
    assert differing_keys({"a": [1]}, {"a": [1, 2]}) == ["a"]
    assert differing_keys({"a": 1}, {"a": True}) == ["a"]


def test_flatten_keeps_empty_containers():
    assert dict(flatten({"a": {"b": [1, []]}, "c.d": {}})) == {
        ("a", "b", "0"): 1,
        ("a", "b", "1"): [],
        ("c.d",): {},
    }


def test_a_missing_base_lists_the_files_beside_it():
    files = {"c/m.yml": "_base_: bas.yml", "c/base.yml": "x: 1", "d/other.yml": "", "c/a.py": ""}
    with pytest.raises(InputError) as caught:
        tree("paddleseg", files).resolve("c/m.yml")
    error = caught.value
    assert (error.file, error.key, error.given) == ("c/m.yml", "_base_", "c/bas.yml")
    assert error.choices == ["c/base.yml", "c/m.yml"]
    assert error.nearest == "c/base.yml"


def test_a_cycle_is_spelled_out():
    files = {"a.yml": "_base_: b.yml", "b.yml": "_base_: c.yml", "c.yml": "_base_: a.yml"}
    with pytest.raises(InputError) as caught:
        tree("paddleseg", files).resolve("a.yml")
    assert caught.value.message == "the bases form a cycle"
    assert "a.yml -> b.yml -> c.yml -> a.yml" in caught.value.hint


def test_a_base_that_two_files_share_is_not_a_cycle():
    files = {
        "base.yml": "x: 1",
        "l.yml": "_base_: base.yml\ny: 1",
        "r.yml": "_base_: base.yml\nz: 1",
        "m.yml": "_base_: [l.yml, r.yml]",
    }
    configs = tree("paddleseg", files)
    assert configs.resolve("m.yml") == {"x": 1, "y": 1, "z": 1}
    assert set(configs.closure("m.yml")) == set(files)


def test_every_file_is_read_once():
    reads = []

    def read(blob):
        reads.append(blob)
        return b"x: 1"

    configs = ConfigTree({"a.yml": Entry("100644", "a")}, read, find_dialect("paddleseg"))
    for _ in range(2):
        configs.resolve("a.yml")
    assert reads == ["a"]


def test_content_that_the_repository_lacks_is_said():
    configs = ConfigTree({"a.yml": Entry("100644", "a")}, lambda _: None, find_dialect("paddleseg"))
    with pytest.raises(InputError, match="missing from the repository") as caught:
        configs.resolve("a.yml")
    assert "git fetch --refetch" in caught.value.hint
    assert configs.text("a.yml") is None


def test_the_text_of_a_file_is_none_where_there_is_none():
    configs = tree("paddleseg", {"a.yml": "x: é"})
    assert configs.text("a.yml") == "x: é"
    assert configs.text("absent.yml") is None
    binary = ConfigTree(configs.files, lambda _: b"\xff", configs.dialect)
    assert binary.text("a.yml") is None


def test_the_closure_passes_over_files_that_are_missing_or_broken():
    files = {"m.yml": "_base_: [gone.yml, broken.yml]", "broken.yml": "a: ["}
    closure = tree("paddleseg", files).closure("m.yml")
    assert closure == {"m.yml": (), "gone.yml": (), "broken.yml": ()}


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab", max_size=2),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", min_size=1), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(plain)
def test_a_value_does_not_differ_from_itself(value):
    assert differing_keys(value, copy.deepcopy(value)) == []


@given(plain, plain)
def test_differences_are_the_same_from_both_sides(first, second):
    assert set(differing_keys(first, second)) == set(differing_keys(second, first))


@given(plain, plain)
def test_values_without_differences_have_equal_leaves(first, second):
    if not differing_keys(first, second):
        assert dict(flatten(first)) == dict(flatten(second))
