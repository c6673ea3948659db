"""Published archives, as a publisher's host or a shared downloads folder may hand them on."""

import bz2
import gzip
import hashlib
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Iterator

from tests.attack.attack import Attack, Ended, Ground

ADDRESS = "https://bj.bcebos.com/model.tar"
FETCH = ("fetch", ADDRESS, "--out", "out", "--store", "store")
MODEL, PARAMETERS = "m/model.pdmodel", "m/model.pdiparams"


def tar(*members: tuple[str, dict]) -> bytes:
    """A tar file of members by name, with attributes of their entry; ``data`` is their content."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, values in members:
            info = tarfile.TarInfo(name)
            data = values.get("data", b"x")
            info.size = len(data)
            for key, value in values.items():
                if key != "data":
                    setattr(info, key, value)
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def zipped(*members: tuple[str, bytes, int]) -> bytes:
    """A zip file of members by name, content and external attributes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data, mode in members:
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return stream.getvalue()


def link(name: str, target: str, kind: bytes = tarfile.SYMTYPE) -> tuple[str, dict]:
    return name, {"type": kind, "linkname": target, "size": 0, "data": b""}


PLAIN = (MODEL, {}), (PARAMETERS, {})
ZEROS = b"\0" * 2**24
REFUSED: dict[str, Callable[[], bytes]] = {
    "no bytes": lambda: b"",
    "text": lambda: b"text",
    "half a tar": lambda: tar(*PLAIN)[:700],
    "half a gzip": lambda: gzip.compress(tar(*PLAIN))[:60],
    "a gzip of noise": lambda: gzip.compress(bytes(range(256)) * 100),
    "a gzip of a gzip": lambda: gzip.compress(gzip.compress(tar(*PLAIN))),
    "no members": tar,
    "one member": lambda: tar((MODEL, {})),
    "two models": lambda: tar(*PLAIN, ("n/other.pdmodel", {})),
    "a link": lambda: tar(link(MODEL, "../../outside/secret.txt"), (PARAMETERS, {})),
    "an absolute link": lambda: tar(link(MODEL, "/etc/passwd"), (PARAMETERS, {})),
    "a hard link": lambda: tar(link(MODEL, "/etc/passwd", tarfile.LNKTYPE), (PARAMETERS, {})),
    "a device": lambda: tar(
        (MODEL, {"type": tarfile.CHRTYPE, "devmajor": 1, "devminor": 5}), (PARAMETERS, {})
    ),
    "a pipe": lambda: tar((MODEL, {"type": tarfile.FIFOTYPE}), (PARAMETERS, {})),
    "a folder": lambda: tar((MODEL, {"type": tarfile.DIRTYPE, "data": b""}), (PARAMETERS, {})),
    "many members": lambda: tar(*((f"{i}", {"data": b""}) for i in range(110_000))),
    "a zip of noise": lambda: b"PK\x03\x04" + bytes(range(256)) * 100,
    "a zip of a link": lambda: zipped((MODEL, b"/etc/passwd", 0o120777), (PARAMETERS, b"x", 0)),
    "a zip of a device": lambda: zipped((MODEL, b"", 0o020666), (PARAMETERS, b"x", 0)),
    "an encrypted zip": lambda: locked(zipped((MODEL, b"x", 0), (PARAMETERS, b"x", 0))),
    "a long name": lambda: tar(*((f"{'x' * 200}/" * 40 + f"{i}.pdmodel", {}) for i in range(20))),
    "names of a terminal": lambda: tar(
        ("\x1b[2J\u202e::error::x.pdmodel", {}), ("::error::\n.pdmodel", {})
    ),
}
TAKEN: dict[str, Callable[[], bytes]] = {
    "parents": lambda: tar(("../../outside/x.pdmodel", {}), ("../../outside/x.pdiparams", {})),
    "absolute names": lambda: tar(("/x.pdmodel", {}), ("/x.pdiparams", {})),
    "odd modes": lambda: tar((MODEL, {"mode": 0o6777}), (PARAMETERS, {"mode": 0})),
    "odd owners": lambda: tar((MODEL, {"uid": 2**21 - 1, "uname": "root"}), (PARAMETERS, {})),
    "a zip of parents": lambda: zipped(("../../x.pdmodel", b"x", 0), ("C:\\x.pdiparams", b"x", 0)),
    "a member twice": lambda: tar(*PLAIN, (MODEL, {"data": b"y"})),
    "a link beside": lambda: tar(link("m", "/etc"), *PLAIN),
    "bzip2": lambda: bz2.compress(tar(*PLAIN)),
    "lzma": lambda: lzma.compress(tar(*PLAIN)),
}


def locked(archive: bytes) -> bytes:
    """A zip whose members say that they are encrypted."""
    content = bytearray(archive)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(mark)
        while start >= 0:
            content[start + offset] |= 1
            start = content.find(mark, start + 4)
    return bytes(content)


def attacks() -> Iterator[Attack]:
    """Each archive in the downloads folder under the address's name; addresses that are refused."""
    for name, make in REFUSED.items():
        yield attack(name, make, (3,), empty)
    for name, make in TAKEN.items():
        yield attack(name, make, (0, 3), regular)
    for address in ADDRESSES:
        yield Attack(
            f"the address {address[:40]!r}",
            ("fetch", address, "--out", "out"),
            lambda ground: None,
            codes=(2, 3),
            check=empty,
        )
    for digest in ("x", "0" * 63, "0" * 65, "G" * 64, "A" * 64, "\u0660" * 64, "0" * 64 + "\n"):
        yield Attack(
            f"the hash of {len(digest)} letters that ends in {digest[-1:]!r}",
            (*FETCH, "--sha256", digest),
            lambda ground: None,
            check=empty,
        )


ADDRESSES = (
    "http://bj.bcebos.com/x.tar",
    "file:///etc/passwd",
    "ftp://bj.bcebos.com/x",
    "https://evil.example/x.tar",
    "https://bj.bcebos.com@evil.example/x.tar",
    "https://bj.bcebos.com:x@evil.example/x.tar",
    "https://user:password@bj.bcebos.com/x.tar",
    "https://bj.bcebos.com.evil.example/x.tar",
    "https://evil.example/?bj.bcebos.com",
    "https://evil.example#bj.bcebos.com/x",
    "https://evil.example\\@bj.bcebos.com/x",
    "https://127.0.0.1/x.tar",
    "https://[::1]/x.tar",
    "https://[",
    "https://bj.bcebos.com:99999/x.tar",
    "https://bj.bcebos.com:abc/x.tar",
    "https://bj.bcebos.com\n.evil.example/x",
    "https://b\u0130j.bcebos.com/x",
    "//bj.bcebos.com/x",
    "bj.bcebos.com/x",
    "",
    "-",
    "https://",
    "javascript:alert(1)",
    "https://bj.bcebos.com:22/x.tar",
)


def attack(name: str, make: Callable[[], bytes], codes: tuple[int, ...], check) -> Attack:
    def prepare(ground: Ground) -> None:
        digest = hashlib.sha256(f"{ADDRESS} ".encode()).hexdigest()[:16]
        ground.write(f"store/downloads/{digest}-model.tar", make())

    return Attack(name, FETCH, prepare, codes, check=check)


def empty(ground: Ground, ended: Ended) -> str | None:
    """What is wrong if something was written."""
    files = [path for path in (ground.work / "out").rglob("*") if not path.is_dir()]
    return f"files were written: {files}" if files else None


def regular(ground: Ground, ended: Ended) -> str | None:
    """What is wrong if anything but the two regular files was written."""
    files = sorted((ground.work / "out").rglob("*"))
    names = [path.name for path in files]
    if ended.code == 3:
        return empty(ground, ended)
    odd = [path.name for path in files if path.is_symlink() or path.stat().st_mode & 0o7111]
    return f"{names} {odd}" if names != ["model.pdiparams", "model.pdmodel"] or odd else None
