"""How many threads there are unless somebody says otherwise."""

import os

from core.processors import default_threads


def test_the_default_is_what_this_process_may_use():
    assert default_threads() == len(os.sched_getaffinity(0)) >= 1
