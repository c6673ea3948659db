"""ASP 2:4 pruning."""


def test_asp_leaves_two_of_four(bench):
    (made,) = bench.compress({"ASPPrune": {}, "Distillation": {}})
    assert made["effects"]["zeros_2_4"][1] > 0.8
