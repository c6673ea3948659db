"""Configs of one revision: inheritance, differences and what a broken base says."""

import pytest

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
