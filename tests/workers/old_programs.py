"""Calls a function of Paddle and its builder on variables of one static program."""

import zlib  # noqa: F401  before paddle

import numpy as np

from compress.in_worker.old_programs import builders

X = np.linspace(-2, 2, 24, dtype="float32").reshape(2, 3, 4)
Y = np.linspace(3, -1, 24, dtype="float32").reshape(2, 3, 4)
TRUTHS = np.arange(24).reshape(2, 3, 4) % 3 == 0


def handle(request):
    """Answers with the ops and the values of both, for ``{"name", "inputs", "options"}``."""
    import paddle

    paddle.enable_static()
    name = request["name"]
    place = paddle.nn.functional if name == "sigmoid" else paddle
    both = {"paddle": getattr(place, name), "built": builders()[name]}
    return {who: said(function, request) for who, function in both.items()}


def said(function, request):
    import paddle

    program = paddle.static.Program()
    with paddle.static.program_guard(program):
        arrays = [array_of(name) for name in request["inputs"]]
        names = [f"in{number}" for number in range(len(arrays))]
        variables = [
            paddle.static.data(name, array.shape, str(array.dtype))
            for name, array in zip(names, arrays, strict=True)
        ]
        out = function(*variables, **request["options"])
        feed = dict(zip(names, arrays, strict=True))
        (value,) = paddle.static.Executor().run(program, feed=feed, fetch_list=[out])
    ops = [describe(op) for op in program.global_block().ops if op.type not in ("feed", "fetch")]
    return {"ops": ops, "value": value.tolist(), "dtype": str(value.dtype)}


def describe(op):
    own = (name for name in op.attr_names if not name.startswith(("op_", "with_quant")))
    return [op.type, {name: op.attr(name) for name in sorted(own)}]


def array_of(name):
    if name == "matrix":
        return Y.transpose(0, 2, 1)
    if name == "row":
        return X[:1]
    return {"x": X, "y": Y, "positive": np.abs(X) + 0.5, "truths": TRUTHS, "others": ~TRUTHS}[name]
