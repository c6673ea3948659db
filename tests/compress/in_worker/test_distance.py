"""The distance by which a search judges its trials."""

import pytest

pytestmark = pytest.mark.paddle


def test_a_search_is_not_judged_on_what_it_calibrates_with(read):
    """Three batches of four: the first two calibrate, the last one judges."""
    assert read(do="judge")["from_end"]
    calibrating, judging = read(5)["passes"], read(5, from_end=True)["passes"]
    for front, back in zip(calibrating, judging, strict=True):
        calibration = {sample[0] for batch in front[:2] for sample in batch}
        assert calibration.isdisjoint({sample[0] for sample in back[0]})
        assert len(calibration) == 8
