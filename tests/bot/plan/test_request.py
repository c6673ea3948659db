"""A request that later steps trust: commits in full, and kinds of runners that fit into labels."""

import pytest
from pydantic import ValidationError

from bot.plan.request import RunRequest

VALID = {"origin": "push", "number": 7, "base": "main", "head": "a" * 40}


def test_a_request_names_its_commits_in_full():
    request = RunRequest(**VALID, base_commit="b" * 40, trusted_commit="c" * 40, runners=("cpu-1",))
    assert (request.head, request.base_commit, request.trusted_commit) == (
        "a" * 40,
        "b" * 40,
        "c" * 40,
    )


@pytest.mark.parametrize("field", ["head", "base_commit", "trusted_commit"])
@pytest.mark.parametrize("commit", ["a" * 39, "a" * 41, "A" * 40, "main", "--all", "a" * 40 + "\n"])
def test_anything_but_a_commit_in_full_is_refused(field, commit):
    with pytest.raises(ValidationError, match=field):
        RunRequest(**{**VALID, field: commit})


@pytest.mark.parametrize("field", ["runners", "left_out"])
@pytest.mark.parametrize("kind", ["", "CPU", "../cpu", "a b", "-x", "x" * 31, "cpu\n"])
def test_a_kind_of_runner_becomes_a_label_and_a_folder(field, kind):
    with pytest.raises(ValidationError, match=field):
        RunRequest(**VALID, **{field: (kind,)})
