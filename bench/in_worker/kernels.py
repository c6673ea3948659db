"""Measures in which oneDNN kernels one inference spends its time. Workers only."""

from __future__ import annotations

import ctypes
import os
import re
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from bench.proven import KernelTimes

EXECUTED = re.compile(
    r"^onednn_verbose,(?:[\d.]+,)?exec,\w+,(\w+),([^,]+),.*,(\d+\.?\d*(?:e-?\d+)?)$", re.MULTILINE
)
COMPUTING = {"convolution", "deconvolution", "inner_product", "matmul"}
CONVERTING = "reorder"


def profile(run: Callable[[], object]) -> KernelTimes | None:
    """Runs once while oneDNN logs every kernel (``ONEDNN_VERBOSE``); None if Paddle comes without
    oneDNN.
    """
    library = _library()
    if library is None:
        return None
    with tempfile.TemporaryFile(dir=".") as log:
        start = time.perf_counter()
        library.dnnl_set_verbose(1)
        with _output_to(log):
            run()
        library.dnnl_set_verbose(0)
        total_ms = 1e3 * (time.perf_counter() - start)
        log.seek(0)
        return read_kernels(log.read().decode("utf-8", "replace"), total_ms)


def read_kernels(text: str, total_ms: float) -> KernelTimes:
    """Sums up oneDNN's lines ``onednn_verbose,exec,cpu,PRIMITIVE,IMPLEMENTATION,…,MILLISECONDS``.
    Implementations named ``ref…`` are oneDNN's fallback where it has no fast one.
    """
    computing = converting = reference = 0.0
    count = 0
    fallbacks: dict[str, float] = defaultdict(float)
    for primitive, implementation, ms in EXECUTED.findall(text):
        if primitive == CONVERTING:
            converting += float(ms)
        elif primitive in COMPUTING:
            computing += float(ms)
            if implementation.startswith("ref"):
                reference += float(ms)
                count += 1
        elif implementation.startswith("ref"):
            fallbacks[primitive] += float(ms)
    return KernelTimes(
        total_ms=total_ms,
        computing_ms=computing,
        converting_ms=converting,
        reference_ms=reference,
        reference=count,
        fallback_ms=dict(fallbacks),
    )


def _library() -> Any:
    import paddle

    libraries = sorted((Path(paddle.__file__).parent / "libs").glob("libdnnl.so*"))
    return ctypes.CDLL(str(libraries[0])) if libraries else None


@contextmanager
def _output_to(file: IO[bytes]) -> Iterator[None]:
    """Redirects the process's standard output to the file, including that of C++."""
    sys.stdout.flush()
    stdout = os.dup(1)
    os.dup2(file.fileno(), 1)
    try:
        yield
    finally:
        ctypes.CDLL(None).fflush(None)
        os.dup2(stdout, 1)
        os.close(stdout)
