"""Requests become calls of a module's ``handle``, and errors their reason."""

import sys
from types import ModuleType

import pytest
from pydantic import ValidationError

from compress.in_worker.main import load_handler, reason
from core.schema import StrictModel


class Question(StrictModel):
    number: int


class Answer(StrictModel):
    doubled: int


@pytest.fixture
def module(monkeypatch):
    """Registers a module with the ``handle``."""

    def register(handle):
        made = ModuleType("a_handler")
        made.handle = handle
        monkeypatch.setitem(sys.modules, "a_handler", made)
        return "a_handler"

    return register


def test_models_are_validated_and_answered_as_plain_data(module):
    def handle(request: Question) -> Answer:
        return Answer(doubled=2 * request.number)

    serve = load_handler(module(handle), print)
    assert serve({"number": 4}) == {"doubled": 8}
    with pytest.raises(ValidationError, match="nmber"):
        serve({"nmber": 4})


def test_a_handler_without_annotations_gets_and_returns_plain_data(module):
    serve = load_handler(module(lambda request: {"echo": request}), print)
    assert serve({"any": [1]}) == {"echo": {"any": [1]}}


def test_a_second_parameter_gets_the_progress_function(module):
    steps = []

    def handle(request, tell):
        tell({"step": request["number"]})
        return {}

    load_handler(module(handle), steps.append)({"number": 1})
    assert steps == [{"step": 1}]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("plain", "ValueError: plain"),
        ("KeyError: x\n  and more", "ValueError: KeyError: x\n  and more"),
        (
            "In transformed code:\n File a\n TypeError: first\n File b\n OSError: last\n  [hint]\n",
            "ValueError: OSError: last\n  [hint]",
        ),
        ("In user code:\n  File a\n", "ValueError: In user code:\n  File a\n"),
        ("In user code:" + "\n" * 200_000 + "\tOSError: x", "ValueError: OSError: x"),
    ],
)
def test_the_frames_of_paddle_s_errors_are_cut_off(text, message):
    assert reason(ValueError(text)) == message
