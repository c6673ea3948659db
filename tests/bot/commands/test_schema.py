"""``slimgate schema``: valid JSON Schemas that accept what ships with slimgate."""

import json

import pytest
import yaml

from compress.manifest import bundled_suites
from core.installation import shipped
from tests.bot.shell import slimgate


@pytest.mark.parametrize("kind", ["recipe", "manifest"])
def test_a_schema_is_one_json_document_that_names_the_keys(kind):
    ended = slimgate("schema", kind)
    assert (ended.returncode, ended.stderr) == (0, "")
    schema = json.loads(ended.stdout)
    if kind == "manifest":
        files = bundled_suites().values()
    else:
        files = (shipped("configs") / "recipes").glob("*.yaml")
    for file in files:
        assert set(yaml.safe_load(file.read_text())) <= set(schema["properties"]), file


def test_an_unknown_kind_lists_the_valid_ones():
    ended = slimgate("schema", "plan")
    assert ended.returncode == 2
    assert all(word in ended.stderr for word in ("recipe", "manifest"))
