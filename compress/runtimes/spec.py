"""What a runtime is made of: one YAML file each, bundled or a suite's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from compress.runtimes.runtime import Capability
from core.canonical import content_hash
from core.errors import InputError
from core.files import is_file, read_file
from core.installation import shipped
from core.safe_yaml import MAX_BYTES, parse_mapping
from core.schema import StrictModel, validate
from core.store import hash_file

NAME = "^[a-z0-9][a-z0-9_.-]*$"
DEFAULT = "paddle-2.6.2-cpu"
MinorVersion = Annotated[str, Field(pattern=r"^3\.\d{1,2}$")]
CapabilityName = Annotated[str, Field(pattern=r"^\d{1,2}\.\d$")]
Variable = Annotated[str, Field(pattern="^[A-Za-z_][A-Za-z0-9_]*$")]
RESERVED = frozenset({"HOME", "PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "LD_PRELOAD", "TMPDIR"})
"""Variables that slimgate sets itself."""


class Wheels(StrictModel):
    """Packages to install. ``requirements``: a file beside the runtime's own in which every package
    is pinned by hash. ``python``: a minor version whose wheels are taken whatever Python the
    runtime has, for packages of which only the shared libraries are used.
    """

    requirements: str = Field(min_length=1)
    python: MinorVersion | None = None


class RuntimeSpec(StrictModel):
    """An environment for workers. ``pythons``: the minor versions that it can have, best first;
    ``compute_capabilities``: the least and the greatest of GPUs that its Paddle has kernels for;
    ``environment``: variables of its workers; ``libraries``: folders of its site-packages whose
    shared libraries programs open by unversioned names.
    """

    schema_: Literal["slimgate.runtime/1"] = Field(alias="schema")
    about: str = Field(min_length=1)
    device: Literal["cpu", "gpu"]
    pythons: tuple[MinorVersion, ...] = Field(min_length=1)
    wheels: tuple[Wheels, ...] = Field(min_length=1)
    compute_capabilities: tuple[CapabilityName, CapabilityName] | None = None
    environment: dict[Variable, str] = Field(default_factory=dict)
    libraries: tuple[str, ...] = ()

    @property
    def capabilities(self) -> tuple[Capability, Capability] | None:
        """``compute_capabilities`` as numbers, which compare as versions do."""
        if self.compute_capabilities is None:
            return None
        least, greatest = map(_capability, self.compute_capabilities)
        return least, greatest

    @model_validator(mode="after")
    def _capabilities_of_a_gpu(self) -> RuntimeSpec:
        limits = self.capabilities
        if limits is not None and self.device != "gpu":
            raise ValueError("compute_capabilities: only a runtime with device: gpu has them")
        if limits is not None and limits[0] > limits[1]:
            raise ValueError("compute_capabilities: give the least first, then the greatest")
        return self

    @model_validator(mode="after")
    def _variables_of_its_own(self) -> RuntimeSpec:
        taken = sorted(RESERVED.intersection(self.environment))
        if taken:
            raise ValueError(f"{taken[0]} is set by slimgate; remove it from environment")
        return self


def _capability(name: str) -> Capability:
    major, minor = name.split(".")
    return int(major), int(minor)


class DescribedRuntime(StrictModel):
    """A runtime's description with its name and the folder that its files are relative to."""

    name: str = Field(pattern=NAME, max_length=60)
    folder: Path
    spec: RuntimeSpec

    def requirements(self) -> tuple[Path, ...]:
        """The requirements files; raises InputError if one is missing."""
        files = tuple(self.folder / wheels.requirements for wheels in self.spec.wheels)
        for file in files:
            if not is_file(file):
                raise InputError(
                    "the requirements file does not exist",
                    file=str(file),
                    key="wheels.requirements",
                    hint=f"put it there, or correct {self.name}'s file",
                )
        return files

    def identity(self) -> str:
        """Twelve hexadecimal digits that change with the description and its requirements."""
        hashes = [hash_file(file) for file in self.requirements()]
        return content_hash(
            {"spec": self.spec.model_dump(exclude_defaults=True), "requirements": hashes}
        )[:12]


def bundled_runtimes() -> dict[str, Path]:
    """The files of the runtimes that ship with slimgate, by name."""
    folder = shipped("configs") / "runtimes"
    return {path.stem: path for path in sorted(folder.glob("*.yml"))}


def describe_runtime(name: str) -> DescribedRuntime:
    """The runtime that ``--runtime`` names: a bundled one or a file; raises InputError."""
    bundled = bundled_runtimes()
    path = bundled.get(name, Path(name))
    if name not in bundled and not (path.suffix in (".yml", ".yaml") and is_file(path)):
        raise InputError(
            f"unknown runtime {name!r}",
            key="--runtime",
            given=name,
            choices=tuple(bundled),
            hint="give one of these names, or the path of a runtime's file (docs/runtimes.md)",
        )
    text = read_file(path, MAX_BYTES, "give the path of a runtime's file")
    data: Any = parse_mapping(text, str(path), unique_keys=True)
    spec = validate(RuntimeSpec, data, str(path))
    described = {"name": path.stem, "folder": path.parent, "spec": spec}
    return validate(DescribedRuntime, described, str(path))
