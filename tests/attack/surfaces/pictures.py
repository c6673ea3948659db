"""Pictures of a run's results, and the page that embeds them."""

import json
import os
import re
import struct
import zlib
from collections.abc import Iterator

from tests.attack.attack import Attack, Ended, Ground
from tests.attack.finished import lay_out, pristine
from tests.attack.surfaces.results import JUDGED, REPORT, intact

MAX_PAGE_MIB = 40
"""The size that the page may have, whatever is in the results."""


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int = 4, height: int = 4, extra: bytes = b"", rows: bytes | None = None) -> bytes:
    """A grey picture of a size that may be a lie."""
    size = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = zlib.compress(rows if rows is not None else b"\0" * (width + 1) * height)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", size)
        + extra
        + chunk(b"IDAT", data)
        + chunk(b"IEND", b"")
    )


FILES: dict[str, bytes] = {
    "no bytes": b"",
    "a mark alone": b"\x89PNG",
    "a script": b"<script>alert(1)</script>",
    "a vector picture": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "a mark and a script": b"\x89PNG<script>alert(1)</script>",
    "a bomb": png(65_535, 65_535, rows=b"\0" * 1_000_000),
    "no width": png(0, 0),
    "a text that is packed": png(extra=chunk(b"zTXt", b"x\0\0" + zlib.compress(b"x" * 10_000_000))),
    "a text": png(extra=chunk(b"tEXt", b"Comment\0</script><script>alert(1)</script>")),
    "a profile": png(extra=chunk(b"iCCP", b"x\0\0" + zlib.compress(b"x" * 1_000_000))),
    "two megabytes": png() + b"\0" * 2**21,
    "a wrong sum": png()[:-4] + b"\0\0\0\0",
}
NAMES = {
    "outside": "../../outside/secret.txt",
    "an absolute path": "/etc/passwd",
    "a device": "/dev/zero",
    "a pipe": "m1.qat/pipe",
    "a link": "m1.qat/link.png",
    "a link to a folder": "m1.qat/folder/secret.txt",
    "a folder": "m1.qat",
    "nothing": "",
    "a zero": "a\0b",
    "a long name": "x" * 100_000,
    "an address": "https://x.example/x.png",
    "a data address": "data:text/html,<script>alert(1)</script>",
    "the statistics": "m1.qat/head-qat.npz",
    "a surrogate": "\ud800.png",
    "HTML": "'\"><script>alert(1)</script>.png",
}
TITLES = {
    "HTML": "<script>alert(1)</script>",
    "an attribute": "' onerror='alert(1)",
    "a template": "{{ 7*7 }}{% for x in y %}",
    "a long text": "x" * 1_000_000,
    "Markdown": "![x](http://x.example/x.png)\n# x",
    "text that turns around": "\u202eabc",
    "a zero": "a\0b",
}


def attacks() -> Iterator[Attack]:
    """Pictures by content, by name and by title, and more of them than fit."""
    for name, content in FILES.items():
        yield attack(f"content: {name}", [("title", {"truth": "m1.qat/a.png"})], content)
    for name, path in NAMES.items():
        yield attack(f"name: {name}", [("title", {"truth": path})])
    for name, title in TITLES.items():
        yield attack(f"title: {name}", [(title, {title: "m1.qat/a.png"})])
    large = png() + b"\0" * 900_000
    yield attack("one picture 400 times", [("t", {"p": "m1.qat/a.png"})] * 400, large)
    yield attack(
        "400 panels of one picture", [("t", {str(i): "m1.qat/a.png" for i in range(400)})], large
    )
    spellings = [("t", {"p": "m1.qat/" + "./" * i + "a.png"}) for i in range(400)]
    yield attack("one picture in 400 spellings", spellings, large)
    yield attack("400 pictures", [("t", {"p": f"m1.qat/{i}.png"}) for i in range(400)], large, 400)
    yield attack("100,000 pictures", [("t", {})] * 100_000)


def attack(name: str, pictures: list, content: bytes = png(), copies: int = 0) -> Attack:
    def prepare(ground: Ground) -> None:
        listed = [{"title": title, "panels": panels} for title, panels in pictures]
        lay_out(ground, [{**pristine()[0], "pictures": listed}])
        folder = ground.work / "results" / "m1.qat"
        for file in ("a.png", *(f"{i}.png" for i in range(copies))):
            (folder / file).write_bytes(content)
        os.symlink(ground.secret, folder / "link.png")
        os.symlink(ground.secret.parent, folder / "folder")
        os.mkfifo(folder / "pipe")

    return Attack(name, REPORT, prepare, JUDGED, check=inert)


def inert(ground: Ground, ended: Ended) -> str | None:
    """What is wrong with the page: its size, or markup that came from the results."""
    page = (ground.work / "out" / "report.html").read_text()
    if len(page) > MAX_PAGE_MIB << 20:
        return f"the page has {len(page) >> 20} MiB"
    if re.search(r"<script>alert|onerror='alert|onload='alert", page):
        return "markup of the results is in the page"
    if "http" in json.dumps(re.findall(r"<img[^>]*src=[\"']?([^\"' >]*)", page)):
        return "the page fetches a picture"
    return intact(ground, ended)
