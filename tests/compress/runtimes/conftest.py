"""A runtime whose only package is a tiny wheel made here, so that installing it takes seconds."""

import hashlib
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from compress.runtimes.spec import describe_runtime

METADATA = "Metadata-Version: 2.1\nName: tiny\nVersion: 1.5\n"
WHEEL = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
FILES = {
    "tiny/__init__.py": "",
    "tiny/lib/libtiny.so.8": "",
    "tiny-1.5.dist-info/METADATA": METADATA,
    "tiny-1.5.dist-info/WHEEL": WHEEL,
}


@dataclass
class Described:
    """The files of a runtime in a folder."""

    folder: Path

    @property
    def file(self):
        return self.folder / "small.yml"

    def write(self, text="", pythons='["3.10", "3.11", "3.12"]', python=None, device="cpu"):
        foreign = f", python: '{python}'" if python else ""
        head = f"schema: slimgate.runtime/1\nabout: a small one\ndevice: {device}\n"
        wheels = f"wheels: [{{requirements: small.txt{foreign}}}]\n"
        self.file.write_text(f"{head}pythons: {pythons}\n{wheels}{text}")
        return self

    def pin(self, sha256=None):
        wheel = make_wheel(self.folder)
        sha256 = sha256 or hashlib.sha256(wheel.read_bytes()).hexdigest()
        (self.folder / "small.txt").write_text(f"tiny @ file://{wheel} --hash=sha256:{sha256}\n")
        return self

    def describe(self):
        return describe_runtime(str(self.file))


def make_wheel(folder):
    wheel = folder / "tiny-1.5-py3-none-any.whl"
    record = "".join(f"{name},,\n" for name in (*FILES, "tiny-1.5.dist-info/RECORD"))
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, content in {**FILES, "tiny-1.5.dist-info/RECORD": record}.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return wheel


@pytest.fixture
def described(tmp_path):
    folder = tmp_path / "described"
    folder.mkdir()
    return Described(folder).write().pin()
