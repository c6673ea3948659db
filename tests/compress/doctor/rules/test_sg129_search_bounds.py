"""SG129: bounds, choices and the number of trials of a search, as ACT reads them."""

import pytest

from compress.doctor.rules.sg129_search_bounds import RULE
from tests.compress.doctor.rules import PTQ, findings, messages


def search(lines):
    return f"{PTQ}HyperParameterOptimization:\n  {lines}\n"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "hist_percent: [0.99]",
            (
                "ACT needs two values in hist_percent where ptq_algo has hist, a lower and an "
                "upper bound, and ends in an IndexError; write two, such as [0.98, 0.999], or take "
                "hist out of ptq_algo"
            ),
        ),
        (
            "hist_percent: [0.999, 0.98]",
            (
                "ACT takes hist_percent for a lower and an upper bound and refuses 0.999 and 0.98; "
                "write [0.98, 0.999]"
            ),
        ),
        (
            "batch_num: [10, 10]",
            (
                "ACT takes batch_num for a lower and an upper bound and refuses 10 and 10; write "
                "two different numbers"
            ),
        ),
        (
            "batch_num: [10, 20, 30, 40]",
            (
                "ACT takes batch_num for a lower and an upper bound, 10 and 20, and ignores 30, "
                "40; slimgate tries each value. Write [10, 40]"
            ),
        ),
        (
            "ptq_algo: [KL, avg, KL]",
            "ptq_algo has KL more than once, which ACT's search refuses; delete one",
        ),
        (
            "bias_correct: [true, true]",
            "bias_correct has true more than once, which ACT's search refuses; delete one",
        ),
        (
            "max_quant_count: 1",
            (
                "ACT takes max_quant_count: 1 for the test run of its own search, and may then add "
                "a search of 20 models or quantisation-aware training; give 2 or more"
            ),
        ),
    ],
)
def test_what_act_reads_otherwise_is_said_at_the_key(line, message):
    assert messages(RULE, search(line)) == [(4, message)]


@pytest.mark.parametrize(
    "text",
    [
        search("hist_percent: [0.98, 0.999]"),
        search("ptq_algo: [avg, KL]\n  hist_percent: [0.999]"),
        search("batch_num: [10]"),
        search("batch_num: [10, 30]\n  max_quant_count: 2"),
        search("hist_percent: 0.999\n  batch_num: [ten]\n  ptq_algo: hist"),  # SG103
        search("batch_num: [4, 8, 16]\n  objective: distance"),  # not for ACT
        search("max_quant_count: 1\n  max_minutes: 5"),
        search("batch_num: []\n  hist_percent: null"),
        "HyperParameterOptimization:\n",
        PTQ,
    ],
)
def test_bounds_that_rise_and_what_the_schema_refuses_pass(text):
    assert findings(RULE, text) == []
