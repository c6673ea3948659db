"""A plan on disk measures exactly what the plan in memory does."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.plan.values import Plan
from core.safe_yaml import TAG_KEY, VALUE_KEY, dump_yaml, parse_mapping
from core.schema import load_json, write_json
from tests.bot.builders import make_plan

key = st.text(max_size=6).filter(lambda text: not text.startswith("!")) | st.just("-10")
scalar = (
    st.none()
    | st.booleans()
    | st.integers(-(10**60), 10**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([-0.0, 1e22, 5e-324, 1.7976931348623157e308, 2**53 + 1, "\x00\x85\u2028"])
    | st.text(max_size=8)
)
plain = st.recursive(
    scalar,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(key, inner, max_size=3)
        | st.dictionaries(key, inner, max_size=2).map(lambda d: {TAG_KEY: "Tag", **d})
        | st.lists(inner, max_size=2).map(lambda values: {TAG_KEY: "Tag", VALUE_KEY: values})
    ),
    max_leaves=12,
)


def with_config(config):
    plan = make_plan()
    job = plan.jobs[0]
    sides = {
        side: spec.model_copy(update={"config": config, "data_config": config})
        for side, spec in job.sides.items()
    }
    return plan.model_copy(update={"jobs": (job.model_copy(update={"sides": sides}),)})


@given(st.dictionaries(key, plain, max_size=4))
@settings(deadline=None)
def test_a_config_in_a_plan_is_the_same_after_it_was_written_and_read(tmp_path_factory, document):
    """Also the sign of zero, the type of numbers and the order of keys."""
    config = parse_mapping(dump_yaml(document, {"Tag"}), "f")
    path = tmp_path_factory.getbasetemp() / "plan.json"
    write_json(path, with_config(config))
    side = load_json(Plan, path).jobs[0].sides["head"]
    assert repr(side.config) == repr(side.data_config) == repr(config) == repr(document)


@pytest.mark.parametrize("job", ["", "../m.qat", "a/b", "m" * 202, ".hidden", "a b", "a\n"])
def test_the_name_of_a_job_fits_into_the_name_of_a_file(job):
    data = make_plan().model_dump(by_alias=True)
    data["jobs"][0]["id"] = job
    with pytest.raises(ValidationError, match=r"jobs\.0\.id"):
        Plan.model_validate(data)
