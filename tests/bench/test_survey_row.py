"""Rows of the survey: what tells them apart, and rows of the first version."""

import pytest

from bench.proven import PrecisionProof
from bench.survey_row import SurveyRow, low_precision_convolutions

ROW = SurveyRow(
    commit="c", config="m.yml", recipe="ptq", shape=(1, 3, 8, 8), full_shape=(1, 3, 64, 64)
)


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"full_shape": (1, 3, 8, 8)}, True),
        ({"remarks": ("a",)}, True),
        ({"commit": "d"}, False),
        ({"config": "n.yml"}, False),
        ({"recipe": "qat"}, False),
        ({"target": "cpu-native-fp32"}, False),
        ({"shape": (1, 3, 64, 64)}, False),
    ],
)
def test_a_row_is_another_one_where_its_question_differs(changes, same):
    assert (ROW.model_copy(update=changes).id == ROW.id) == same


def test_rows_of_the_first_version_are_read():
    text = ROW.model_dump_json(by_alias=True)
    assert '"schema":"slimgate.survey/1"' in text
    older = SurveyRow.model_validate_json(text.replace("slimgate.survey/1", "slimgate.coverage/1"))
    assert older.id == ROW.id


def test_convolutions_in_low_precision_are_counted_where_there_is_a_proof():
    proof = PrecisionProof(precision="int8", op_types=(), ops={"conv2d": (3, 4)})
    assert low_precision_convolutions(ROW) == (0, 0)
    assert low_precision_convolutions(ROW.model_copy(update={"proof": proof})) == (3, 4)
