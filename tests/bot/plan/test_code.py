"""Which models a change of the suite's code affects."""

import pytest

from bot.plan.affected import MAX_KEY, MAX_REASONS
from bot.plan.code import find_code_effects
from core.errors import shorten
from tests.bot.plan.conftest import FILES

INIT = FILES["paddleseg/__init__.py"]
CODE = {
    "paddleseg/__init__.py": INIT,
    "paddleseg/nets.py": """
import ops
from paddleseg import tools

@manager.MODELS.add_component
class Net:
    def __init__(self, backbone):
        self.backbone = backbone

    def forward(self, x):
        if self.training:
            return tools.loss(x)
        return tools.scale(self.backbone(x))

@manager.BACKBONES.add_component
class Small:
    def forward(self, x):
        return x

@manager.BACKBONES.add_component
class Large(Small):
    pass
""",
    "paddleseg/tools.py": "def scale(x): return x\ndef loss(x): return x\ndef rare(x): return x\n",
    "paddleseg/losses.py": """
@manager.LOSSES.add_component
class Dice:
    def forward(self, x):
        return x
""",
    "paddleseg/steps.py": """
@manager.TRANSFORMS.add_component
class Flip:
    def __call__(self, x):
        return x
""",
    "paddleseg/cvlibs/builder.py": "def build(): return 1\n",
    "configs/m/m.yml": "model: {type: Net, backbone: {type: Small}, num_classes: 2}\n"
    "val_dataset: {transforms: [{type: Flip}]}\nloss: {types: [{type: Dice}]}\n",
    "configs/m/other.yml": "model: {type: Net, backbone: {type: Large}}\n",
}


@pytest.fixture
def code(plan):
    plan.base = plan.suite.commit(CODE)
    return plan


def effects(code, file, old, new):
    return find_code_effects(code.trees({file: CODE[file].replace(old, new, 1)}), code.manifest)


def affected(*change):
    found = effects(*change).affected
    return {a.config.removeprefix("configs/m/"): (a.impact, *map(str, a.reasons)) for a in found}


NETS, TOOLS = "paddleseg/nets.py", "paddleseg/tools.py"
BOTH_TRAIN = {"m.yml": "training", "other.yml": "training"}
EVERY_GRAPH = {"m.yml": "graph", "other.yml": "graph", "far.yml": "graph"}


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (NETS, "tools.scale(", "2 * tools.scale(", {"m.yml": "Net", "other.yml": "Net"}),
        (NETS, "return x", "return 2 * x", {"m.yml": "Small", "other.yml": "Large"}),
        (NETS, "    pass", "    wide = True", {"other.yml": "Large"}),
        (TOOLS, "scale(x): return x", "scale(x): return 2", {"m.yml": "Net", "other.yml": "Net"}),
        (TOOLS, "rare(x): return x", "rare(x): return 2", {}),
        (NETS, "class Small:", "class Small:\n    '''Text.'''  # words", {}),
        (NETS, "import ops", "import ops, more", {}),
        (NETS, "import tools", "import others as tools", {"m.yml": "Net", "other.yml": "Net"}),
    ],
)
def test_models_are_affected_whose_classes_can_use_what_differs(code, file, old, new, expected):
    found = affected(code, file, old, new)
    assert found == {name: ("graph", f"{file} ({user})") for name, user in expected.items()}


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (
            TOOLS,
            "loss(x): return x",
            "loss(x): return 2",
            {"m.yml": "training", "other.yml": "training"},
        ),
        ("paddleseg/losses.py", "return x", "return 2", {"m.yml": "training"}),
        ("paddleseg/steps.py", "return x", "return 2", {"m.yml": "evaluation"}),
        (
            "paddleseg/cvlibs/builder.py",
            "return 1",
            "return 2",
            {"m.yml": "graph", "other.yml": "graph", "far.yml": "graph"},
        ),
    ],
)
def test_the_impact_is_that_of_what_uses_the_code(code, file, old, new, expected):
    found = affected(code, file, old, new)
    assert {name: impact for name, (impact, *_) in found.items()} == expected


def test_what_a_model_uses_is_known_by_definition(code):
    found = effects(code, NETS, "return x", "return 2 * x")
    assert {
        c.rpartition("/")[2]: {s.name for s in t.definitions} for c, t in found.touched.items()
    } == {
        "m.yml": {"Small.forward"},
        "other.yml": {"Small.forward"},
    }


@pytest.mark.parametrize(
    "registering",
    [
        "from paddleseg.parts import Part as Other\nmanager.BACKBONES.add_component(Other)\n",
        'from paddleseg import parts\nmanager.BACKBONES._components_dict["Other"] = parts.Part\n',
    ],
)
def test_a_class_may_be_registered_elsewhere_and_by_another_name(code, registering):
    parts = "class Part:\n    def forward(self, x): return x\n"
    config = "model: {type: Net, backbone: {type: Other}}\n"
    code.base = code.suite.commit(
        {
            "paddleseg/parts.py": parts,
            "paddleseg/registering.py": registering,
            "configs/m/other.yml": config,
        }
    )
    changed = code.trees({"paddleseg/parts.py": parts.replace("return x", "return 2")})
    affected = find_code_effects(changed, code.manifest).affected
    assert [item.config for item in affected] == ["configs/m/other.yml"]


def test_a_config_that_differs_itself_has_the_reasons_of_both(code):
    planned = code(
        {
            NETS: CODE[NETS].replace("return x", "return 2 * x", 1),
            "configs/m/m.yml": CODE["configs/m/m.yml"].replace("num_classes: 2", "num_classes: 3"),
        }
    )
    own = next(item for item in planned.affected if item.config == "configs/m/m.yml")
    assert (own.change, own.keys) == ("modified", ("model.num_classes",))
    assert [str(reason) for reason in own.reasons] == ["configs/m/m.yml", f"{NETS} (Small)"]


def test_a_loss_that_differs_runs_only_with_training(code):
    change = {"paddleseg/losses.py": CODE["paddleseg/losses.py"].replace("return x", "return 2")}
    planned = code(change)
    assert planned.jobs == ()
    assert any("--include-training" in row.reason for row in planned.skipped)
    assert [job.id for job in code(change, training_too=True).jobs] == ["m.qat"]


@pytest.mark.parametrize(
    ("file", "old", "new", "reason", "needed"),
    [
        (NETS, "return x", "return x  # x", "only comments, docstrings or layout differ", False),
        (
            TOOLS,
            "rare(x): return x",
            "rare(x): return 2",
            "no model uses what differs in it",
            False,
        ),
    ],
)
def test_a_changed_file_without_a_model_is_named_all_the_same(code, file, old, new, reason, needed):
    (row,) = effects(code, file, old, new).rows
    assert (row.config, row.reason, row.needed) == (file, reason, needed)


def test_a_new_file_that_cannot_be_read_keeps_the_gate_from_passing(code):
    rows = find_code_effects(code.trees({"paddleseg/new.py": "def f(:"}), code.manifest).rows
    assert [(row.config, row.needed) for row in rows] == [("paddleseg/new.py", True)]
    assert "cannot be read as Python" in rows[0].reason


def test_a_file_may_be_used_through_one_that_cannot_be_read(code):
    code.base = code.suite.commit({"paddleseg/large.py": "#" * 300_000})
    (row,) = effects(code, TOOLS, "rare(x): return x", "rare(x): return 2").rows
    assert (row.config, row.needed) == (TOOLS, True)
    assert row.reason == "no model is known to use it, but paddleseg/large.py cannot be read"


def test_all_of_a_file_counts_that_can_no_longer_be_read(code):
    assert set(affected(code, NETS, "class Net:", "class Net(:")) == {"m.yml", "other.yml"}


def test_a_class_with_a_long_name_is_named_in_short(code):
    name = "N" * 10_000
    nets = CODE[NETS].replace("class Net:", f"class {name}:")
    code.base = code.suite.commit({NETS: nets, "configs/m/m.yml": f"model: {{type: {name}}}\n"})
    changed = code.trees({NETS: nets.replace("tools.scale(", "2 * tools.scale(")})
    (item,) = find_code_effects(changed, code.manifest).affected
    assert item.reasons[0].uses_it == shorten(name, MAX_KEY)


def test_more_files_than_a_plan_lists_are_all_accounted_for(code):
    names = [f"paddleseg/part{number:02}.py" for number in range(MAX_REASONS + 2)]
    imports = "".join(f"from paddleseg import part{n:02}\n" for n in range(len(names)))
    calls = "+".join(f"part{n:02}.make()" for n in range(len(names)))
    net = CODE[NETS].replace("tools.scale(", f"{calls} + tools.scale(")
    files = dict.fromkeys(names, "def make(): return 1\n")
    code.base = code.suite.commit({NETS: imports + net, **files})
    changed = code.trees(dict.fromkeys(names, "def make(): return 2\n"))
    effects = find_code_effects(changed, code.manifest)
    assert [(len(a.reasons), a.more_reasons) for a in effects.affected] == [(MAX_REASONS, 2)] * 2
    assert effects.rows == ()


@pytest.mark.parametrize("change", [{"README.md": "changed"}, {"tools/train.py": "print(1)\n"}])
def test_other_files_affect_nothing_and_no_code_is_read(code, change, monkeypatch):
    monkeypatch.delattr("bot.plan.code.read_side")
    effects = find_code_effects(code.trees(change), code.manifest)
    assert (effects.affected, effects.rows) == ((), ())


def test_nothing_is_said_of_a_suite_whose_registers_are_not_known(code, monkeypatch):
    monkeypatch.setattr("bot.plan.code_side.find_registry", lambda tree, suite: None)
    assert affected(code, NETS, "return x", "return 2") == {}


def test_code_that_reads_the_data_of_a_recipe_affects_its_cases(code):
    data = {"deploy/data.yml": "val_dataset: {transforms: [{type: Blur}]}\n"}
    steps = (
        CODE["paddleseg/steps.py"]
        + """
@manager.TRANSFORMS.add_component
class Blur:
    def __call__(self, x):
        return x + 1
"""
    )
    code.base = code.suite.commit({**data, "paddleseg/steps.py": steps})
    planned = code({"paddleseg/steps.py": steps.replace("x + 1", "x + 2")})
    assert [(item.config, item.impact) for item in planned.affected] == [
        ("deploy/data.yml", "evaluation")
    ]
    assert [(job.id, job.because, job.only_by_code) for job in planned.jobs] == [
        ("m.qat", ("deploy/data.yml",), False)
    ]
    assert planned.candidates == ()


def test_the_network_of_a_config_by_which_a_recipe_reads_data_does_not_count(code):
    data = {"deploy/data.yml": CODE["configs/m/m.yml"]}
    code.base = code.suite.commit(data)
    scaled = {NETS: CODE[NETS].replace("tools.scale(", "2 * tools.scale(")}
    assert [(job.because, job.only_by_code) for job in code(scaled).jobs] == [
        (("configs/m/m.yml",), True)
    ]


STARTS = {
    **CODE,
    "paddleseg/__init__.py": INIT + "from paddleseg import nets, losses, steps\n",
    "paddleseg/core/infer.py": "def reverse_transform(x): return x\n"
    "def aug_inference(x): return slide_inference(x)\ndef slide_inference(x): return x\n"
    "def rare(x): return x\n",
    "paddleseg/cvlibs/builder.py": "class SegBuilder:\n    def build_component(self): pass\n"
    "    def model(self): return 1\n    def train_dataset(self): pass\n    def rare(self): pass\n",
    "paddleseg/cvlibs/config.py": "class Config: pass\n",
    "paddleseg/cvlibs/config_checker.py": "class ConfigChecker: pass\n"
    "class DefaultSyncImgChannelsRule: pass\nclass DefaultSyncNumClassesRule: pass\n",
    "paddleseg/deploy/export.py": "class WrappedModel: pass\n",
    "paddleseg/transforms/transforms.py": "class Compose: pass\n",
    "configs/m/slides.yml": "model: {type: Net, backbone: {type: Small}, num_classes: 2}\n"
    "test_config: {is_slide: true, crop_size: [8, 8], stride: [4, 4]}\n",
}


@pytest.fixture
def started(plan):
    plan.base = plan.suite.commit(STARTS)
    return plan


def touched(plan, file, old, new):
    assert old in STARTS[file]
    found = find_code_effects(plan.trees({file: STARTS[file].replace(old, new, 1)}), plan.manifest)
    configs = {config.removeprefix("configs/m/") for config in found.touched}
    return configs, [(row.reason, row.needed) for row in found.rows]


INFER, BUILDER = "paddleseg/core/infer.py", "paddleseg/cvlibs/builder.py"
ALL = {"m.yml", "other.yml", "slides.yml", "far.yml"}


@pytest.mark.parametrize(
    ("file", "old", "new", "configs"),
    [
        (INFER, "reverse_transform(x): return x", "reverse_transform(x): return -x", ALL),
        (INFER, "slide_inference(x): return x", "slide_inference(x): return -x", {"slides.yml"}),
        (INFER, "rare(x): return x", "rare(x): return -x", set()),
        (BUILDER, "return 1", "return 2", ALL),
        (BUILDER, "def rare(self): pass", "def rare(self): return 2", set()),
        (BUILDER, "class SegBuilder", "print(1)\nclass SegBuilder", ALL),
    ],
)
def test_of_shared_code_counts_what_the_driver_calls_for_the_model(
    started, file, old, new, configs
):
    assert touched(started, file, old, new)[0] == configs


def test_a_module_that_is_no_longer_imported_affects_the_models_that_use_it(started):
    configs, rows = touched(started, "paddleseg/__init__.py", "nets, losses, steps", "nets, steps")
    assert configs == {"m.yml"}
    assert not rows


def test_what_a_package_does_when_it_is_imported_affects_all_below_it(started):
    configs, _ = touched(started, "paddleseg/__init__.py", INIT, "tune()\n" + INIT)
    assert configs >= {"m.yml", "other.yml", "slides.yml"}


def test_an_import_of_what_does_not_exist_keeps_the_plan_from_being_sure(started):
    _, rows = touched(started, TOOLS, "def scale", "from paddleseg.lost import x\ndef scale")
    assert ("imports paddleseg.lost.x, which does not exist: correct the import", True) in rows


def test_a_name_that_means_another_definition_affects_its_users(plan):
    files = {
        "paddleseg/kit/__init__.py": "from .a import op\n",
        "paddleseg/kit/a.py": "def op(): return 1\n",
        "paddleseg/kit/b.py": "def op(): return 2\n",
        "paddleseg/nets.py": "from paddleseg import kit\n@manager.MODELS.add_component\n"
        "class Net:\n    def forward(self, x): return kit.op()\n",
        "paddleseg/__init__.py": INIT,
        "configs/m/m.yml": "model: {type: Net}\n",
    }
    plan.base = plan.suite.commit(files)
    trees = plan.trees({"paddleseg/kit/__init__.py": "from .b import op\n"})
    assert "configs/m/m.yml" in find_code_effects(trees, plan.manifest).touched
