"""Findings cross process boundaries, so that their form is checked."""

import pytest
from pydantic import ValidationError

from core.finding import Edit, Finding

GOOD = {"code": "SG101", "severity": "error", "message": "m", "file": "r.yaml"}


def test_a_finding_needs_no_more_than_code_severity_message_and_file():
    finding = Finding(**GOOD)
    assert (finding.line, finding.column, finding.key, finding.fix) == (None, None, None, None)
    assert finding.edits == ()


@pytest.mark.parametrize(
    "change",
    [
        {"code": "SG1"},
        {"code": "sg101"},
        {"code": "SG1011"},
        {"severity": "fatal"},
        {"line": 0},
        {"column": 0},
        {"colour": "red"},
        {"edits": [{"start": -1, "end": 0, "text": ""}]},
    ],
)
def test_lines_count_from_one_and_codes_have_three_digits(change):
    with pytest.raises(ValidationError):
        Finding.model_validate({**GOOD, **change})


def test_a_finding_survives_being_written_and_read():
    finding = Finding(**GOOD, line=3, column=1, edits=(Edit(start=0, end=2, text="é"),))
    assert Finding.model_validate_json(finding.model_dump_json()) == finding
