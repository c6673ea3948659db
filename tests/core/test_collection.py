"""The search for cycles stops and goes on."""

import gc

import pytest

from core.collection import uncollected


@pytest.mark.parametrize("enabled", [True, False])
def test_what_was_set_before_is_set_again(enabled):
    try:
        (gc.enable if enabled else gc.disable)()
        with pytest.raises(KeyError), uncollected():
            assert not gc.isenabled()
            raise KeyError
        assert gc.isenabled() == enabled
    finally:
        gc.enable()
