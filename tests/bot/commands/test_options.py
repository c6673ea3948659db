"""Values of options that several commands share."""

import pytest

from bot.commands.options import MAX_SECONDS
from compress.manifest import MAX_TIMEOUT_S
from tests.bot.shell import slimgate

RUN = ("run", "--suite", "example-seg", "--repo", ".", "--base", "x", "--out", "out")


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (RUN, "--stage-timeout"),
        (("bench", ".", "--shape", "1x3x8x8"), "--stage-timeout"),
        (("bench", ".", "--shape", "1x3x8x8"), "--seconds"),
    ],
)
@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "1e300", "2592001", "0"])
def test_a_time_that_is_none_is_refused(words, option, value):
    ended = slimgate(*words, option, value)
    assert ended.returncode == 2
    assert f"Invalid value for '{option}'" in " ".join(ended.stderr.split())


def test_times_of_options_have_the_limit_of_manifests():
    assert MAX_SECONDS == MAX_TIMEOUT_S
