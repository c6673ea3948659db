"""Identifies the machine and the software that a measurement was taken with."""

from __future__ import annotations

import os
import platform
from collections.abc import Collection
from pathlib import Path
from typing import Annotated

from pydantic import Field

from compress.runtimes.runtime import Runtime
from compress.runtimes.spec import DEFAULT
from compress.versions import library_versions, suite_versions
from core.canonical import content_hash
from core.lines import split_lines
from core.quantities import Cores, Load, SomeBytes
from core.schema import StrictModel
from core.texts import Message, Name, Names

MAX_VERSIONS = 200
RELEVANT_FLAGS = ("avx2", "avx512f", "avx512_vnni", "avx_vnni", "avx512_bf16", "amx_int8")


class Fingerprint(StrictModel):
    """Latencies can be compared where everything but ``load_average`` and ``sandbox`` is equal.
    ``sandbox`` describes what confined the workers; it is empty if nothing did. Results from before
    there were runtimes have none: they were measured in the default.
    """

    cpu: Name
    cores: Cores
    threads: Cores
    runtime: Name = DEFAULT
    flags: Names
    memory_bytes: SomeBytes
    kernel: Name
    governor: Name | None
    versions: Annotated[dict[Name, Name], Field(max_length=MAX_VERSIONS)]
    load_average: Load
    sandbox: Message = ""

    @property
    def identity(self) -> str:
        """Twelve hexadecimal digits, equal for machines whose latencies can be compared."""
        return content_hash(self.model_dump(exclude={"load_average", "sandbox"}))[:12]


def take_fingerprint(threads: int, runtime: Runtime, sandbox: str = "") -> Fingerprint:
    """Reads /proc and the versions of the runtime's libraries, without importing any of them."""
    facts = _cpu_facts(_read("/proc/cpuinfo"))
    versions = {**library_versions(runtime), **suite_versions(runtime)}
    return Fingerprint(
        cpu=facts.get("model name", platform.processor() or "unknown"),
        cores=len(os.sched_getaffinity(0)),
        threads=threads,
        runtime=runtime.name,
        flags=cpu_flags(),
        memory_bytes=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        kernel=platform.release(),
        governor=_read("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor").strip() or None,
        versions={"python": runtime.python_version, **versions},
        load_average=round(os.getloadavg()[0], 2),
        sandbox=sandbox,
    )


def cpu_flags() -> tuple[str, ...]:
    """The processor's instruction sets that matter to inference."""
    present = _cpu_facts(_read("/proc/cpuinfo")).get("flags", "").split()
    return tuple(flag for flag in RELEVANT_FLAGS if flag in present)


def has_vnni(flags: Collection[str]) -> bool:
    """Whether the processor multiplies int8 in one instruction; without it, int8 saves little."""
    return bool({"avx512_vnni", "avx_vnni", "amx_int8"}.intersection(flags))


def _cpu_facts(cpuinfo: str) -> dict[str, str]:
    first = cpuinfo.split("\n\n", 1)[0]
    pairs = (line.split(":", 1) for line in split_lines(first) if ":" in line)
    return {key.strip(): value.strip() for key, value in pairs}


def _read(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError:
        return ""
