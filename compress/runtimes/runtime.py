"""A runtime that is there: its Python, its distributions, what its workers need to see."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

Capability = tuple[int, int]
"""A GPU's compute capability: (major, minor)."""
OWN = "own"
"""The name of slimgate's own environment where it is none of the runtimes known to slimgate."""


@dataclass(frozen=True)
class Runtime:
    """An environment for workers. ``packages``: where its distributions lie; ``reads``: the folders
    of its files; ``environment``: variables that its workers get; ``libraries``: a folder of shared
    libraries for them; ``capabilities``: the least and the greatest compute capability of GPUs that
    its Paddle has kernels for, None if that is unknown.
    """

    name: str
    python: Path
    python_version: str
    packages: tuple[Path, ...]
    reads: tuple[Path, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    libraries: Path | None = None
    capabilities: tuple[Capability, Capability] | None = None

    @property
    def is_own(self) -> bool:
        """Whether it is the environment that slimgate itself runs in."""
        return self.python == Path(sys.executable)

    @property
    def runs_on_gpu(self) -> bool:
        """Whether its Paddle is the one for GPUs."""
        return self.version("paddlepaddle-gpu") is not None

    def version(self, distribution: str) -> str | None:
        """The version of a distribution, without importing it; None if it is absent."""
        found = self._distribution(distribution)
        return found.version if found else None

    def packages_with(self, package: str) -> Path | None:
        """The folder of ``packages`` that holds a top-level package; None if none does."""
        return next((f for f in self.packages if (f / package / "__init__.py").is_file()), None)

    def _distribution(self, name: str) -> importlib.metadata.Distribution | None:
        found = importlib.metadata.distributions(name=name, path=[*map(str, self.packages)])
        return next(iter(found), None)


def own_runtime(
    name: str = OWN, capabilities: tuple[Capability, Capability] | None = None
) -> Runtime:
    """The environment that slimgate itself runs in. ``python -m compress.runtimes.libraries`` links
    its shared libraries.
    """
    libraries = Path(sys.prefix) / "libraries"
    return Runtime(
        name=name,
        python=Path(sys.executable),
        python_version=platform.python_version(),
        packages=tuple(Path(entry or os.getcwd()) for entry in sys.path),  # noqa: PTH109
        reads=(Path(sys.base_prefix), Path(sys.prefix)),
        libraries=libraries if libraries.is_dir() else None,
        capabilities=capabilities,
    )
