"""``slimgate explain``: by code, by name, and what is said of a wrong one."""

import pytest

from compress.doctor.rules import find_rule
from tests.bot.shell import slimgate


@pytest.mark.parametrize("word", ["SG105", find_rule("SG105").name])
def test_a_rule_is_explained_by_code_or_name(word):
    ended = slimgate("explain", word, COLUMNS="200")
    assert ended.returncode == 0
    assert "SG105" in ended.stdout
    assert find_rule("SG105").title.replace("`", "") in " ".join(ended.stdout.split())


def test_an_unknown_code_lists_the_valid_ones():
    ended = slimgate("explain", "SG1011")
    assert ended.returncode == 2
    assert "unknown code 'SG1011'" in ended.stderr
    assert "choices: SG100, SG101" in ended.stderr
    assert "next:    give one of these codes" in ended.stderr
