"""Which code running an object can use."""

import textwrap

import pytest

from compress.suites.code.graph import Symbol, module_name, read_code
from compress.suites.code.walk import Making
from compress.suites.code.walk import uses as walk

FILES = {
    "s/__init__.py": "from s import nets",
    "s/nets/__init__.py": "from .net import *\nfrom .blocks import Block as Cell\n",
    "s/nets/net.py": """
        from s.nets import blocks, losses
        from s import tools

        class Base:
            def run(self): return self.step()
            def step(self): return tools.plain()
            def unused(self): return tools.rare()

        class Net(Base):
            def __init__(self, head="Head"):
                self.block = blocks.Block()

            def forward(self, x):
                if self.training:
                    return losses.loss(x)
                return self.block.run(x)
    """,
    "s/nets/blocks.py": """
        from ..tools import scale as scaled
        class Block:
            def run(self, x): return scaled(x)
            def from_config(self): return other()
        def other(): pass
    """,
    "s/nets/losses.py": "def loss(x): return x\n",
    "s/nets/heads.py": "class Head:\n    def forward(self, x): return x\n",
    "s/tools.py": """
        FACTOR = 2
        def plain(): pass
        def rare(): pass
        def scale(x): return FACTOR * x
    """,
    "s/looking.py": """
        from s.nets import blocks
        from s import tools
        class Looking:
            def __init__(self, name, act="plain"):
                eval("blocks." + name)()
                getattr(tools, act)()
    """,
    "s/broken.py": "def f(:",
}


def graph(**more):
    files = {**FILES, **more}
    return read_code({path: textwrap.dedent(text).encode() for path, text in files.items()})


def names(symbols):
    return {f"{symbol.module}.{symbol.name}".removeprefix("s.") for symbol in symbols}


def uses(name, code=None, **making):
    code = code or graph()
    return names(walk(code, code.named(name), Making(**making)).symbols)


NET = {
    *("nets.net.Net", "nets.net.Net.__init__", "nets.net.Net.forward", "nets.net.Base"),
    *("nets.net.Base.run", "nets.blocks.Block", "nets.blocks.Block.run"),
    *("tools.scale", "tools.FACTOR"),
}


def test_what_a_class_uses_are_methods_that_something_calls_and_what_those_use():
    assert uses("Net") == NET | {"nets.net.Base.step", "tools.plain"}


def test_training_adds_what_only_training_uses():
    assert uses("Net", training=True) - uses("Net") == {"nets.losses.loss"}


def test_a_text_names_a_class_that_the_suite_makes():
    head = {"nets.heads.Head", "nets.heads.Head.forward"}
    assert uses("Net", built={"Head": graph().named("Head")}) - uses("Net") == head


def test_a_default_does_not_count_where_the_config_gives_the_parameter():
    built = {"Head": graph().named("Head")}
    assert uses("Net", built=built, given=frozenset({"Net.head"})) == uses("Net")


def test_methods_that_shared_code_calls_are_used():
    called = uses("Net", called=frozenset({"from_config"})) - uses("Net")
    assert called == {"nets.blocks.Block.from_config", "nets.blocks.other"}


def test_names_that_are_looked_up_at_run_time_are_texts_of_the_module_or_of_the_config():
    looking = {"looking.Looking", "looking.Looking.__init__"}
    assert uses("Looking") == looking | {"tools.plain"}
    block = {"nets.blocks.Block"}
    assert uses("Looking", texts=frozenset({"Block"})) == looking | {"tools.plain"} | block


@pytest.mark.parametrize(
    ("module", "dotted", "meant"),
    [
        ("s.nets.net", "blocks.Block", {"nets.blocks.Block"}),
        ("s.nets.net", "tools.scale", {"tools.scale"}),
        ("s.nets.blocks", "scaled", {"tools.scale"}),
        ("s.nets", "Net", {"nets.net.Net"}),
        ("s.nets", "Cell", {"nets.blocks.Block"}),
        ("s.nets.net", "Net.forward", {"nets.net.Net", "nets.net.Net.forward"}),
        ("s", "nets.Cell.run", {"nets.blocks.Block", "nets.blocks.Block.run"}),
        ("s.nets.net", "paddle.nn.Layer", set()),
        ("s.nets.net", "unknown", set()),
    ],
)
def test_a_dotted_name_means_what_imports_make_of_it(module, dotted, meant):
    assert names(graph().resolve(module, dotted)) == meant


def test_imports_in_a_circle_mean_nothing():
    code = graph(**{"s/a.py": "from s.b import *", "s/b.py": "from s.a import *"})
    assert code.resolve("s.a", "Thing") == frozenset()


def test_files_that_cannot_be_read_are_named():
    code = graph()
    assert code.unread == ("s/broken.py",)
    assert read_code({"s/large.py": None}).unread == ("s/large.py",)


@pytest.mark.parametrize(
    ("path", "module"), [("s/a.py", "s.a"), ("s/a/__init__.py", "s.a"), ("s/__init__.py", "s")]
)
def test_a_path_is_that_of_a_module(path, module):
    assert module_name(path) == module


def test_a_module_knows_its_definitions():
    assert names(graph().inside("s.nets.losses")) == {"nets.losses.loss"}
    assert graph().inside("s.unknown") == frozenset()


def test_a_class_knows_its_methods():
    methods = graph().methods(Symbol("s.nets.blocks", "Block"))
    assert set(methods) == {"run", "from_config"}


@pytest.mark.parametrize(
    ("files", "used"),
    [
        (
            {
                "s/a.py": "from s import b\nclass A: pass\nb.B.forward = A",
                "s/b.py": "class B: pass",
            },
            "a.",
        ),
        (
            {
                "s/a.py": "from s import c\ndef go(): c.build(make('Far'))",
                "s/b.py": "from s.a import go\nclass B:\n    def forward(self): go()",
                "s/c.py": "from s import d\ndef build(x): return getattr(d, x)",
                "s/d.py": "class Far: pass",
            },
            "d.Far",
        ),
        (
            {
                "s/b.py": "class B:\n    def forward(self, x): return getattr(self, 'run_' + x)()\n"
                "    def run_a(self): pass"
            },
            "b.B.run_a",
        ),
        ({"s/b.py": "import m\nclass B(m.PyLayer):\n    def backward(self): pass"}, "b.B.backward"),
        (
            {"s/b.py": "TYPES = (int, str)\nclass B:\n    def forward(self): isinstance(1, TYPES)"},
            "b.TYPES",
        ),
        (
            {
                "s/b.py": "try:\n    from s.fast import op\n"
                "except ImportError:\n    from s.slow import op\n"
                "class B:\n    def forward(self): op()",
                "s/fast.py": "def op(): pass",
                "s/slow.py": "def op(): pass",
            },
            "fast.op",
        ),
        (
            {
                "s/p/__init__.py": "from . import focal\nfrom .focal import *",
                "s/p/focal.py": "def focal(): pass",
                "s/b.py": "from s.p import focal\nclass B:\n    def forward(self): focal()",
            },
            "p.focal.focal",
        ),
    ],
)
def test_what_is_used_in_roundabout_ways_is_found(files, used):
    assert used in uses("B", graph(**files))


def test_modules_that_import_all_of_one_another_are_searched_once():
    count = 60
    stars = "".join(f"from s.m{number} import *\n" for number in range(count))
    files = {f"s/m{number}.py": stars for number in range(count)}
    code = graph(**{**files, "s/m7.py": f"{stars}def last(): pass"})
    assert names(code.resolve("s.m0", "last")) == {"m7.last"}
    assert code.resolve("s.m0", "missing") == frozenset()


def test_texts_and_imports_of_a_large_file_are_matched_in_short_time():
    imports = "".join(f"from s.tools import scale as a{number}\n" for number in range(3_000))
    texts = ", ".join(f"'t{number}'" for number in range(3_000))
    defined = "".join(f"def t{number}(): pass\n" for number in range(3_000))
    large = f"{imports}{defined}class B:\n    def forward(self): getattr(self, [{texts}])"
    assert "b.t2999" in uses("B", graph(**{"s/b.py": large}))


def test_modules_that_a_module_imports_are_loaded_with_the_packages_above_them():
    code = graph(**{"s/other.py": "import s.nets.blocks"})
    assert code.loaded(["s.other"]) == {
        *("s", "s.other", "s.nets", "s.nets.net", "s.nets.blocks", "s.nets.losses", "s.tools"),
    }


def test_imports_of_what_is_not_there_are_dangling():
    new = {"s/nets/losses.py": "from s.tools import plain, gone\nfrom s.lost import x\nimport os\n"}
    assert sorted(graph(**new).dangling()) == [
        ("s/nets/losses.py", "s.lost.x"),
        ("s/nets/losses.py", "s.tools.gone"),
    ]
    assert not list(graph().dangling())
