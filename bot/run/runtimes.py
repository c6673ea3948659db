"""What ``slimgate runtime`` does: installs, lists and checks runtimes."""

from __future__ import annotations

from pathlib import Path

from bot.text.output import print_text
from compress.runtimes.install import Say, install_runtime
from compress.runtimes.installed import find_runtime, folder_of, name_own, read_installed
from compress.runtimes.runtime import Runtime
from compress.runtimes.spec import DescribedRuntime, bundled_runtimes, describe_runtime
from compress.runtimes.trial import greet
from compress.versions import library_versions, suite_versions
from compress.worker.requests import Hello
from core.errors import EXIT_INCOMPLETE, EXIT_OK, JobFailure


def install_described(described: DescribedRuntime, root: Path, say: Say) -> int:
    """Installs the runtime unless it is there; returns the exit code. Raises InputError."""
    try:
        runtime = install_runtime(described, root, say, greet)
    except JobFailure as failure:
        print_text(f"Paddle does not start, so nothing was installed: {failure.message}", err=True)
        return EXIT_INCOMPLETE
    print_text(f"{runtime.name} is in {runtime.python.parent.parent}")
    return EXIT_OK


def print_runtimes(root: Path) -> int:
    """Prints a line for each bundled runtime; returns the exit code."""
    own = name_own()
    for name in bundled_runtimes():
        described = describe_runtime(name)
        print_text(f"{name:<20} {described.spec.about}; {_whereabouts(described, own, root)}")
    return EXIT_OK


def _whereabouts(described: DescribedRuntime, own: Runtime | None, root: Path) -> str:
    if own is not None and own.name == described.name:
        return "slimgate's own environment"
    folder = folder_of(described, root)
    if read_installed(folder) is not None:
        return str(folder)
    return f"not installed: slimgate runtime install {described.name}"


def check_installed(name: str, root: Path) -> int:
    """Starts the runtime's Paddle and prints its versions; returns the exit code. Raises
    InputError if it is not installed.
    """
    runtime = find_runtime(name, root)
    versions = {**library_versions(runtime), **suite_versions(runtime)}
    print_text(f"python     {runtime.python_version}, {runtime.python}")
    print_text(f"versions   {', '.join(f'{k} {v}' for k, v in versions.items())}")
    try:
        hello = greet(runtime)
    except JobFailure as failure:
        print_text(f"! Paddle does not start: {failure.message}")
        return EXIT_INCOMPLETE
    print_text(f"paddle     {hello.paddle} starts")
    print_text(f"tensorrt   {describe_tensorrt(hello)}")
    return EXIT_OK


def describe_tensorrt(hello: Hello | None) -> str:
    """The versions of TensorRT that Paddle was built with and finds, in words."""
    if hello is None:
        return "unknown"
    versions = (hello.tensorrt_built, hello.tensorrt_found)
    built, installed_version = (".".join(map(str, version)) for version in versions)
    if not built.strip("0."):
        return "none: this Paddle was built without it"
    return f"{installed_version} (Paddle is built with {built})"
