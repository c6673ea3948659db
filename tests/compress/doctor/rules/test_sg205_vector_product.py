"""SG205: products with a vector, which channel-wise quantisation cannot handle."""

import pytest

from compress.doctor.rules.sg205_vector_product import RULE
from tests.compress.doctor.rules import GRAPH, PTQ, QAT, findings, messages

VECTOR = {**GRAPH, "vector_products": ("linspace_0",)}


@pytest.mark.parametrize(
    ("text", "line"),
    [(PTQ, 1), (f"{PTQ}  quantize_op_types: [conv2d, matmul]\n", 3)],
)
def test_quantised_products_are_found(text, line):
    ((place, message),) = messages(RULE, text, graph=VECTOR)
    assert place == line
    assert message.startswith("the weight 'linspace_0' of a product is a vector")


@pytest.mark.parametrize("text", [f"{PTQ}  quantize_op_types: [conv2d, mul]\n", QAT])
def test_recipes_that_leave_products_in_fp32_or_train_pass(text):
    assert findings(RULE, text, graph=VECTOR) == []


def test_an_export_without_vectors_passes():
    assert findings(RULE, PTQ, graph=GRAPH) == []
