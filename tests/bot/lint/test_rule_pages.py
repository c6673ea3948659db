"""The pages of the rules: one for each, an index, and none of rules that no longer exist."""

from pathlib import Path

from bot.lint.rule_pages import write_pages
from compress.doctor.rules import RULES

DOCUMENTS = Path(__file__).parents[3] / "docs" / "rules"


def test_each_rule_has_a_page_and_a_row_of_the_index(tmp_path):
    (tmp_path / "SG999.md").write_text("gone")
    (tmp_path / "notes.md").write_text("mine")
    write_pages(tmp_path)
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {f"{rule.code}.md" for rule in RULES} | {"README.md", "notes.md"}
    index = (tmp_path / "README.md").read_text().splitlines()
    assert index[:2] == ["# Rules", ""]
    assert len(index) == 4 + len(RULES)
    first = RULES[0]
    row = f"| [{first.code}]({first.code}.md) | {first.severity} | {first.stage} | {first.title} |"
    assert index[4] == row


def test_the_pages_in_the_documents_are_those_of_the_rules(tmp_path):
    """``make rule-docs`` writes them again."""
    write_pages(tmp_path)
    written = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert {path.name: path.read_text() for path in DOCUMENTS.glob("*.md")} == written
