from compress.artifacts.record import combine_effects


def test_two_steps_are_counted_from_the_first_to_the_last():
    pruned = {"flops": (100.0, 70.0), "zeros": (0.01, 0.02)}
    quantised = {"zeros": (0.02, 0.05)}
    assert combine_effects({}, pruned) == pruned
    combined = combine_effects(pruned, quantised)
    assert combined == {"flops": (100.0, 70.0), "zeros": (0.01, 0.05)}
