"""What a Python file defines and mentions, read from its syntax alone."""

import textwrap

import pytest

from compress.suites.code.definitions import Import, fingerprints, read_code_file


def read(text):
    return read_code_file(textwrap.dedent(text).encode())


def prints(text):
    return fingerprints(textwrap.dedent(text).encode())


NETWORK = """
    import paddle.nn as nn
    from . import layers
    from ..utils import *

    WIDTH: int = 8
    A, B = 1, 2

    @manager.MODELS.add_component
    class Net(nn.Layer):
        '''Text.'''
        size = WIDTH

        def __init__(self, arm="UAFM"):
            from .blocks import Block as Cell
            self.arm = eval("layers." + arm)(nn.Conv2D, Cell)

        def forward(self, x):
            if self.training and x.wide:
                return self.losses(x)
            return self.arm(x) if not self.training else self.extra.loss(x)

    def make():
        return Net()

    make().run()
"""


def test_classes_methods_functions_and_variables_are_definitions():
    file = read(NETWORK)
    assert set(file.definitions) == {
        *("WIDTH", "A", "B", "Net", "Net.__init__", "Net.forward", "make", ""),
    }
    assert [name for name, found in file.definitions.items() if found.is_class] == ["Net"]
    assert file.definitions["Net"].always.names >= {"nn.Layer", "manager.MODELS.add_component"}
    assert "eval" not in file.definitions["Net"].always.names


def test_imports_are_known_by_the_names_that_they_get_also_those_inside_functions():
    file = read(NETWORK)
    assert file.imports == {
        "nn": {Import("paddle.nn")},
        "layers": {Import("", 1, "layers")},
        "Cell": {Import("blocks", 1, "Block")},
    }
    assert file.stars == (Import("utils", 2, "*"),)
    assert read("import a.b.c").imports == {"a": {Import("a")}}
    assert read("import a.b.c").loads == {Import("a.b.c")}


def test_a_name_can_be_imported_in_several_ways():
    file = read("try:\n    from .fast import op\nexcept ImportError:\n    from .slow import op\n")
    assert file.imports == {"op": {Import("fast", 1, "op"), Import("slow", 1, "op")}}


def test_a_definition_mentions_names_attributes_and_texts_that_could_be_names():
    init = read(NETWORK).definitions["Net.__init__"]
    assert init.always.names >= {"nn.Conv2D", "Cell", "eval", "self.arm"}
    assert init.defaults == {"arm": {"UAFM"}}
    assert init.always.prefixes == {"layers."}
    assert init.looks_up
    assert not read(NETWORK).definitions["make"].looks_up


def test_defaults_are_told_by_parameter_and_comparisons_name_nothing():
    found = read(
        """
        def f(a, /, b="B", *, c="C", d=None, e="not a name"):
            if b == "X" or b in ("V", g("W")) or isinstance(b, (Kind, x.Other)):
                g("Y")
        """
    ).definitions["f"]
    assert found.defaults == {"b": {"B"}, "c": {"C"}}
    assert found.always.texts == {"W", "Y"}
    assert found.always.asked == {"Kind", "x.Other"}
    assert found.always.names == {"b", "g", "isinstance"}


def test_a_parameter_has_the_defaults_of_all_definitions_of_its_name():
    found = read("if x:\n    def f(a='A'): pass\nelse:\n    def f(a='B'): pass\n")
    assert found.definitions["f"].defaults == {"a": {"A", "B"}}


@pytest.mark.parametrize(
    "text",
    [
        "def f(self):\n    class Inner:\n        def g(self): return helper()\n    return Inner()",
        "class f:\n    class Inner:\n        def g(self): return helper()",
        "def f():\n    global g\n    g = helper()",
        "for f in helper: pass",
        "with helper as f: pass",
        "print(f := helper)",
    ],
)
def test_what_a_definition_holds_is_read_whole(text):
    assert "helper" in read(text).definitions["f"].always.names


def test_a_variable_that_a_function_assigns_is_as_the_function_makes_it():
    text = "g = 1\ndef f():\n    global g\n    g = helper()"
    assert "helper" in read(text).definitions["g"].always.names


@pytest.mark.parametrize(
    "text", ["'a_' + x", "f'a_{x}'", "'a_%s' % x", "'a_{}'.format(x)", "('a_' + x) + y"]
)
def test_a_text_that_is_appended_to_can_begin_a_name(text):
    assert read(f"def f(x): return {text}").definitions["f"].always.prefixes == {"a_"}


def test_branches_of_training_are_told_apart():
    forward = read(NETWORK).definitions["Net.forward"]
    assert {"training", "wide", "arm"} <= forward.always.attributes
    assert forward.training.attributes == {"losses", "extra", "loss"}


@pytest.mark.parametrize(
    ("test", "always", "training"),
    [
        ("self.training", "otherwise", "then"),
        ("not self.training", "then", "otherwise"),
        ("self.training and x", "otherwise", "then"),
        ("self.training or x", "both", ""),
        ("self.cfg.training", "both", ""),
        ("x", "both", ""),
    ],
)
def test_a_condition_says_training_only_if_it_cannot_hold_otherwise(test, always, training):
    file = read(
        f"def f(self, x):\n    if {test}:\n        then()\n    else:\n        otherwise()\n"
    )
    found = file.definitions["f"]
    expected = {"then", "otherwise"} if always == "both" else {always}
    assert found.always.names & {"then", "otherwise"} == expected
    assert found.training.names == ({training} if training else set())


def test_what_cannot_be_read_is_none():
    assert read("def f(:") is None
    assert prints("def f(:") is None


@pytest.mark.parametrize(
    ("old", "new", "differing"),
    [
        ("def f(): return 1", "def f():\n    '''Text.'''\n    return 1  # one", set()),
        ("def f(): return 1", "def f(): return 2", {"f"}),
        ("class C:\n def f(self): pass\n a = 1", "class C:\n def f(self): pass\n a = 2", {"C"}),
        ("class C:\n def f(self): a\n def g(self): b", "class C:\n def f(self): c", {"C.f", "C.g"}),
        ("import a", "import b", set()),
        ("a = 1\nb = 2", "b = 2\na = 1", set()),
        ("x.y = 1", "x.y = 2", {""}),
        ("for n in 'ab': f(n)", "for n in 'ac': f(n)", {"n"}),
        ("with a(): f()", "with b(): f()", {""}),
        ("try: f()\nexcept A: pass", "try: f()\nexcept B: pass", {""}),
        ("match x:\n case 1: f()", "match x:\n case 2: f()", {""}),
        ("if __name__ == '__main__':\n f(1)", "if __name__ == '__main__':\n f(2)", set()),
    ],
)
def test_fingerprints_differ_where_code_does(old, new, differing):
    before, after = prints(old), prints(new)
    assert {n for n in before | after if before.get(n) != after.get(n)} == differing


@pytest.mark.parametrize(
    "text", ["a" + ".b" * 20_000, "-" * 2_000 + "a", "a" + "()" * 20_000, "(" * 150 + ")" * 150]
)
def test_code_that_is_nested_too_deep_is_not_read_or_read_in_short_time(text):
    file = read_code_file(text.encode())
    assert file is None or set(file.definitions) == {""}
    assert fingerprints(text.encode()) is None or file is not None


def test_a_name_of_too_many_parts_means_nothing():
    long = ".".join("abcdefghijklmnopqrstuvwxyz")
    assert long not in read(f"def f(): return {long}").definitions["f"].always.names
    assert "a.b.c" in read(f"def f(): return {long}").definitions["f"].always.names
