"""Names that can lead to a definition: never fewer than what walking from a class finds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compress.suites.code.graph import Symbol, read_code
from compress.suites.code.leading import can_name, names_leading_to
from compress.suites.code.walk import Making, uses


def leading(files, module, name, **built):
    graph = read_code({path: text.encode() for path, text in files.items()})
    classes = {key: frozenset([Symbol(*symbol)]) for key, symbol in built.items()}
    return names_leading_to({Symbol(module, name)}, graph, classes)


FILES = {
    "s/ops.py": "def scale(x): return x\n",
    "s/net.py": "from s.ops import scale as bigger\nclass Net:\n    def forward(self, x):\n"
    "        return bigger(x)\nclass Wide(Net): pass\n",
    "s/other.py": "class Other:\n    def __init__(self, name='Net'): pass\n",
    "s/apart.py": "class Apart: pass\n",
}


def test_mentions_aliases_heirs_and_texts_lead():
    assert leading(FILES, "s.ops", "scale") >= {"scale", "bigger", "Net", "Wide", "Other"}
    assert "Apart" not in leading(FILES, "s.ops", "scale")


def test_a_name_in_configs_leads_to_the_class_that_it_stands_for():
    assert "Small" in leading(FILES, "s.ops", "scale", Small=("s.net", "Net"))
    assert "Small" not in leading(FILES, "s.ops", "scale", Small=("s.apart", "Apart"))


def test_a_method_is_led_to_by_its_class():
    assert "Wide" in leading(FILES, "s.net", "Net.forward")


@pytest.mark.parametrize(
    ("text", "can"),
    [
        ("type: Net\n", True),
        ("!Net {}", True),
        ("Nets", False),
        (r'"\x4e"', True),
        ("!%4eet", True),
        (None, False),
    ],
)
def test_whether_a_text_can_hold_a_name(text, can):
    assert can_name(frozenset({"Net"}), text) == can


NAMES = ("Ab", "Cd", "Ef", "gh", "ij")


@st.composite
def codes(draw):
    """Modules whose classes and functions mention one another in several ways."""
    files = {}
    for module in ("m", "n"):
        other = "n" if module == "m" else "m"
        lines = [f"from s import {other}", f"from s.{other} import Ab as Alias"]
        for name in draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1)):
            used = draw(st.sampled_from([*NAMES, "Alias", *(f"{other}.{n}" for n in NAMES)]))
            body = draw(st.sampled_from([f"{used}()", f"make('{used}')", f"x.{used.lower()}()"]))
            if name[0].isupper():
                lines += [f"class {name}:", "    def forward(self, x):", f"        return {body}"]
            else:
                lines += [f"def {name}(x='{used}'):", f"    return {body}"]
        files[f"s/{module}.py"] = "\n".join(lines) + "\n"
    return files


@given(codes(), st.sampled_from(NAMES), st.sampled_from("mn"))
def test_no_class_that_uses_a_definition_lacks_a_name_that_leads_to_it(files, name, module):
    graph = read_code({path: text.encode() for path, text in files.items()})
    symbols = graph.inside(f"s.{module}")
    target = {symbol for symbol in symbols if symbol.name.partition(".")[0] == name}
    built = {
        symbol.name: graph.named(symbol.name)
        for part in "mn"
        for symbol in graph.inside(f"s.{part}")
        if symbol.name.isalpha()
    }
    names = names_leading_to(target, graph, built)
    for root, classes in built.items():
        if not target.isdisjoint(uses(graph, classes, Making(built, training=True)).symbols):
            assert root in names
