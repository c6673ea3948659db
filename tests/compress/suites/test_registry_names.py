"""The names that a suite registers, read from its code."""

from __future__ import annotations

import pytest

from compress.suites.paddledet.registrars import REGISTRARS as DETECTION
from compress.suites.paddleseg.registrars import REGISTRARS as SEGMENTATION
from compress.suites.registry_names import MAX_NAMES, Registry, read_registry

OPERATORS = b"""
from ppdet.core.workspace import serializable

def register_op(cls):
    registered_ops.append(cls.__name__)
    return serializable(cls)

@register_op
class Decode(object):
    "a regular expression: \\d"

class Unregistered(object):
    pass
"""
ELSEWHERE = b"""
from .operators import register_op
import atexit

@register_op
class PadBatch(object):
    pass

@atexit.register
def farewell(): pass
"""


def detection(**files: bytes | None) -> Registry:
    places = {
        "operators": "ppdet/data/transform/operators.py",
        "batch": "ppdet/data/transform/batch_operators.py",
        "coco": "ppdet/data/source/coco.py",
        "optimizer": "ppdet/optimizer/optimizer.py",
        "head": "ppdet/modeling/heads/head.py",
        "new": "ppdet/modeling/elsewhere/new.py",
    }
    return read_registry({places[name]: content for name, content in files.items()}, DETECTION)


def test_a_class_is_named_by_register_and_tagged_by_serializable():
    registry = detection(
        coco=b"@register\n@serializable\nclass COCODataSet(DetDataset): pass\n",
        head=b"@register\nclass PicoHead(nn.Layer): pass\n",
    )
    assert registry.kinds("COCODataSet") == {"dataset"}
    assert registry.kinds("PicoHead") == {"head"}
    assert registry.by_name() == {"COCODataSet", "PicoHead"}
    assert registry.tags() == {"COCODataSet"}
    assert registry.kinds("COCODataset") == frozenset()


def test_decorators_of_the_suite_that_hand_on_are_followed_into_other_files():
    registry = detection(operators=OPERATORS, batch=ELSEWHERE)
    assert registry.tags() == {"Decode", "PadBatch"}
    assert registry.of_kind("transform") == {"Decode", "PadBatch"}
    assert registry.names["PadBatch"].files == ("ppdet/data/transform/batch_operators.py",)
    assert registry.by_name() == frozenset()


def test_public_classes_beside_transforms_can_be_named_too():
    listed = b"__all__ = ['Listed']\nclass Listed: pass\nclass Unlisted: pass\n"
    registry = detection(operators=OPERATORS + b"class _Private: pass\n", batch=listed)
    assert registry.of_kind("plain-transform") == {"Decode", "Unregistered", "Listed"}
    assert registry.tags() == {"Decode"}
    assert registry.kinds("_Private") == registry.kinds("Unlisted") == frozenset()


def test_schedulers_are_told_from_the_sections_beside_them():
    registry = detection(
        optimizer=b"@serializable\nclass CosineDecay: pass\n@register\nclass LearningRate: pass\n"
    )
    assert registry.of_kind("scheduler") == {"CosineDecay"}
    assert registry.of_kind("optimizer-section") == {"LearningRate"}
    assert "Momentum" in registry.of_kind("optimizer")
    assert "Momentum" not in registry.by_name()


def test_an_unknown_folder_is_a_kind_of_its_own():
    assert detection(new=b"@register\nclass New: pass\n").kinds("New") == {"other"}


@pytest.mark.parametrize(
    "code",
    [
        b"@manager.BACKBONES.add_component\nclass Net(nn.Layer): pass\n",
        b"@manager.BACKBONES.add_component\ndef Net(**kwargs): pass\n",
        b"from paddleseg.cvlibs import manager as m\n@m.BACKBONES.add_component\nclass Net: pass\n",
        b"class Net: pass\nmanager.BACKBONES.add_component(Net)\n",
        b"class Net: pass\nmanager.BACKBONES.add_component([Net, Other])\n",
        b"manager.BACKBONES._components_dict['Net'] = Other\n",
        b"if True:\n    @manager.BACKBONES.add_component\n    class Net: pass\n",
    ],
)
def test_segmentation_registers_in_its_managers(code):
    registry = read_registry({"paddleseg/models/net.py": code}, SEGMENTATION)
    assert registry.kinds("Net") == {"backbone"}
    assert "Net" in registry.by_name()
    assert registry.tags() == frozenset()


def test_schedules_of_segmentation_are_those_of_paddle():
    registry = read_registry({}, SEGMENTATION)
    assert "PolynomialDecay" in registry.of_kind("scheduler")
    assert "LambdaDecay" not in registry.of_kind("scheduler")


@pytest.mark.parametrize(
    "code",
    [
        None,
        b"@register\nclass Broken(:\n",
        b"register = " + b"(" * 5000,
        b"register = " + b"-" * 200_000 + b"1",
        b"register\0",
        b"# register\n" + b"#" * 1_000_000,
        b"register = f'" + b"{a}" * 10_000 + b"'",
    ],
)
def test_files_that_cannot_be_read_are_named(code):
    registry = detection(head=code, coco=b"@register\nclass COCODataSet: pass\n")
    assert registry.unread == ("ppdet/modeling/heads/head.py",)
    assert registry.by_name() == {"COCODataSet"}


@pytest.mark.parametrize(("more", "is_complete"), [(0, True), (1, False)])
def test_more_names_than_any_suite_has_prove_nothing(more, is_complete):
    count = MAX_NAMES + more - len(detection(head=b"").names)
    classes = "".join(f"@register\nclass A{number}: pass\n" for number in range(count))
    registry = detection(head=classes.encode())
    assert (len(registry.names), registry.is_complete) == (MAX_NAMES + more, is_complete)
