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


@pytest.mark.parametrize(
    ("dialect", "key", "impact"),
    [
        ("paddleseg", "model.backbone.type", "graph"),
        ("paddleseg", "model.pretrained", "training"),
        ("paddleseg", "lr_scheduler.learning_rate", "training"),
        ("paddleseg", "val_dataset.transforms.0.target_size", "evaluation"),
        ("paddleseg", "train_dataset.transforms", "compression"),
        ("paddleseg", "something_new", "graph"),
        ("paddledet", "LearningRate.base_lr", "training"),
        ("paddledet", "EvalReader.sample_transforms", "evaluation"),
        ("paddledet", "TestReader.inputs_def.image_shape", "graph"),
        ("paddledet", "PicoHeadV2.nms.keep_top_k", "graph"),
    ],
)
def test_impact_of_keys(dialect, key, impact):
    assert find_dialect(dialect).impact(key) == impact


def test_normalisation_is_compared_by_what_it_does():
    seg = {
        "train_dataset": {"transforms": [{"type": "Normalize", "mean": [0.5, 0.5, 0.5]}]},
        "val_dataset": {"transforms": [{"type": "Resize"}, {"type": "Normalize"}]},
    }
    training, evaluation = find_dialect("paddleseg").normalisation(seg)
    assert training == evaluation == ("mean=[0.5, 0.5, 0.5] std=[0.5, 0.5, 0.5]",)
    step = {"NormalizeImage": {"std": [1, 1, 1], "mean": [0, 0, 0], "norm_type": "none"}}
    same = {"NormalizeImage": {"std": [1.0] * 3, "mean": [0.0] * 3, "norm_type": "none"}}
    det = {
        "TrainReader": {"batch_transforms": [step]},
        "EvalReader": {"sample_transforms": [{"Decode": {}}, same]},
    }
    training, evaluation = find_dialect("paddledet").normalisation(det)
    assert training == evaluation != ()
    assert find_dialect("paddledet").normalisation({}) == (None, None)


@pytest.mark.parametrize(
    ("transforms", "size"),
    [
        ([{"type": "Resize", "target_size": [1024, 512]}, {"type": "Normalize"}], (512, 1024)),
        ([{"type": "Resize"}], (512, 512)),
        ([{"type": "Resize", "target_size": [512, 512], "keep_ratio": True}], None),
        ([{"type": "Resize", "target_size": [8, 8]}, {"type": "PaddingByAspectRatio"}], None),
        ([{"type": "Normalize"}], None),
    ],
)
def test_the_size_that_evaluation_makes_of_every_segmented_image(transforms, size):
    config = {"val_dataset": {"transforms": transforms}}
    assert find_dialect("paddleseg").evaluation_size(config) == size


@pytest.mark.parametrize(
    ("step", "size"),
    [
        ({"Resize": {"target_size": [320, 640], "keep_ratio": False}}, (320, 640)),
        ({"Resize": {"target_size": [800, 1333], "keep_ratio": True}}, None),
        ({"Resize": {"target_size": [800, 1333]}}, None),
        ({"LetterBoxResize": {"target_size": [608, 1088]}}, (608, 1088)),
        ({"NormalizeImage": {}}, None),
    ],
)
def test_the_size_that_evaluation_makes_of_every_detected_image(step, size):
    config = {"EvalReader": {"sample_transforms": [{"Decode": {}}, step, {"Permute": {}}]}}
    assert find_dialect("paddledet").evaluation_size(config) == size


def test_a_side_without_normalisation_is_told_from_one_that_says_nothing():
    config = {"TrainReader": {"sample_transforms": [{"Decode": {}}]}}
    assert find_dialect("paddledet").normalisation(config) == ((), None)


def test_an_affine_flip_has_scaled_before():
    affine = [{"FlipWarpAffine": {}}, {"NormalizeImage": {"is_scale": False}}]
    config = {
        "TrainReader": {"sample_transforms": affine},
        "EvalReader": {"sample_transforms": [{"NormalizeImage": {}}]},
    }
    training, evaluation = find_dialect("paddledet").normalisation(config)
    assert training == evaluation
