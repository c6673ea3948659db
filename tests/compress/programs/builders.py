"""Outlines written by hand: ops by name, with what they read."""

import json

from compress.programs.outline import ARRAY, FEED, ArrayOutline, OpOutline, Outline


def outline(*ops, arrays=(), feeds=("x: float32 [-1, 3, 8, 8]",), flops=0, outputs=None):
    """``ops``: (type, inputs, settings); an input is the number of an op, ``x`` or the name of an
    array. The last op is the output.
    """
    names = [array.name for array in arrays]
    settings = list(dict.fromkeys(json.dumps(op[2]) for op in map(filled, ops)))
    return Outline(
        ops=tuple(
            OpOutline(
                type=kind,
                settings=settings.index(json.dumps(values)),
                inputs=tuple(source(item, names) for item in inputs),
            )
            for kind, inputs, values in map(filled, ops)
        ),
        settings=tuple(settings),
        arrays=tuple(arrays),
        feeds=feeds,
        outputs=outputs or ((len(ops) - 1, 0),),
        flops=flops,
    )


def filled(op):
    return (*op, {}) if len(op) == 2 else op


def source(item, names):
    if item == "x":
        return FEED, 0
    return (ARRAY, names.index(item)) if item in names else (item, 0)


def array(name, shape=(4, 3, 3, 3), digest=None):
    return ArrayOutline(name=name, shape=shape, dtype="float32", digest=digest or f"of {name}")
