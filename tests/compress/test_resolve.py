"""Configs of one revision: inheritance, its limits, and what a broken base says."""

import pytest

from compress import sizes
from compress.resolve import MAX_CHAIN, ConfigTree
from compress.sizes import MAX_FILES
from compress.suites import find_dialect
from compress.suites.paddleseg.dialect import PaddleSegDialect
from core.errors import InputError
from core.git import Entry
from core.safe_yaml import parse_mapping


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
        ({"m.yml": "_base_: b.yml/", "b.yml": "x: 3"}, "'b.yml/' is not a plain path"),
        ({"m.yml": "_base_: b.yml/.", "b.yml": "x: 3"}, "'b.yml/.' is not a plain path"),
        ({"m.yml": "_base_: c/../b.yml", "b.yml": "x: 3"}, "'c/../b.yml' is not a plain path"),
    ],
)
def test_bad_bases_name_the_file(files, problem):
    with pytest.raises(InputError, match=problem) as caught:
        tree("paddleseg", files).resolve("m.yml")
    assert ".yml" in str(caught.value)


@pytest.mark.parametrize("base", ["../b.yml", "./.././b.yml", "..//b.yml", "../c/./d.yml"])
def test_bases_may_lie_above_and_beside_their_heir(base):
    configs = tree("paddleseg", {"c/m.yml": f"_base_: {base}", "b.yml": "x: 3", "c/d.yml": "x: 3"})
    assert configs.resolve("c/m.yml") == {"x": 3}


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


def test_a_missing_base_lists_the_files_beside_it():
    files = {"c/m.yml": "_base_: bas.yml", "c/base.yml": "x: 1", "d/other.yml": "", "c/a.py": ""}
    with pytest.raises(InputError) as caught:
        tree("paddleseg", files).resolve("c/m.yml")
    error = caught.value
    assert (error.file, error.key, error.given) == ("c/m.yml", "_base_", "c/bas.yml")
    assert error.choices == ["c/base.yml", "c/m.yml"]
    assert error.nearest == "c/base.yml"


def test_all_errors_of_a_folder_share_one_list_of_its_files():
    configs = tree("paddleseg", {f"c/{name}.yml": "_base_: gone.yml" for name in "ab"})
    lists = []
    for path in ("c/a.yml", "c/b.yml"):
        with pytest.raises(InputError) as caught:
            configs.resolve(path)
        lists.append(caught.value.choices)
    assert lists[0] == ["c/a.yml", "c/b.yml"]
    assert lists[0] is lists[1]


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
    assert "git fetch --refetch --no-filter" in caught.value.hint
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


def test_a_file_of_a_chain_that_is_too_long_is_refused_as_well():
    files = {f"{i}.yml": f"_base_: {i + 1}.yml" for i in range(400)} | {"400.yml": "x: 1"}
    configs = tree("paddleseg", files)
    closure = configs.closure("0.yml")
    assert list(closure) == [f"{i}.yml" for i in range(MAX_CHAIN + 1)]
    assert max(map(len, closure.values())) == MAX_CHAIN - 1
    with pytest.raises(InputError, match="above one another"):
        configs.resolve("0.yml")
    assert configs.resolve(f"{400 - MAX_CHAIN}.yml") == {"x": 1}


def layers(depth: int, width: int) -> dict[str, str]:
    """Files of which each inherits from all of the next layer."""
    return {
        f"{layer}_{i}.yml": f"k{layer}_{i}: 1\n"
        + (
            f"_base_: [{', '.join(f'{layer + 1}_{j}.yml' for j in range(width))}]\n"
            if layer + 1 < depth
            else ""
        )
        for layer in range(depth)
        for i in range(width)
    }


def test_a_config_inherits_from_64_files_at_most():
    files = layers(9, 7)
    configs = tree("paddleseg", files)
    assert len(configs.resolve("0_0.yml")) == 8 * 7 + 1 < MAX_FILES
    configs = tree("paddleseg", layers(11, 7))
    with pytest.raises(InputError, match=f"inherits from {MAX_FILES} files or more") as caught:
        configs.resolve("0_0.yml")
    assert (caught.value.file, caught.value.key) == ("0_0.yml", "_base_")
    assert len(configs.closure("0_0.yml")) == MAX_FILES


def test_a_file_that_names_many_bases_is_refused():
    files = {"m.yml": "_base_: [" + "b.yml, " * MAX_FILES + "]", "b.yml": "x: 1"}
    configs = tree("paddleseg", files)
    with pytest.raises(InputError, match=f"inherits from {MAX_FILES} files or more") as caught:
        configs.resolve("m.yml")
    assert caught.value.file == "m.yml"
    assert configs.closure("m.yml") == {"m.yml": ()}


def test_what_a_config_inherits_is_limited_in_size(monkeypatch):
    monkeypatch.setattr(sizes, "MAX_NODES", 10)
    files = {
        "a.yml": "a: [1, 2, 3]",
        "b.yml": "b: [1, 2, 3]",
        "m.yml": "_base_: [a.yml, b.yml]\nc: [1]",
    }
    with pytest.raises(InputError) as caught:
        tree("paddleseg", files).resolve("m.yml")
    error = caught.value
    assert error.message.startswith("has 11 values and 3 characters with all that it inherits; ")
    assert (error.file, error.key) == ("m.yml", "_base_")


def test_texts_that_a_config_inherits_are_limited_in_length(monkeypatch):
    monkeypatch.setattr(sizes, "MAX_CHARACTERS", 100)
    files = {"a.yml": f"a: {'x' * 99}", "m.yml": "_base_: a.yml\nb: y"}
    configs = tree("paddleseg", files)
    assert configs.resolve("a.yml") == {"a": "x" * 99}
    with pytest.raises(InputError, match="has 3 values and 102 characters"):
        configs.resolve("m.yml")


def test_all_configs_of_a_revision_are_limited_together(monkeypatch):
    monkeypatch.setattr(sizes, "MAX_TOTAL_NODES", 10)
    configs = tree("paddleseg", {f"{i}.yml": "a: [1, 2]" for i in range(4)})
    assert [configs.resolve(f"{i}.yml") for i in (0, 1)] == [{"a": [1, 2]}] * 2
    for path in ("2.yml", "3.yml", "3.yml"):
        with pytest.raises(
            InputError, match="is not read, because the configs before it"
        ) as caught:
            configs.resolve(path)
        assert caught.value.file == path
    assert configs.resolve("1.yml") == {"a": [1, 2]}


def test_a_broken_file_is_parsed_once_for_all_heirs(monkeypatch):
    parsed = []

    def parse(content, file):
        parsed.append(file)
        return parse_mapping(content, file)

    monkeypatch.setattr("compress.resolve.parse_mapping", parse)
    heirs = {f"{i}.yml": "_base_: broken.yml" for i in range(5)}
    configs = tree("paddleseg", heirs | {"broken.yml": "a: ["})
    for path in heirs:
        with pytest.raises(InputError, match="not valid YAML") as caught:
            configs.resolve(path)
        assert caught.value.file == "broken.yml"
    assert parsed.count("broken.yml") == 1


def test_a_config_that_is_too_large_is_put_together_once_for_all_heirs(monkeypatch):
    monkeypatch.setattr(sizes, "MAX_NODES", 3)
    combined = []

    class Counting(PaddleSegDialect):
        def combine(self, document, bases):
            combined.append(document)
            return super().combine(document, bases)

    heirs = {f"{i}.yml": "_base_: large.yml" for i in range(5)}
    configs = tree("paddleseg", heirs | {"large.yml": "a: [1, 2, 3]"})
    configs.dialect = Counting()
    for path in heirs:
        with pytest.raises(InputError, match="has 5 values") as caught:
            configs.resolve(path)
        assert caught.value.file == "large.yml"
    assert combined == [{"a": [1, 2, 3]}]


def twins(base, head):
    """Two revisions; the second shares with the first what is the same."""
    old = tree("paddleseg", base)
    entries = {path: Entry("100644", text) for path, text in head.items()}
    old.files = {path: Entry("100644", text) for path, text in base.items()}
    read = str.encode
    first = ConfigTree(old.files, read, old.dialect)
    return first, ConfigTree(entries, read, old.dialect, first)


def test_what_is_the_same_is_shared_with_another_revision():
    files = {"a.yml": "x: 1\n", "b.yml": "_base_: a.yml\ny: 1\n", "c.yml": "z: 1\n"}
    old, new = twins(files, {**files, "c.yml": "z: 2\n"})
    assert new.resolve("b.yml") is old.resolve("b.yml")
    assert new.resolve("b.yml") == {"x": 1, "y": 1}
    assert new.resolve("c.yml") == {"z": 2}


def test_an_heir_of_a_changed_file_is_resolved_anew():
    files = {"a.yml": "x: 1\n", "b.yml": "_base_: a.yml\ny: 1\n"}
    old, new = twins(files, {**files, "a.yml": "x: 2\n"})
    assert (old.resolve("b.yml"), new.resolve("b.yml")) == ({"x": 1, "y": 1}, {"x": 2, "y": 1})


def test_an_error_names_files_of_its_own_revision():
    old, new = twins({"a.yml": "_base_: b.yml\n"}, {"a.yml": "_base_: b.yml\n", "c.yml": "x: 1\n"})
    for configs, choices in ((old, ["a.yml"]), (new, ["a.yml", "c.yml"])):
        with pytest.raises(InputError, match=r"the base b\.yml does not exist") as caught:
            configs.resolve("a.yml")
        assert list(caught.value.choices) == choices


def test_a_base_that_is_gone_is_missed_by_the_heir_that_stays():
    files = {"a.yml": "x: 1\n", "b.yml": "_base_: a.yml\ny: 1\n"}
    old, new = twins(files, {"b.yml": files["b.yml"]})
    assert old.resolve("b.yml") == {"x": 1, "y": 1}
    with pytest.raises(InputError, match="does not exist"):
        new.resolve("b.yml")
