"""Modules read by their lines, against the same read by syntax and, for random ones, by import."""

import sys
import types

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compress.suites.decorated import parse_module, scan_module
from compress.suites.paddledet.registrars import REGISTRARS as DET
from compress.suites.paddleseg.registrars import REGISTRARS as SEG
from compress.suites.registry_names import read_registry

WORDS = DET.words
FILES = {
    "plain": "@register\nclass A:\n    pass\n\n@serializable\n@register\nclass B(A): pass\n",
    "called": "@register()\n@other.thing(1)\ndef f(): pass\n",
    "none": "class A: pass\n",
    "idle": "from ppdet.core.workspace import register\n# register(X)\n@register\nclass A: pass\n",
    "renamed": "from w import register as r\n@r\nclass A: pass\n",
    "by call": "class A: pass\nregister(A)\n",
    "indented": "if True:\n    @register\n    class A: pass\n",
    "several lines": "@register(\n  1)\nclass A: pass\n",
    "wrapper": "def register_op(cls):\n    names.append(cls)\n    return serializable(cls)\n\n"
    "@register_op\nclass A: pass\n",
    "listed": "__all__ = ['A']\nclass A: pass\nclass B: pass\n@register_op\nclass C: pass\n",
    "added to": "__all__ = ['A']\n__all__ += ['B']\nclass A: pass\nclass B: pass\n",
    "private": "class _A: pass\nclass B: pass\n",
    "unreadable": "@register\nclass A:\nregister(\n",
    "umlaut": "@register\nclass Ä: pass\n",
    "last line": "x = 1\nregister(x)",
}


@pytest.mark.parametrize("public", [False, True])
@pytest.mark.parametrize("name", FILES)
def test_both_ways_register_the_same(name, public):
    file = "ppdet/data/transform/x.py" if public else "ppdet/modeling/heads/x.py"
    files = {file: FILES[name].encode()}
    quick, sure = (read_registry(files, DET, read) for read in (scan_module, parse_module))
    assert quick.names == sure.names


def test_a_file_that_is_missing_or_too_large_is_unread():
    assert scan_module(None, WORDS, public=True) is None


NAMES = ("Alpha", "Beta", "Gamma", "Delta")
KINDS = ("MODELS", "BACKBONES", "LOSSES")


@st.composite
def modules(draw):
    """A module in which classes are registered in all the ways that PaddleSeg has."""
    lines = ["from paddleseg.cvlibs import manager", "import functools", ""]
    for name in draw(st.lists(st.sampled_from(NAMES), unique=True)):
        kind = draw(st.sampled_from(KINDS))
        form = draw(st.integers(0, 5))
        body = [f"class {name}:", '    """Text."""', ""]
        if form == 0:
            lines += [f"@manager.{kind}.add_component", *body]
        elif form == 1:
            lines += [*body, f"manager.{kind}.add_component({name})", ""]
        elif form == 2:
            lines += [*body, f"manager.{kind}._components_dict['{name}2'] = {name}", ""]
        elif form == 3:
            indented = [f"    {line}" for line in (f"@manager.{kind}.add_component", *body)]
            lines += ["try:", *indented, "finally:", "    pass", ""]
        elif form == 4:
            lines += [*body, f"manager.{kind}.add_component([{name}])", ""]
        else:
            lines += ["@functools.total_ordering" if draw(st.booleans()) else "# plain", *body]
    return "\n".join(lines)


class Components:
    """As ``paddleseg.cvlibs.manager.ComponentManager``."""

    def __init__(self):
        self._components_dict = {}

    def add_component(self, components):
        for item in components if isinstance(components, list) else [components]:
            self._components_dict[item.__name__] = item
        return components


@given(modules())
def test_random_modules_register_what_importing_them_does(source):
    manager = types.SimpleNamespace(**{kind: Components() for kind in KINDS})
    package = types.ModuleType("paddleseg.cvlibs")
    package.manager = manager
    kept = {name: sys.modules.get(name) for name in ("paddleseg", "paddleseg.cvlibs")}
    sys.modules.update({"paddleseg": types.ModuleType("paddleseg"), "paddleseg.cvlibs": package})
    try:
        exec(compile(source.replace("@functools.total_ordering\n", ""), "x.py", "exec"), {})
    finally:
        for name, module in kept.items():
            sys.modules.pop(name) if module is None else sys.modules.update({name: module})
    imported = {n for kind in KINDS for n in getattr(manager, kind)._components_dict}
    for read in (scan_module, parse_module):
        registry = read_registry({"paddleseg/x.py": source.encode()}, SEG, read)
        assert {n for n, entry in registry.names.items() if entry.by_name} == imported
