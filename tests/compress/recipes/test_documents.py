"""Where a recipe's document comes from: the suite's revision, or slimgate itself."""

import pytest

from compress.recipes.documents import recipe_document
from compress.resolve import ConfigTree
from compress.suites import SUITES
from core.errors import InputError
from core.git import Entry

DIALECT = next(iter(SUITES.values())).dialect
CONTENT = {"blob": b"QuantPost:\n  batch_nums: 4\n", "list": b"- 1\n"}
TREE = ConfigTree(
    {
        "slim/ptq.yaml": Entry("100644", "blob"),
        "slim/list.yaml": Entry("100644", "list"),
    },
    CONTENT.get,
    DIALECT,
)


def test_a_recipe_of_the_suite_is_read_from_its_revision():
    assert recipe_document("slim/ptq.yaml", TREE) == {"QuantPost": {"batch_nums": 4}}
    assert recipe_document("slim/other.yaml", TREE) is None


def test_a_recipe_of_the_suite_must_be_a_mapping():
    with pytest.raises(InputError) as caught:
        recipe_document("slim/list.yaml", TREE)
    assert caught.value.file == "slim/list.yaml"


def test_a_recipe_of_slimgate_needs_no_revision():
    assert "QuantPost" in recipe_document("slimgate:ptq.yaml", ConfigTree({}, {}.get, DIALECT))


@pytest.mark.parametrize(
    "file", ["slimgate:ptk.yaml", "slimgate:", "slimgate:../suites/PaddleSeg.yml"]
)
def test_the_recipes_of_slimgate_are_listed_for_an_unknown_name(file):
    with pytest.raises(InputError) as caught:
        recipe_document(file, TREE)
    error = caught.value
    assert (error.key, error.given) == ("recipes.file", file)
    assert {"slimgate:ptq.yaml", "slimgate:qat.yaml"} <= set(error.choices)
    assert list(error.choices) == sorted(error.choices)
    assert error.hint == "name one of these in the manifest"


def test_no_folder_leads_out_of_the_recipes():
    """Only the last part of the name counts."""
    assert recipe_document("slimgate:../recipes/ptq.yaml", TREE) == recipe_document(
        "slimgate:ptq.yaml", TREE
    )
