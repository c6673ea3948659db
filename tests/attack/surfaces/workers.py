"""Weights, models and pictures that only a worker with Paddle reads: few, and behind --paddle."""

import pickle
import struct
from collections.abc import Callable, Iterator

import numpy as np

from tests.attack.attack import Attack, Ground, Limits
from tests.attack.suites import copy_suite, dump
from tests.attack.surfaces.manifests import MANIFEST
from tests.attack.surfaces.pictures import png

PATIENT = Limits(seconds=240, memory_mib=None)
EXPORT = ("compress", "--suite", "m.yml", "--repo", "suite", "--model", "PP-LiteSeg")
EXPORT = (*EXPORT, "--recipe", "fp32", "--out", "out", "--store", "store")


class Call:
    """An object whose pickle calls a function."""

    def __init__(self, function: object, *arguments: object) -> None:
        self.function, self.arguments = function, arguments

    def __reduce__(self):
        return self.function, self.arguments


def pickled(value: object, protocol: int = 4) -> bytes:
    return pickle.dumps(value, protocol)


def reconstructed(shape: tuple[int, ...], state: object) -> bytes:
    """An array that is built from parts that do not fit."""
    from numpy.core.multiarray import _reconstruct

    class Odd:
        def __reduce__(self):
            return _reconstruct, (np.ndarray, (0,), b"b"), (1, shape, *state)

    return pickled({"conv1.weight": Odd()})


FLOAT = np.dtype("float32")
WEIGHTS: dict[str, Callable[[], bytes]] = {
    "no bytes": lambda: b"",
    "text": lambda: b"text",
    "code": lambda: pickled({"a": Call(eval, "open('CANARY', 'w')")}),
    "code of the first protocol": lambda: b"cposix\nsystem\n(S'touch CANARY'\ntR.",
    "code in a dotted name": lambda: (
        b"\x80\x04\x8c\x05numpy\x8c\x0dcore.os.systemq\x00\x93\x8c\x0ctouch CANARY\x85R."
    ),
    "code by an instance": lambda: b"(S'touch CANARY'\niposix\nsystem\n.",
    "code by an extension": lambda: b"\x80\x02\x82\x01.",
    "code by a codec": lambda: b"c_codecs\nencode\n(S'x'\nS'zlib'\ntR.",
    "a persistent name": lambda: b"Px\n.",
    "a list": lambda: pickled([1]),
    "brackets": lambda: b"]" * 1_000_000 + b"a" * 999_999 + b".",
    "marks": lambda: b"(" * 10_000_000,
    "a stack that is empty": lambda: b"0" * 100,
    "a length that is a lie": lambda: b"\x80\x04B\xff\xff\xff\xff.",
    "a frame that is a lie": lambda: b"\x80\x04\x95" + b"\xff" * 8,
    "digits": lambda: b"I" + b"9" * 1_000_000 + b"\n.",
    "a memory place": lambda: b"Nr\xff\xff\xff\x7f.",
    "an array of objects": lambda: pickled({"a": np.array([1, "x", None], object)}),
    "a huge array": lambda: reconstructed((10**12,), (FLOAT, False, b"")),
    "a negative array": lambda: reconstructed((-1,), (FLOAT, False, b"")),
    "a short array": lambda: reconstructed((10,), (FLOAT, False, b"x")),
    "text as data": lambda: reconstructed((1,), (FLOAT, False, "\u20ac\u20ac")),
    "not a number": lambda: pickled({"a": np.full(3, np.nan, np.float32)}),
    "odd names": lambda: pickled({"\x1b[2J\u202e": np.zeros(1), 5: np.zeros(1), None: np.zeros(1)}),
    "complex numbers": lambda: pickled({"conv1.weight": np.zeros((4, 4), complex)}),
}
MODELS: dict[str, bytes] = {
    "no bytes": b"",
    "text": b"text",
    "zeros": b"\0" * 1000,
    "a length that is a lie": b"\x0a\xff\xff\xff\xff\x0f",
    "groups": b"\x0b" * 100_000,
    "nested messages": b"".join(b"\x0a" + struct.pack("B", 100) for _ in range(50_000)),
    "a terabyte": b"\x0a\x80\x80\x80\x80\x80\x20",
}


def attacks() -> Iterator[Attack]:
    """Each file where a worker reads it; the worker may fail, the program may not."""
    for name, make in WEIGHTS.items():
        yield attack(f"weights: {name}", EXPORT, lambda g, m=make: weights(g, m()), (0, 3))
    for name, content in MODELS.items():
        for command in (
            ("nodes", "model"),
            ("lint", "r.yaml", "--model", "model"),
            ("bench", "model", "--shape", "1x3x8x8", "--seconds", "1"),
        ):
            yield attack(
                f"a model: {name}, {command[0]}",
                command,
                lambda g, c=content: model(g, c),
                (0, 1, 2, 3),
            )
    for name, content in PICTURES.items():
        command = ("shapes", "model", "--images", "images", "--out", "out/shapes.pbtxt")
        yield attack(f"a picture: {name}", command, lambda g, c=content: picture(g, c), (2, 3))


def jpeg(width: int, height: int) -> bytes:
    """The head of a JPEG that says this size."""
    start = b"\xff\xd8\xff\xc0\x00\x11\x08"
    return start + struct.pack(">HH", height, width) + b"\x03" + b"\x01\x11\x00" * 3


PICTURES: dict[str, bytes] = {
    "a bomb": png(60_000, 60_000, rows=b"\0" * 1000),
    "no size": png(0, 0),
    "a JPEG without size": jpeg(0, 0),
    "a large JPEG": jpeg(65_535, 65_535),
    "half a JPEG": b"\xff\xd8\xff",
    "a TIFF of itself": b"II*\0\x08\0\0\0\x01\0\x00\x01\x03\0\x01\0\0\0\x01\0\0\0\x08\0\0\0",
    "text": b"text",
}


def attack(name: str, command: tuple[str, ...], prepare, codes: tuple[int, ...]) -> Attack:
    return Attack(name, command, prepare, codes, limits=PATIENT, paddle=True)


def weights(ground: Ground, content: bytes) -> None:
    """A suite whose model has these weights."""
    copy_suite(ground, "seg")
    model_entry = {**MANIFEST["models"][0], "weights": {"path": "w.pdparams"}}
    ground.write("m.yml", dump({**MANIFEST, "models": [model_entry]}))
    ground.write("w.pdparams", content)


def model(ground: Ground, content: bytes) -> None:
    """A folder with an exported model."""
    ground.write("model/model.pdmodel", content)
    ground.write("model/model.pdiparams", b"")
    ground.write("r.yaml", "QuantPost:\n  batch_nums: 4\n")


def picture(ground: Ground, content: bytes) -> None:
    """A folder with a picture, beside a model that is none."""
    model(ground, b"")
    ground.write("images/a.png", content)
    ground.write("images/b.jpg", content)
