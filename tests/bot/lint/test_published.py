"""Published figures against the suite's tables."""

from decimal import Decimal

import pytest

from bot.commands.published import published
from bot.lint.published import find_unconfirmed, read_tables, table_files
from compress.manifest import load_manifest

README = """\
# Results

| model | method | mIoU | CPU ms<br>threads=12 | config |
|:--|:--:|:--:|:--:|:--:|
| Net-1* | Baseline | 77.04 | **1038.4** | - |
| Net-1* | QAT | 77.16 | 1163.8ms | [config](./configs/net/net_qat.yaml) |
| Net-2 | QAT | 50.5 | - | [config](https://x.org/tree/main/a/other_qat.yaml) |

| key | meaning |
|---|---|
| net_qat | see net_qat.yaml, 10 times |
"""
MANIFEST = """
schema: slimgate.manifest/1
suite: s
dialect: paddleseg
config_roots: [configs]
recipe_roots: [deploy/act/configs]
models:
  - name: net
    config: configs/net.yml
    recipes: [{name: qat, file: deploy/act/configs/net/net_qat.yaml}]
    published:
      - recipe: qat
        accuracy_before_points: 77.04
        accuracy_after_points: AFTER
        latency_before_ms: 1038.4
        latency_after_ms: 1163.8
        machine: Xeon
  - name: lone
    config: configs/lone.yml
    recipes:
      - {name: ptq, file: "slimgate:ptq.yaml"}
      - {name: qat, file: deploy/act/configs/lone_qat.yaml}
    published:
      - {recipe: ptq, accuracy_after_points: 1.5, machine: a phone}
LONE
"""


@pytest.fixture
def manifest(tmp_path):
    def write(after="77.16", lone=""):
        path = tmp_path / "s.yml"
        path.write_text(MANIFEST.replace("AFTER", after).replace("LONE", lone))
        return path

    return write


def rows():
    return list(read_tables(README, "deploy/act/readme.md"))


def test_rows_have_their_line_name_numbers_and_links():
    first, second, third, fourth = rows()
    assert str(first) == "deploy/act/readme.md:5: Net-1: 77.04, 1038.4"
    assert second.numbers == (Decimal("77.16"), Decimal("1163.8"))
    assert second.links == {"net_qat.yaml"}
    assert (third.name, third.links) == ("Net-2", {"other_qat.yaml"})
    assert fourth.links == frozenset()


def test_figures_in_the_rows_of_a_case_are_confirmed(manifest):
    assert list(find_unconfirmed(load_manifest(manifest()), rows())) == []


def test_another_figure_is_named_with_the_rows_about_its_case(manifest):
    (found,) = find_unconfirmed(load_manifest(manifest("76.58")), rows())
    assert (found.case, found.machine, found.key, found.value) == (
        "net.qat",
        "Xeon",
        "accuracy_after_points",
        Decimal("76.58"),
    )
    assert [row.line for row in found.rows] == [5, 6]


def test_a_recipe_to_which_no_row_links_is_unconfirmed(manifest):
    lone = "      - {recipe: qat, accuracy_after_points: 50.5, machine: Xeon}"
    (found,) = find_unconfirmed(load_manifest(manifest(lone=lone)), rows())
    assert (found.case, found.rows) == ("lone.qat", ())


def test_tables_lie_beside_the_recipes(manifest):
    files = ["readme.md", "deploy/act/README.MD", "deploy/act/configs/x.md", "deploy/act/x.yml"]
    assert table_files(load_manifest(manifest()), dict.fromkeys(files)) == ["deploy/act/README.MD"]


def test_the_command_lists_what_differs(suite, manifest, capsys):
    suite.commit({"deploy/act/readme.md": README})
    assert published(str(manifest("76.58")), suite.path, "HEAD") == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "net.qat (Xeon): accuracy_after_points 76.58 is in no row about it"
    assert lines[1].endswith("net.qat: deploy/act/readme.md:5: Net-1: 77.04, 1038.4")
    assert lines[-1] == "1 row of the suite's recipes, 1 figure not confirmed"
    assert published(str(manifest()), suite.path, "HEAD") == 0


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("77.08<br>75.1", {"77.08", "75.1"}),
        ("71.3(+0.5)", {"71.3"}),
        ("-1.2", set()),
        ("1,234.5", set()),
        ("38.18.", {"38.18"}),
        ("12.3ms, 5 %", {"12.3", "5"}),
        ("1e-3", set()),
        ("v1.2.3", set()),
        ("１２", set()),
    ],
)
def test_numbers_stand_by_themselves(cell, numbers):
    (row,) = read_tables(f"| a | b |\n|---|---|\n| x | {cell} |\n", "t.md")
    assert {str(number) for number in row.numbers} == numbers


def test_a_link_is_the_file_that_it_leads_to():
    (row,) = read_tables("| a |\n|---|\n| [x](c/a%20b.yaml?raw=1#L3) |\n", "t.md")
    assert row.links == {"a b.yaml"}
