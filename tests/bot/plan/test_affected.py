"""Which configs a change affects, through which files, and what it can touch."""

import pytest

from bot.plan.affected import MAX_KEY, MAX_KEYS, MAX_REASONS, find_affected
from bot.plan.trees import config_paths, resolve_or_none
from bot.plan.values import BadInput
from tests.bot.plan.conftest import FILES

DATA, M = "configs/_base_/data.yml", "configs/m/m.yml"


def affected(plan, files):
    return {item.config: item for item in find_affected(plan.trees(files), plan.manifest)}


def test_every_yaml_file_below_the_roots_is_a_config(plan):
    trees = plan.trees(
        {"tools/x.yml": "a: 1\n", "configs/notes.txt": "x", "configs/b.yaml": "a: 1"}
    )
    assert config_paths(trees.head, plan.manifest) == sorted(
        path for path in (*FILES, "configs/b.yaml") if path.endswith((".yml", ".yaml"))
    )


def test_changed_files_are_those_of_another_content_or_on_one_side_only(plan):
    changes = {
        "configs/m/far.yml": None,
        "configs/n.yml": "a: 1\n",
        "README.md": "changed",
        "deploy/qat.yaml": "QuantAware: {}\n",
    }
    assert plan.trees(changes).changed_files() == changes.keys()


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("configs/_base_/data.yml", "iters: 10", "iters:   10  # words"),
        ("configs/m/m.yml", "{type: A, num_classes: 2}", "{num_classes: 2, type: A}"),
        ("configs/m/m.yml", "type: A", "type: 'A'"),
        ("configs/_base_/mid.yml", "_base_: data.yml", "_base_: ../_base_/data.yml"),
    ],
)
def test_another_way_to_write_the_same_affects_nothing(plan, file, old, new):
    assert affected(plan, {file: FILES[file].replace(old, new)}) == {}


@pytest.mark.parametrize(("old", "new"), [("2", "2.0"), ("1", "true"), ("false", "0")])
def test_an_equal_value_of_another_type_is_another_value(plan, old, new):
    files = [{"configs/m/far.yml": f"model: {{type: C, n: [{value}]}}\n"} for value in (old, new)]
    plan.base = plan.suite.commit(files[0])
    item = affected(plan, files[1])["configs/m/far.yml"]
    assert (item.keys, item.impact) == (("model.n.0",), "graph")


def test_a_base_counts_whatever_its_name_is(plan):
    heir = {"configs/m/far.yml": "_base_: far.txt\nmodel: {type: C}\n"}
    plan.base = plan.suite.commit({**heir, "configs/m/far.txt": "model: {n: 1}\n"})
    (item,) = affected(plan, {"configs/m/far.txt": "model: {n: 2}\n"}).values()
    assert (item.config, item.reasons[0].changed) == ("configs/m/far.yml", "configs/m/far.txt")
    assert item.keys == ("model.n",)


def test_an_empty_base_is_a_base_that_does_not_exist(plan):
    item = affected(plan, {"configs/m/far.yml": "_base_: ''\nmodel: {type: C}\n"})
    assert item["configs/m/far.yml"].problem == BadInput(
        file="configs/m/far.yml", key="_base_", message="the base configs/m does not exist"
    )


def test_an_heir_names_the_chain_through_which_it_is_affected(plan):
    text = FILES["configs/_base_/data.yml"].replace("data/x", "data/y")
    items = affected(plan, {"configs/_base_/data.yml": text})
    (reason,) = items["configs/m/m.yml"].reasons
    assert (reason.changed, reason.via) == ("configs/_base_/data.yml", ("configs/_base_/mid.yml",))
    (own,) = items["configs/_base_/data.yml"].reasons
    assert (own.changed, own.via) == ("configs/_base_/data.yml", ())


def test_a_base_that_is_taken_over_by_another_still_counts(plan):
    files = {"configs/m/other.yml": "_base_: ../_base_/data.yml\nmodel: {type: B}\n"}
    item = affected(plan, files)["configs/m/other.yml"]
    assert item.keys == ("lr_scheduler",)


@pytest.mark.parametrize(
    ("file", "old", "new", "impact"),
    [
        ("configs/m/m.yml", "type: A", "type: Z", "graph"),
        ("configs/_base_/data.yml", "data/x", "data/y", "evaluation"),
        ("configs/_base_/mid.yml", "0.1", "0.2", "training"),
        ("deploy/qat.yaml", "epochs: 1", "epochs: 2", "compression"),
        ("deploy/qat.yaml", "model_dir: a", "model_dir: b", "training"),
    ],
)
def test_the_impact_is_what_the_keys_can_touch(plan, file, old, new, impact):
    assert affected(plan, {file: FILES[file].replace(old, new)})[file].impact == impact


def test_a_key_beside_global_makes_a_recipe_count(plan):
    text = "QuantAware: {weight_bits: 4}\nTrainConfig: {epochs: 1}\nGlobal: {model_dir: b}\n"
    item = affected(plan, {"deploy/qat.yaml": text})["deploy/qat.yaml"]
    assert item.impact == "compression"
    assert set(item.keys) == {"Global.model_dir", "QuantAware.weight_bits"}


def test_added_and_removed_configs_count_as_graph(plan):
    items = affected(plan, {"configs/m/far.yml": None, "configs/m/new.yml": "model: {type: D}\n"})
    assert (items["configs/m/far.yml"].change, items["configs/m/new.yml"].change) == (
        "removed",
        "added",
    )
    assert {item.impact for item in items.values()} == {"graph"}
    assert {item.keys for item in items.values()} == {()}


def test_a_config_that_breaks_is_affected_with_the_problem(plan):
    item = affected(plan, {"configs/m/m.yml": "_base_: gone.yml\n"})["configs/m/m.yml"]
    assert (item.change, item.keys, item.impact) == ("modified", (), "graph")
    assert item.problem == BadInput(
        file="configs/m/m.yml", key="_base_", message="the base configs/m/gone.yml does not exist"
    )


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("configs/_base_/data.yml", "iters: 10", "iters:\t10"),
        ("configs/m/m.yml", "type: A,", "type: A,\t"),
    ],
)
def test_the_same_content_in_a_file_that_no_suite_can_load_is_a_problem(plan, file, old, new):
    items = affected(plan, {file: FILES[file].replace(old, new)})
    problem = items["configs/m/m.yml"].problem
    assert (problem.file, problem.before) == (file, False)
    assert problem.message.startswith("not valid YAML for the suite: ")


def test_the_same_content_in_a_file_that_was_broken_before_affects_nothing(plan):
    broken = FILES["configs/m/m.yml"].replace("type: A", "type: Gone")
    plan.base = plan.suite.commit({"configs/m/m.yml": broken})
    assert affected(plan, {"configs/m/m.yml": broken + "# words\n"}) == {}
    assert affected(plan, {"configs/m/m.yml": broken + "n: 1\n"})["configs/m/m.yml"].problem.before


def test_the_problem_of_an_heir_names_the_base_that_holds_it(plan):
    text = "_base_: data.yml\nlr_scheduler: {type: PolynomialDecayX}\n"
    items = affected(plan, {"configs/_base_/mid.yml": text})
    assert items["configs/m/m.yml"].problem == BadInput(
        file="configs/_base_/mid.yml",
        key="lr_scheduler.type",
        message="the suite has no schedule 'PolynomialDecayX'; did you mean 'PolynomialDecay'?",
    )
    assert items["configs/_base_/mid.yml"].problem is None  # not a model by itself


def test_recipes_are_not_loaded_as_configs_of_the_suite(plan):
    text = "QuantAware: {}\nTrainConfig: {epochs: 2}\nmodel: {type: Gone}\n"
    assert affected(plan, {"deploy/qat.yaml": text})["deploy/qat.yaml"].problem is None
    assert affected(plan, {"deploy/data.yml": text})["deploy/data.yml"].problem is not None


def test_what_cannot_be_resolved_is_none(plan):
    tree = plan.trees({"configs/m/far.yml": "model: {"}).head
    assert resolve_or_none(tree, "configs/m/far.yml") is None
    assert resolve_or_none(tree, "configs/gone.yml") is None
    assert resolve_or_none(tree, "deploy/qat.yaml")["TrainConfig"] == {"epochs": 1}


def test_a_config_lists_the_nearest_reasons_and_counts_the_others(plan):
    bases = {f"configs/_base_/b{i:02}.yml": f"k{i}: 1\n" for i in range(12)}
    listed = ", ".join(f"../_base_/b{i:02}.yml" for i in range(12))
    plan.base = plan.suite.commit({**bases, "configs/m/many.yml": f"_base_: [{listed}]\na: 1\n"})
    changed = {path: text.replace("1", "2") for path, text in bases.items()}
    changed["configs/m/many.yml"] = f"_base_: [{listed}]\na: 2\n"
    item = affected(plan, changed)["configs/m/many.yml"]
    assert [reason.changed for reason in item.reasons] == [
        *(f"configs/_base_/b{i:02}.yml" for i in range(MAX_REASONS - 1)),
        "configs/m/many.yml",
    ]
    assert item.more_reasons == 13 - MAX_REASONS


def test_the_first_differing_keys_are_listed_and_the_others_counted(plan):
    def text(value):
        return "model: {type: C}\n" + "".join(f"k{i:03}: {value}\n" for i in range(120))

    plan.base = plan.suite.commit({"configs/m/far.yml": text(1)})
    item = affected(plan, {"configs/m/far.yml": text(2)})["configs/m/far.yml"]
    assert item.keys == tuple(f"k{i:03}" for i in range(MAX_KEYS))
    assert item.more_keys == 120 - MAX_KEYS


def test_the_impact_counts_keys_that_are_not_listed(plan):
    def text(value):
        lines = (f"  k{i:03}: {value}\n" for i in range(120))
        return f"lr_scheduler:\n{''.join(lines)}model: {{type: C, n: {value}}}\n"

    plan.base = plan.suite.commit({"configs/m/far.yml": text(1)})
    item = affected(plan, {"configs/m/far.yml": text(2)})["configs/m/far.yml"]
    assert (item.impact, "model.n" in item.keys) == ("graph", False)


def test_a_long_key_is_listed_without_its_middle(plan):
    files = [{"configs/m/far.yml": f"{'a' * 150}: {{{'b' * 150}: {i}}}\n"} for i in range(2)]
    plan.base = plan.suite.commit(files[0])
    (key,) = affected(plan, files[1])["configs/m/far.yml"].keys
    assert (len(key), key[:3], key[-3:]) == (MAX_KEY, "aaa", "bbb")


@pytest.mark.parametrize(
    ("broken", "files"),
    [
        ({M: "model: [\n"}, {M: FILES[M]}),
        ({M: "_base_: gone.yml\nmodel: {type: A}\n"}, {M: FILES[M]}),
        ({M: FILES[M].replace("type: A", "type: Unknown")}, {M: FILES[M]}),
        ({DATA: "batch_size:\t2\n"}, {DATA: "batch_size: 3\n"}),
    ],
)
def test_what_the_suite_could_not_load_on_base_is_repaired(plan, broken, files):
    plan.base = plan.suite.commit(broken)
    found = {item.config: item for item in find_affected(plan.trees(files), plan.manifest)}
    assert (found[M].change, found[M].problem, found[M].keys) == ("repaired", None, ())


def test_a_repaired_model_is_measured_on_head_alone(plan):
    plan.base = plan.suite.commit({M: "model: [\n"})
    (job,) = plan({M: FILES[M]}).jobs
    assert (list(job.sides), job.id) == (["head"], "m.qat")
    assert job.base_problem.startswith("broken before this change")
