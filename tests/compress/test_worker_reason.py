"""Why a worker's request failed, in the words of the error itself."""

from compress.in_worker.main import reason


def test_the_reason_stands_at_the_end_of_paddles_errors():
    frames = 'In user code:\n\n    File "a.py", line 1, in f\n      raise KeyError("x")\n\n'
    said = (
        "    InvalidArgumentError: too few.\n      [Hint: more]\n      [operator < top_k > error]"
    )
    assert reason(RuntimeError(frames + said)).startswith("RuntimeError: InvalidArgumentError: too")
    assert reason(ValueError("plain")) == "ValueError: plain"
    assert reason(RuntimeError("In user code: nothing")) == "RuntimeError: In user code: nothing"
