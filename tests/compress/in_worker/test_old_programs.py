"""The functions that Paddle 3.2 takes from old programs append the ops that Paddle 2.6 appends."""

from pathlib import Path

import pytest

from compress.in_worker.old_programs import FreeNames, builders, pass_over_taken_names
from compress.worker.start import Workplace, start_worker

pytestmark = pytest.mark.paddle
ROOT = str(Path(__file__).parents[3])
CALLS = [
    *[(name, ("x",), {}) for name in ("cos", "floor", "sigmoid", "sign", "sin")],
    *[(name, ("x",), {}) for name in ("isfinite", "isinf", "isnan")],
    *[(name, ("positive",), {}) for name in ("log", "rsqrt", "sqrt")],
    *[(name, ("x", "y"), {}) for name in ("multiply", "maximum", "minimum", "greater_than")],
    *[(name, ("truths", "others"), {}) for name in ("logical_and", "logical_or", "logical_xor")],
    ("logical_not", ("truths",), {}),
    *[(name, ("x",), {}) for name in ("amin", "amax", "logsumexp")],
    *[(name, ("x",), {"axis": 1}) for name in ("amin", "amax", "logsumexp")],
    *[(name, ("x",), {"axis": [0, 2], "keepdim": True}) for name in ("amax", "logsumexp")],
    *[(name, ("truths",), {}) for name in ("all", "any")],
    *[(name, ("truths",), {"axis": -1, "keepdim": True}) for name in ("all", "any")],
    ("matmul", ("x", "matrix"), {}),
    ("matmul", ("x", "y"), {"transpose_y": True}),
    ("matmul", ("x", "y"), {"transpose_x": True}),
    ("bmm", ("x", "matrix"), {}),
    ("tril", ("x",), {}),
    ("triu", ("x",), {"diagonal": 1}),
    ("roll", ("x",), {"shifts": 2}),
    ("roll", ("x",), {"shifts": [1, 2], "axis": [0, 2]}),
    ("expand_as", ("row", "x"), {}),
]


@pytest.fixture(scope="module")
def worker(tmp_path_factory):
    place = Workplace(tmp_path_factory.mktemp("programs"), {"PYTHONPATH": ROOT})
    with start_worker("tests.workers.old_programs", "stage", place) as started:
        yield started


@pytest.mark.parametrize(("name", "inputs", "options"), CALLS)
def test_each_function_appends_the_same_op(worker, name, inputs, options):
    answer = worker.call({"name": name, "inputs": inputs, "options": options}, 60)
    assert answer["built"] == answer["paddle"]
    assert answer["built"]["value"] not in ([], None)


def test_every_function_is_tried():
    assert {name for name, *_ in CALLS} == set(builders())


class Generator:
    """Generates names as Paddle does: numbered by key."""

    def __init__(self, ids=()):
        self.ids = dict(ids)

    def generate(self, key):
        self.ids[key] = self.ids.get(key, -1) + 1
        return f"{key}_{self.ids[key]}"

    __call__ = generate

    def clone(self):
        return Generator(self.ids)


class Block:
    def __init__(self, *names):
        self.names = set(names)

    def has_var(self, name):
        return name in self.names


def test_a_program_from_a_file_gets_names_that_it_does_not_have():
    class Program:
        def __init__(self, *blocks):
            self._name_generator = Generator()
            self.started = self._name_generator("mean")  # before there are blocks
            self.blocks = blocks

        def copy(self):
            copied = Program(*self.blocks)
            copied._name_generator = self._name_generator.clone()
            return copied

    earlier = Program(Block("tmp_0"))
    pass_over_taken_names(Program)
    assert earlier._name_generator("tmp") == "tmp_1"
    program = Program(Block("tmp_0", "tmp_2"), Block("tmp_3"))
    assert program.started == "mean_0"
    assert isinstance(program._name_generator, FreeNames)
    program._name_generator = program._name_generator  # as a switch and its way back do
    assert [program._name_generator("tmp") for _ in range(2)] == ["tmp_1", "tmp_4"]
    assert program._name_generator.generate_with_ignorable_key("tmp") == "tmp_5"
    assert program.copy()._name_generator.generate("tmp") == "tmp_6"
    assert program._name_generator.generate("tmp") == "tmp_6"
