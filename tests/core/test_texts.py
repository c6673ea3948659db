"""Texts of runners have a bounded size; what people read is cut, names are refused."""

import pytest
from pydantic import TypeAdapter, ValidationError

from core.texts import (
    MAX_NAMES,
    MAX_REMARKS,
    FilePath,
    LogTail,
    Message,
    Name,
    Names,
    Remarks,
    cut_text,
)


def read(kind, value):
    return TypeAdapter(kind).validate_python(value)


def test_a_text_is_cut_at_its_limit():
    assert cut_text("abc", 3) == "abc"
    assert cut_text("abcd", 3) == "ab…"


def test_a_message_keeps_its_beginning_and_a_log_its_end():
    assert read(Message, "a" * 2000) == "a" * 2000
    assert read(Message, "a" * 10**6) == "a" * 1999 + "…"
    assert read(LogTail, "a" * 4000) == "a" * 4000
    assert read(LogTail, "a" * 10**6 + "end") == "…" + "a" * 3996 + "end"


def test_of_many_remarks_the_first_are_kept_and_the_rest_is_counted():
    every = tuple(map(str, range(MAX_REMARKS)))
    assert read(Remarks, every) == every
    assert read(Remarks, tuple(map(str, range(300)))) == (*every[:49], "… and 251 more")
    assert read(Remarks, ("a" * 501,)) == ("a" * 499 + "…",)


@pytest.mark.parametrize(
    ("kind", "longest", "beyond"),
    [
        (Name, "a" * 400, "a" * 401),
        (FilePath, "a" * 4096, "a" * 4097),
        (Names, ("a",) * MAX_NAMES, ("a",) * (MAX_NAMES + 1)),
    ],
)
def test_a_name_is_refused_beyond_its_size(kind, longest, beyond):
    assert read(kind, longest) == longest
    with pytest.raises(ValidationError, match="at most"):
        read(kind, beyond)
