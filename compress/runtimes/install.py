"""Installs a runtime: a virtual environment of its own, made whole or not at all."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from compress.runtimes.installed import (
    LIBRARIES,
    RECORD,
    RuntimeRecord,
    folder_of,
    read_installed,
)
from compress.runtimes.libraries import link_libraries
from compress.runtimes.runtime import Runtime
from compress.runtimes.spec import DescribedRuntime
from core.errors import InputError
from core.private_folder import private_folder
from core.schema import write_json

SAY_PYTHON = (
    "import json, platform, sys, sysconfig; print(json.dumps([platform.python_version(), "
    "sys.base_prefix, sysconfig.get_path('purelib')]))"
)
"""Program that prints the version of a Python, where it comes from, and its site-packages."""
PIP = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps")
SHOWN_LINES = 12

Say = Callable[[str], None]
Try = Callable[[Runtime], object]


def install_runtime(described: DescribedRuntime, root: Path, say: Say, attempt: Try) -> Runtime:
    """The runtime, installed below ``root`` unless it is there. It counts as installed once
    ``attempt``, which raises if workers do not start in it, has returned; until then it lies in a
    folder that is removed, also if this process is killed. Raises InputError.
    """
    folder = folder_of(described, root)
    there = read_installed(folder)
    if there is not None:
        return there
    python = find_python(described)
    with private_folder(root, ".making-") as private:
        part = private / folder.name
        say(f"make an environment with {python}")
        _run([str(python), "-m", "venv", str(part)], "make a virtual environment")
        record = _fill(described, part, say)
        write_json(part / RECORD, record)
        runtime = read_installed(part)
        assert runtime is not None
        say("start Paddle in it")
        attempt(runtime)
        _move(part, folder)
    installed = read_installed(folder)
    assert installed is not None
    return installed


def _move(part: Path, folder: Path) -> None:
    """Puts the whole runtime in its place, unless another process was faster."""
    try:
        os.replace(part, folder)
    except OSError:
        if read_installed(folder) is None:
            raise


def find_python(described: DescribedRuntime) -> Path:
    """A Python that the runtime can have, this one if possible; raises InputError."""
    pythons = described.spec.pythons
    own = f"{sys.version_info.major}.{sys.version_info.minor}"
    for version in sorted(pythons, key=lambda version: version != own):
        name = f"python{version}"
        base = Path(sys.base_prefix) / "bin" / name
        path = str(base) if version == own and base.is_file() else shutil.which(name)
        if path is not None:
            return Path(path)
    raise InputError(
        f"the runtime {described.name} needs Python {' or '.join(pythons)}, which is not here",
        key="pythons",
        hint=f"install python{pythons[0]} with its venv module, and have it in PATH",
    )


def _fill(described: DescribedRuntime, part: Path, say: Say) -> RuntimeRecord:
    """Installs the packages and links the libraries."""
    python = str(part / "bin" / "python")
    version, base, packages = _say_python(python)
    for file, wheels in zip(described.requirements(), described.spec.wheels, strict=True):
        say(f"install {file.name}")
        foreign = () if wheels.python is None else _of_python(wheels.python, packages)
        pinned = ("--require-hashes", "--requirement", str(file))
        _run([python, *PIP, *foreign, *pinned], f"install {file.name}")
    if described.spec.libraries:
        links = link_libraries(packages, described.spec.libraries, part / LIBRARIES)
        say(f"linked {len(links)} names of shared libraries")
    return RuntimeRecord(
        name=described.name,
        python=version,
        base=str(base),
        packages=packages.relative_to(part).as_posix(),
        environment=described.spec.environment,
        capabilities=described.spec.capabilities,
    )


def _of_python(version: str, packages: Path) -> tuple[str, ...]:
    """Options by which pip takes the wheels of another Python."""
    return ("--python-version", version, "--only-binary", ":all:", "--target", str(packages))


def _say_python(python: str) -> tuple[str, Path, Path]:
    import json

    version, base, packages = json.loads(_run([python, "-c", SAY_PYTHON], "start Python"))
    return version, Path(base), Path(packages)


def _run(command: Sequence[str], purpose: str) -> str:
    """The command's output; raises InputError with the end of its complaints."""
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME")}
    result = subprocess.run(
        command, capture_output=True, text=True, errors="replace", check=False, env=environment
    )
    if result.returncode != 0:
        words = (result.stderr or result.stdout).strip().splitlines()[-SHOWN_LINES:]
        raise InputError(
            f"cannot {purpose}: " + ("\n".join(words) or f"it ended with {result.returncode}"),
            hint="see to it (network, free disk space), and run the same command again: nothing "
            "was left half made",
        )
    return result.stdout
