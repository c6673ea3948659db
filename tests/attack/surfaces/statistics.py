"""Files of per-image statistics: bombs, pickles, and arrays that are none."""

import io
import struct
import zipfile
from collections.abc import Callable, Iterator

import numpy as np

from tests.attack.attack import Attack, Ground, Limits
from tests.attack.finished import lay_out, pristine
from tests.attack.surfaces.results import JUDGED, REPORT, intact

FILE = "results/m1.qat/head-qat.npz"
FORM = np.array("areas")
AREAS = np.ones((150, 3, 2), np.int64)


def npy(array: np.ndarray) -> bytes:
    """The array as an .npy file."""
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=True)
    return stream.getvalue()


def header(text: str, data: bytes = b"") -> bytes:
    """An .npy file with this header."""
    content = text.encode("latin-1") + b"\n"
    return b"\x93NUMPY\x02\x00" + len(content).to_bytes(4, "little") + content + data


def archive(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as zipped:
        for name, content in members.items():
            zipped.writestr(name, content)
    return stream.getvalue()


def areas(array: np.ndarray | bytes, form: np.ndarray = FORM) -> bytes:
    """Statistics of segmentation."""
    content = array if isinstance(array, bytes) else npy(array)
    return archive({"form.npy": npy(form), "areas.npy": content})


def matches(**arrays: np.ndarray) -> bytes:
    """Statistics of detection."""
    return archive({f"{name}.npy": npy(array) for name, array in arrays.items()})


def renamed(data: bytes, old: bytes, new: bytes) -> bytes:
    """The archive with another name in its directories."""
    return data.replace(old, new)


def listed(members: int, large: bool = False, comment: bytes = b"") -> bytes:
    """A zip file that lists so many members without names and holds none; with 64-bit sizes."""
    entry = struct.pack("<4s6H3L5H2L", b"PK\1\2", *[0] * 16)[:46]
    size, counted = len(entry) * members, min(members, 2**16 - 1)
    end64 = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, members, members, size, 0)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, size, 1)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, counted, counted, size, 0, len(comment))
    return entry * members + (end64 + locator if large else b"") + end + comment


class Payload:
    """An object whose pickle makes a file."""

    def __reduce__(self):
        return open, ("CANARY", "w")


SHAPE = "{'descr': '<i8', 'fortran_order': False, 'shape': %s}"
GOOD = areas(AREAS)
FILES: dict[str, Callable[[], bytes]] = {
    "no bytes": lambda: b"",
    "text": lambda: b"text",
    "half of it": lambda: GOOD[: len(GOOD) // 2],
    "its end": lambda: GOOD[len(GOOD) // 2 :],
    "a pickle": lambda: b"cposix\nsystem\n(S'touch CANARY'\ntR.",
    "an array alone": lambda: npy(AREAS),
    "no members": lambda: archive({}),
    "no form": lambda: archive({"areas.npy": npy(AREAS)}),
    "a form of text": lambda: archive({"form.npy": b"areas", "areas.npy": npy(AREAS)}),
    "an unknown form": lambda: areas(AREAS, np.array("x" * 100_000)),
    "a form of numbers": lambda: areas(AREAS, np.array(1)),
    "a form of objects": lambda: areas(AREAS, np.array(Payload(), object)),
    "a list of forms": lambda: areas(AREAS, np.array(["areas", "areas"])),
    "Markdown as a form": lambda: areas(AREAS, np.array("`|<img src=x>")),
    "a pickled array": lambda: areas(np.array([Payload()], object)),
    "an object without data": lambda: areas(header(SHAPE.replace("<i8", "|O") % "(150, 3, 2)")),
    "a huge shape": lambda: areas(header(SHAPE % "(150, 3, 10**12)")),
    "a huge shape in digits": lambda: areas(header(SHAPE % "(150, 3, 1000000000000)")),
    "a shape without data": lambda: areas(header(SHAPE % "(1000000, 3, 2)")),
    "a negative shape": lambda: areas(header(SHAPE % "(-1, 3, 2)")),
    "a shape of text": lambda: areas(header(SHAPE % "'x'")),
    "a shape of bits": lambda: areas(header(SHAPE % "(True, 3, 2)", b"\0" * 48)),
    "a shape that overflows": lambda: areas(header(SHAPE % "(4294967296, 4294967296, 3)")),
    "code as a header": lambda: areas(header("__import__('os').system('touch CANARY')")),
    "brackets as a header": lambda: areas(header("(" * 100_000)),
    "minus signs as a header": lambda: areas(header("-" * 100_000 + "1")),
    "a long header": lambda: areas(header(SHAPE % "(1,)" + " " * 2_000_000)),
    "a header beyond its file": lambda: areas(b"\x93NUMPY\x02\x00\xff\xff\xff\x7f"),
    "a header of no bytes": lambda: areas(header("")),
    "version 9": lambda: areas(b"\x93NUMPY\x09\x00" + npy(AREAS)[8:]),
    "zeros that unpack": lambda: areas(
        header(SHAPE % "(150, 3, 100000)", b"\0" * (150 * 3 * 8 * 10**5))
    ),
    "zeros in a member": lambda: archive({"form.npy": npy(FORM), "x.npy": b"\0" * 300_000_000}),
    "many zeros in members": lambda: archive(
        {"form.npy": npy(FORM), **{f"x{i}.npy": npy(np.zeros(4_000_000)) for i in range(7)}}
    ),
    "many members": lambda: archive({f"m{i}.npy": b"" for i in range(50_000)}),
    "many arrays": lambda: archive({f"m{i}.npy": npy(AREAS[:0]) for i in range(50_000)}),
    "a million members": lambda: listed(1_000_000),
    "a million members in 64 bits": lambda: listed(1_000_000, large=True),
    "a million members behind a comment": lambda: listed(1_000_000, comment=b"x"),
    "bzip2": lambda: archive({"form.npy": npy(FORM), "areas.npy": npy(AREAS)}, zipfile.ZIP_BZIP2),
    "lzma": lambda: archive({"form.npy": npy(FORM), "areas.npy": npy(AREAS)}, zipfile.ZIP_LZMA),
    "an absolute member": lambda: archive({"/etc/x": b"", "form.npy": npy(FORM)}),
    "a member of a parent": lambda: archive({"../x.npy": npy(AREAS), "form.npy": npy(FORM)}),
    "a member twice": lambda: renamed(
        archive({"form.npy": npy(FORM), "areas.npy": npy(AREAS), "areaz.npy": npy(-AREAS)}),
        b"areaz",
        b"areas",
    ),
    "a member that is smaller than said": lambda: renamed(GOOD, b"PK\x03\x04", b"PK\x03\x05"),
    "a form that is a member only": lambda: archive({"form": b"areas", "areas": b"x"}),
    "negative areas": lambda: areas(-AREAS),
    "areas of floats": lambda: areas(AREAS * np.nan),
    "areas of infinities": lambda: (
        areas(AREAS / 0.0) if False else areas(np.full((150, 3, 2), np.inf))
    ),
    "areas of complex numbers": lambda: areas(AREAS * 1j),
    "areas of bits": lambda: areas(AREAS.astype(bool)),
    "areas of text": lambda: areas(np.full((150, 3, 2), "x")),
    "areas of times": lambda: areas(AREAS.astype("M8[s]")),
    "areas of long doubles": lambda: areas(AREAS.astype(np.longdouble)),
    "areas of records": lambda: areas(np.zeros((150, 3), [("a", "i8"), ("b", "i8")])),
    "areas of the largest integers": lambda: areas(np.full((150, 3, 2), 2**63 - 1)),
    "areas of unsigned integers": lambda: areas(np.full((150, 3, 2), 2**64 - 1, np.uint64)),
    "areas whose sum overflows": lambda: areas(np.full((150, 3, 2), 2**62)),
    "more agreed than predicted": lambda: areas(AREAS * np.array([9, 1, 1]).reshape(1, 3, 1)),
    "no images": lambda: areas(AREAS[:0]),
    "no classes": lambda: areas(AREAS[:, :, :0]),
    "no truth": lambda: areas(AREAS * np.array([0, 1, 0]).reshape(1, 3, 1)),
    "nothing": lambda: areas(AREAS * 0),
    "two rows": lambda: areas(AREAS[:, :2]),
    "one dimension": lambda: areas(AREAS.ravel()),
    "no dimension": lambda: areas(np.array(1)),
    "thirty dimensions": lambda: areas(np.zeros((1,) * 30, np.int64)),
    "an image more": lambda: areas(np.ones((151, 3, 2), np.int64)),
    "many classes": lambda: areas(np.ones((150, 3, 20_000), np.int32)),
    "in the order of Fortran": lambda: areas(np.asfortranarray(AREAS)),
    "in another order of bytes": lambda: areas(AREAS.astype(">i8")),
    "matches without arrays": lambda: matches(form=np.array("matches")),
    "matches of nothing": lambda: matches(
        form=np.array("matches"), scores=np.zeros(0), images=np.zeros(0)
    ),
    "matches of text": lambda: matches(
        form=np.array("matches"), scores=np.array(["x"]), images=np.array(["x"])
    ),
    "VOC without arrays": lambda: matches(form=np.array("voc")),
    "VOC of objects": lambda: matches(form=np.array("voc"), scores=np.array([Payload()], object)),
}


def attacks() -> Iterator[Attack]:
    """Each file in place of the statistics of one variant."""
    for name, make in FILES.items():
        yield Attack(
            name,
            REPORT,
            lambda ground, make=make: forge(ground, make()),
            JUDGED,
            check=intact,
            limits=Limits(seconds=20),
        )


def forge(ground: Ground, content: bytes) -> None:
    lay_out(ground, [pristine()[0]])
    ground.write(FILE, content)
