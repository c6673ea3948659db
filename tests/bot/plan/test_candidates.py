"""Which models' programs are compared, and which are measured for others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.plan import candidates, fit
from bot.plan.candidates import cover
from tests.bot.plan.conftest import MANIFEST
from tests.bot.plan.test_code import CODE, NETS, TOOLS, code  # noqa: F401  a fixture

M, OTHER = "configs/m/m.yml", "configs/m/other.yml"
TRAINED = {"paddleseg/losses.py": CODE["paddleseg/losses.py"].replace("x\n", "2\n")}
READ = {"paddleseg/steps.py": CODE["paddleseg/steps.py"].replace("x\n", "2\n")}
SCALED = {NETS: CODE[NETS].replace("tools.scale(", "2 * tools.scale(")}


def compared(planned):
    return [candidate.config_file for candidate in planned.candidates]


def test_programs_of_all_models_are_compared_and_the_listed_one_stands_for_others(code):  # noqa: F811
    planned = code(SCALED)
    assert compared(planned) == [M, OTHER]
    assert [(job.id, job.because, job.only_by_code) for job in planned.jobs] == [
        ("m.qat", (M,), True)
    ]
    assert planned.skipped == ()


def test_a_candidate_is_what_runners_need_to_export_it(code):  # noqa: F811
    planned = code(SCALED)
    listed, other = planned.candidates
    assert listed.config["model"]["type"] == "Net"
    assert {side: origin.commit for side, origin in listed.sides.items()} == {
        "base": planned.base,
        "head": planned.head,
    }
    assert (listed.input_shape, listed.output_op) == ((1, 3, 8, 8), "argmax")
    assert other.input_shape != listed.input_shape


def test_what_no_listed_model_uses_is_measured_on_another(code):  # noqa: F811
    planned = code({NETS: CODE[NETS].replace("    pass", "    wide = True")})
    assert compared(planned) == [OTHER]
    assert [(job.config_file, job.only_by_code) for job in planned.jobs] == [(OTHER, True)]


def test_without_a_default_recipe_it_is_compared_alone(code):  # noqa: F811
    text = "".join(line for line in MANIFEST.splitlines(True) if "default_recipe" not in line)
    code.path.write_text(text)
    planned = code({NETS: CODE[NETS].replace("    pass", "    wide = True")})
    assert (compared(planned), planned.jobs) == ([OTHER], ())


def test_a_listed_model_whose_job_cannot_run_stands_for_nobody(code):  # noqa: F811
    planned = code({**SCALED, "deploy/qat.yaml": None})
    assert [job.config_file for job in planned.jobs] == [OTHER]
    assert compared(planned) == [OTHER, M]


@pytest.mark.parametrize(
    ("change", "settles"),
    [
        (SCALED, True),
        (
            {**SCALED, "paddleseg/losses.py": CODE["paddleseg/losses.py"].replace("x\n", "2\n")},
            True,
        ),
        ({**SCALED, "paddleseg/steps.py": CODE["paddleseg/steps.py"].replace("x\n", "2\n")}, False),
        ({"paddleseg/cvlibs/builder.py": "def build(): return 2\n"}, False),
    ],
)
def test_equal_programs_settle_what_networks_alone_decide(code, change, settles):  # noqa: F811
    first, *_ = code(change).candidates
    assert (first.config_file, first.settles) == (M, settles)


@pytest.mark.parametrize(
    ("file", "old"), [("paddleseg/steps.py", "return x"), (TOOLS, "loss(x): return x")]
)
def test_code_that_decides_no_network_needs_no_program(code, file, old):  # noqa: F811
    assert (
        code({file: CODE[file].replace(old, old.replace("return x", "return 2"))}).candidates == ()
    )


def test_a_config_that_differs_itself_is_no_candidate(code):  # noqa: F811
    planned = code({**SCALED, M: CODE[M].replace("num_classes: 2", "num_classes: 3")})
    assert compared(planned) == [OTHER]
    assert [(job.id, job.only_by_code) for job in planned.jobs] == [("m.qat", False)]


@pytest.mark.parametrize("request_", [{"models": ("m",)}, {"all_matching": True}])
def test_what_somebody_asked_for_runs_whatever_its_program_is(code, request_):  # noqa: F811
    jobs = code(SCALED, **request_).jobs
    assert [(job.id, job.only_by_code) for job in jobs if job.model == "m"] == [("m.qat", False)]


def test_models_that_were_asked_for_need_no_programs_of_others(code):  # noqa: F811
    assert code(SCALED, models=("m",)).candidates == ()


LARGE = {NETS: CODE[NETS].replace("    pass", "    wide = True")}


@pytest.mark.parametrize("needed", [False, True])
def test_models_that_were_not_asked_for_and_use_what_differs_are_named(code, needed):  # noqa: F811
    (row,) = [s for s in code(LARGE, models=("m",), all_needed=needed).skipped if s.config == OTHER]
    assert row.needed == needed
    assert "they were not requested" in row.reason


def test_code_that_nothing_uses_which_is_compared_keeps_the_gate_from_passing(
    code,  # noqa: F811
    monkeypatch,
):
    monkeypatch.setitem(candidates.LIMITS, "quick", 0)
    (row,) = [s for s in code(LARGE).skipped if s.needed]
    assert row.config == OTHER
    assert row.reason == (
        "code that they use differs, and no more than 0 models are compared; take the full budget"
    )


def test_a_representative_needs_room_for_its_job(code):  # noqa: F811
    code.path.write_text(f"{MANIFEST}max_jobs: 1\n")
    planned = code({NETS: SCALED[NETS].replace("    pass", "    wide = True")})
    assert [job.id for job in planned.jobs] == ["m.qat"]
    assert set(compared(planned)) == {M, OTHER}
    assert not [row for row in planned.skipped if row.needed]


@pytest.mark.parametrize(
    "difference",
    [
        "output_op: softmax",
        "input_shape: [1, 3, 64, 64]",
        "targets: {gpu-trt: {dynamic_shape: true}}",
    ],
)
def test_a_job_that_exports_its_config_otherwise_is_not_settled(code, difference):  # noqa: F811
    model = "{name: m2, config: configs/m/m.yml, recipes: [{name: qat, file: deploy/qat.yaml}], %s}"
    code.path.write_text(f"{MANIFEST}  - {model % difference}\n")
    jobs = code(SCALED).jobs
    assert [(job.id, job.only_by_code) for job in jobs] == [("m.qat", True), ("m2.qat", False)]


def test_models_beyond_the_limit_are_named(code, monkeypatch):  # noqa: F811
    monkeypatch.setitem(candidates.LIMITS, "quick", 1)
    planned = code(SCALED)
    assert compared(planned) == [M]
    (row,) = planned.skipped
    assert (row.config, row.needed) == (NETS, False)
    assert row.reason == (
        "models that the manifest does not list use it: configs/m/other.yml; others that use it "
        "stand for them"
    )


def test_candidates_beyond_the_room_of_a_plan_are_named(code, monkeypatch):  # noqa: F811
    monkeypatch.setattr(fit, "CANDIDATES_BYTES", 1000)
    planned = code(SCALED)
    assert compared(planned) == [M]
    (row,) = planned.skipped
    assert (row.config, row.needed) == (OTHER, True)
    assert [job.only_by_code for job in planned.jobs] == [True]


def test_the_full_budget_measures_a_model_of_every_folder(code):  # noqa: F811
    far = {"configs/n/far.yml": "model: {type: Net, backbone: {type: Small}}\n"}
    code.base = code.suite.commit(far)
    assert [job.model for job in code(SCALED).jobs] == ["m"]
    jobs = code(SCALED, budget="full").jobs
    assert [job.config_file for job in jobs] == [M, "configs/n/far.yml"]


FEATURES = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=3), st.frozensets(st.integers(0, 12)), max_size=12
)


@given(FEATURES)
def test_a_cover_has_every_feature_and_no_name_for_nothing(features):
    chosen = cover(features)
    everything = frozenset().union(*features.values())
    assert frozenset().union(*(features[name] for name in chosen)) == everything
    for place, name in enumerate(chosen):
        before = frozenset().union(*(features[other] for other in chosen[:place]))
        assert features[name] - before


def test_a_cover_takes_what_has_most_first():
    assert cover({"a": {1}, "b": {1, 2}, "c": {3}}) == ["b", "c"]
