"""Which definitions of a file differ between two revisions."""

import pytest

from compress.suites.code.changes import changed_names

OLD = b"import a\nfrom b import c\ndef f(): return a.x\ndef g(): return c()\ndef h(): return 1\n"


@pytest.mark.parametrize(
    ("new", "changed"),
    [
        (OLD, set()),
        (OLD.replace(b"return 1", b"return 2"), {"h"}),
        (OLD.replace(b"from b", b"from d"), {"import", "g"}),
        (OLD.replace(b"import a\n", b"import d as a\n"), {"import", "f"}),
        (OLD + b"import e\n", {"import"}),
        (OLD + b"import a\n", set()),
        (OLD + b"def k(): pass\n", {"k"}),
        (OLD + b"print(1)\n", {"", "f", "g", "h"}),
        (OLD + b"from e import *\n", {"import", "f", "g", "h"}),
        (None, {"import", "f", "g", "h"}),
        (b"def f(:", {"import", "f", "g", "h"}),
    ],
)
def test_definitions_that_differ_or_mean_something_else_are_named(new, changed):
    assert changed_names(OLD, new) == changed
    assert changed_names(new, OLD) == changed


def test_nothing_is_known_of_a_file_that_cannot_be_read_on_either_side():
    for old in (b"def f(:", None):
        assert changed_names(old, b"def g(:") is None
    assert changed_names(None, None) == frozenset()
