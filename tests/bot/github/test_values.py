"""What a check of ours tells of itself."""

import pytest

from bot.github.values import Check


@pytest.mark.parametrize(
    ("external_id", "run_id"),
    [("run-1", 1), ("run-42", 42), ("run-" + "9" * 18, 10**18 - 1)],
)
def test_a_check_names_the_run_that_wrote_it(external_id, run_id):
    assert Check(1, "a" * 40, None, None, None, external_id, 0).run_id == run_id


@pytest.mark.parametrize(
    "external_id", ["", "run-", "run-x", "run-1 2", "run-1\n", "xrun-1", "run-" + "9" * 19, "run-١"]
)
def test_a_check_that_we_did_not_write_names_no_run(external_id):
    assert Check(1, "a" * 40, "failure", "x", "", external_id, 0).run_id is None
