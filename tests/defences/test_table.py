"""The table of docs/security.md lists every entry, as written."""

import pytest

from core.installation import ROOT
from tests.defences.conftest import ENTRY
from tests.defences.entries import Defence
from tests.defences.table import BEGIN, END, PAGE, defences, main, render_table, with_table

DEFENCE = Defence(**ENTRY)
ROW = (
    "| a file without end | sizes have a limit | [gate.py](../gate.py) "
    "| [test_large_is_refused](../tests/test_gate.py) |"
)


def test_the_page_is_up_to_date():
    page = (ROOT / PAGE).read_text("utf-8")
    assert page == with_table(page, render_table(defences())), "run: make security-docs"


def test_a_row_links_to_the_file_and_to_that_of_the_test():
    assert render_table([DEFENCE]).split("\n")[2:] == [ROW]


def test_rows_are_in_the_order_of_files():
    other = DEFENCE.model_copy(update={"file": "a.py"})
    assert render_table([DEFENCE, other]) == render_table([other, DEFENCE])
    assert render_table([DEFENCE, other]).split("\n")[3] == ROW


def test_text_stays_within_its_cell():
    odd = DEFENCE.model_copy(update={"threat": "a | b <b> [x](y) `c`"})
    assert r"| a \| b &lt;b> \[x\](y) `c` |" in render_table([odd])


def test_only_what_is_between_the_lines_changes(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"# Before\n{BEGIN}\nold\n{END}\nafter\n")
    main(page)
    assert page.read_text() == f"# Before\n{BEGIN}\n{render_table(defences())}\n{END}\nafter\n"
    with pytest.raises(ValueError, match="has no lines"):
        with_table("# Page\n", "")
