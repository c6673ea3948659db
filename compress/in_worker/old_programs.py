"""Lets Paddle 3.2 build programs of the form of Paddle 2 (``.pdmodel``) with all of its functions.

Paddle 3.2 moved thirty functions, such as ``paddle.multiply``, into generated code that knows eager
tensors and its new IR only (``paddle.base.dygraph.generated_tensor_methods_patch``). In a static
program of the old form, which ``FLAGS_enable_pir_api=0`` asks for and PaddleSlim reads, they end in
"argument (position 1) must be Value, but got Variable". Here they append the ops of Paddle 2.6.

It also numbers the variables of each program from zero, where Paddle 2.6 numbered those of a
process. In a program that was loaded from a file, a new op would then write a variable that another
op already writes, without a word: trainings diverged by their second step. Here such names are
passed over.
"""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Callable
from typing import Any

Build = Callable[..., Any]
PLAIN = "_slimgate_plain_names"
GENERATED = "paddle.base.dygraph.generated_tensor_methods_patch"
SAME = ("cos", "floor", "log", "rsqrt", "sigmoid", "sign", "sin", "sqrt")
"""Functions of one variable whose op has their name."""
OF_ONE = {"isfinite": "isfinite_v2", "isinf": "isinf_v2", "isnan": "isnan_v2"}
OF_TWO = {
    "multiply": "elementwise_mul",
    "maximum": "elementwise_max",
    "minimum": "elementwise_min",
    "greater_than": "greater_than",
}
LOGICAL = ("logical_and", "logical_or", "logical_xor")
REDUCING = {"all": "reduce_all", "any": "reduce_any", "amin": "reduce_amin", "amax": "reduce_amax"}
TRUTH = {"all", "any", "greater_than", "isfinite", "isinf", "isnan", "logical_not", *LOGICAL}
"""Functions whose values are booleans."""


def teach_old_programs() -> None:
    """Makes those functions work on variables of old programs; does nothing for other Paddles."""
    import paddle

    if importlib.util.find_spec(GENERATED) is None:
        return
    for name, build in builders().items():
        both = _either(getattr(paddle, name), build)
        for place in (paddle, paddle.tensor, paddle.base.framework.Variable):
            setattr(place, name, both)
    paddle.nn.functional.sigmoid = paddle.sigmoid
    pass_over_taken_names(paddle.static.Program)


class FreeNames:
    """Stands in for the ``UniqueNameGenerator`` of a program: of the names that ``plain``
    generates, those that the program does not have yet.
    """

    def __init__(self, program: Any, plain: Any) -> None:
        self.program, self.plain = program, plain

    def __call__(self, key: str) -> str:
        return self.generate(key)

    def generate(self, key: str) -> str:
        while True:
            name = str(self.plain.generate(key))
            if not any(block.has_var(name) for block in getattr(self.program, "blocks", ())):
                return name

    def generate_with_ignorable_key(self, key: str) -> str:
        return self.generate(key)

    def clone(self) -> Any:
        """A plain generator, which the program's copy puts into its own ``FreeNames``."""
        return self.plain.clone()


def pass_over_taken_names(program_class: Any) -> None:
    """Makes each program's ``_name_generator`` a ``FreeNames``. Programs that were made before keep
    theirs where it was.
    """

    def put(program: Any, generator: Any) -> None:
        plain = generator.plain if isinstance(generator, FreeNames) else generator
        setattr(program, PLAIN, plain)

    def get(program: Any) -> FreeNames:
        held = vars(program)
        return FreeNames(program, held[PLAIN] if PLAIN in held else held["_name_generator"])

    program_class._name_generator = property(get, put)


def builders() -> dict[str, Build]:
    """By function: what appends its op to the program and returns the op's output."""
    return {
        **{name: functools.partial(_of_one, name, name) for name in SAME},
        **{name: functools.partial(_of_one, name, op) for name, op in OF_ONE.items()},
        **{name: functools.partial(_of_two, name, op) for name, op in OF_TWO.items()},
        **{name: functools.partial(_logical, name) for name in LOGICAL},
        **{name: functools.partial(_reduced, name, op) for name, op in REDUCING.items()},
        "logical_not": functools.partial(_of_one, "logical_not", "logical_not"),
        "logsumexp": _logsumexp,
        "matmul": _matmul,
        "bmm": _bmm,
        "tril": functools.partial(_triangle, True),
        "triu": functools.partial(_triangle, False),
        "roll": _roll,
        "expand_as": _expand_as,
    }


def _either(new: Build, build: Build) -> Build:
    """``new`` for everything but the variables of old programs."""
    from paddle.base.framework import Variable

    @functools.wraps(new)
    def call(*arguments: Any, **named: Any) -> Any:
        first = arguments[0] if arguments else named.get("x")
        return (build if isinstance(first, Variable) else new)(*arguments, **named)

    return call


def _append(name: str, op: str, inputs: dict[str, Any], attributes: dict[str, Any]) -> Any:
    from paddle.base.layer_helper import LayerHelper

    helper = LayerHelper(op)
    dtype = "bool" if name in TRUTH else inputs["X"].dtype
    out = helper.create_variable_for_type_inference(dtype)
    helper.append_op(type=op, inputs=inputs, outputs={"Out": out}, attrs=attributes)
    return out


def _of_one(function: str, op: str, x: Any, name: Any = None) -> Any:
    del name
    return _append(function, op, {"X": x}, {})


def _of_two(function: str, op: str, x: Any, y: Any, name: Any = None) -> Any:
    del name
    return _append(function, op, {"X": x, "Y": y}, {"axis": -1})


def _logical(function: str, x: Any, y: Any, out: Any = None, name: Any = None) -> Any:
    del out, name
    return _append(function, function, {"X": x, "Y": y}, {})


def _reduced(
    function: str, op: str, x: Any, axis: Any = None, keepdim: bool = False, name: Any = None
) -> Any:
    del name
    whole, axes = _axes(x, axis)
    attributes = {"dim": axes, "keep_dim": keepdim, "reduce_all": whole}
    return _append(function, op, {"X": x}, attributes)


def _logsumexp(x: Any, axis: Any = None, keepdim: bool = False, name: Any = None) -> Any:
    del name
    whole, axes = _axes(x, axis)
    attributes = {"axis": axes, "keepdim": keepdim, "reduce_all": whole}
    return _append("logsumexp", "logsumexp", {"X": x}, attributes)


def _axes(x: Any, axis: Any) -> tuple[bool, list[int]]:
    """Whether every axis is reduced, and which."""
    axes = [] if axis is None else [axis] if isinstance(axis, int) else list(axis)
    return not axes or len(axes) == len(x.shape), axes


def _matmul(
    x: Any, y: Any, transpose_x: bool = False, transpose_y: bool = False, name: Any = None
) -> Any:
    del name
    attributes = {"trans_x": transpose_x, "trans_y": transpose_y}
    return _append("matmul", "matmul_v2", {"X": x, "Y": y}, attributes)


def _bmm(x: Any, y: Any, name: Any = None) -> Any:
    del name
    return _append("bmm", "bmm", {"X": x, "Y": y}, {})


def _triangle(lower: bool, x: Any, diagonal: int = 0, name: Any = None) -> Any:
    del name
    attributes = {"diagonal": diagonal, "lower": lower}
    return _append("tril" if lower else "triu", "tril_triu", {"X": x}, attributes)


def _roll(x: Any, shifts: Any, axis: Any = None, name: Any = None) -> Any:
    del name
    plain = [value if isinstance(value, (list, tuple)) else [value] for value in (shifts, axis)]
    attributes = {"shifts": list(plain[0]), "axis": [] if axis is None else list(plain[1])}
    return _append("roll", "roll", {"X": x}, attributes)


def _expand_as(x: Any, y: Any, name: Any = None) -> Any:
    del name
    attributes = {"target_shape": list(y.shape)}
    return _append("expand_as", "expand_as_v2", {"X": x, "Y": y}, attributes)
