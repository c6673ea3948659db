"""The runtimes on this machine: each in a folder of its own, named after what it is made of."""

from __future__ import annotations

from pathlib import Path

from compress.runtimes.pins import read_pins
from compress.runtimes.runtime import Capability, Runtime, own_runtime
from compress.runtimes.spec import DEFAULT, DescribedRuntime, bundled_runtimes, describe_runtime
from compress.versions import decisive_distributions
from core.errors import InputError
from core.schema import StrictModel, load_json

RECORD, LIBRARIES = "runtime.json", "libraries"


class RuntimeRecord(StrictModel):
    """What is written into a runtime's folder once it is whole. ``base``: where the Python lies
    that it was made from; ``packages``: its site-packages, relative to the folder.
    """

    name: str
    python: str
    base: str
    packages: str
    environment: dict[str, str]
    capabilities: tuple[Capability, Capability] | None = None


def folder_of(described: DescribedRuntime, root: Path) -> Path:
    """The folder in which the runtime is, or would be, installed."""
    return root / f"{described.name}-{described.identity()}"


def find_runtime(name: str | None, root: Path) -> Runtime:
    """The runtime of that name on this machine; None means slimgate's own environment if it holds
    a Paddle, else the default. Raises InputError if it is not there.

    A runtime whose Paddle, companions and suites slimgate's own environment has in the same
    versions need not be installed beside it.
    """
    own = name_own()
    if name is None and own is not None:
        return own
    described = describe_runtime(name or DEFAULT)
    if own is not None and own.name == described.name:
        return own
    runtime = read_installed(folder_of(described, root))
    install = f"slimgate runtime install {name or DEFAULT}"
    if runtime is None:
        raise InputError(
            f"the runtime {described.name} is not installed",
            key="--runtime",
            given=name,
            hint=install,
        )
    if not runtime.python.exists():
        raise InputError(
            f"the Python that the runtime {described.name} was made from is gone",
            file=str(runtime.python),
            key="--runtime",
            hint=f"remove {runtime.python.parent.parent}, then: {install}",
        )
    return runtime


def read_installed(folder: Path) -> Runtime | None:
    """The runtime in that folder; None if there is none."""
    if not (folder / RECORD).is_file():
        return None
    record = load_json(RuntimeRecord, folder / RECORD)
    libraries = folder / LIBRARIES
    return Runtime(
        name=record.name,
        python=folder / "bin" / "python",
        python_version=record.python,
        packages=(folder / record.packages,),
        reads=(Path(record.base), folder),
        environment=record.environment,
        libraries=libraries if libraries.is_dir() else None,
        capabilities=record.capabilities,
    )


def name_own() -> Runtime | None:
    """Slimgate's own environment, under the name of the bundled runtime that it equals in every
    version on which results depend; None if it holds no Paddle.
    """
    own = own_runtime()
    if own.version("paddlepaddle") is None and own.version("paddlepaddle-gpu") is None:
        return None
    for name in bundled_runtimes():
        described = describe_runtime(name)
        if not described.spec.environment and serves(own, described):
            return own_runtime(name, described.spec.capabilities)
    return own


def serves(runtime: Runtime, described: DescribedRuntime) -> bool:
    """Whether the environment has the runtime's versions of all packages that decide results."""
    pins = read_pins(described.requirements())
    return all(runtime.version(name) == pins.get(name) for name in decisive_distributions())
