"""Paddle's own CPU kernels, in fp32."""

from __future__ import annotations

from collections.abc import Collection

from bench.engines.base import (
    Call,
    Device,
    Engine,
    EngineOptions,
    Precision,
    PrecisionMark,
    common_calls,
)


class Native:
    """See ``bench.engines.base.Engine``. Switches off oneDNN, the default since Paddle 2.6."""

    device: Device = "cpu"
    name = "native"
    precisions: tuple[Precision, ...] = ("fp32",)
    mark: PrecisionMark | None = None

    def missing(self, precision: Precision, flags: Collection[str]) -> str | None:
        del precision, flags
        return None

    def configure(self, options: EngineOptions) -> tuple[Call, ...]:
        return (*common_calls(options), Call(method="disable_mkldnn"))


ENGINE: Engine = Native()
