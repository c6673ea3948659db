"""Results with arbitrary values anywhere: one file never costs another case its row."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.judge.report_files import write_report
from bot.judge.results import Usable, load_results
from bot.plan.request import RunRequest
from bot.publish.announcement import announcement
from bot.records.history import HistoryLine, history_line
from bot.records.trend import render_trends
from core.lines import parse_lines
from core.schema import dump_json
from tests.bot.builders import make_plan, make_result, write_results

PLAN = make_plan(2)
HONEST, FUZZED = (job.id for job in PLAN.jobs)
REQUEST = RunRequest(origin="push", number=1, base="main", head="b" * 40)
NUMBERS = [0, 1, -1, 10**7, 2**48, 2**60, 2**63, 10**400, -(10**400), 0.5, 1e-6, 1e7, 1e8, 1e30]
NUMBERS += [5e-324, 1e308, -1e308, -0.0]
TEXTS = ["", "\ud800", "\udcff", "\0", "\u2028", "\x1b[2J", "x" * 5000, "../../etc/passwd", "```"]
value = (
    st.sampled_from(NUMBERS)
    | st.sampled_from(TEXTS)
    | st.sampled_from([None, True, [], {}, [[]], "NaN", "failed", "measured"])
    | st.lists(st.sampled_from(NUMBERS), max_size=3)
    | st.dictionaries(st.sampled_from(["a", "conv2d", "\udc80"]), st.sampled_from(NUMBERS))
    | st.dictionaries(st.sampled_from(["a", "\udc80"]), st.tuples(*[st.sampled_from(NUMBERS)] * 2))
)


def places(data, path=()):
    """The paths of all values within, from the outermost."""
    if isinstance(data, (dict, list)):
        for key, inner in data.items() if isinstance(data, dict) else enumerate(data):
            yield (*path, key)
            yield from places(inner, (*path, key))


def put(data, path, replacement):
    *parents, last = path
    for key in parents:
        data = data[key]
    data[last] = replacement


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run") / "results"
    folder.mkdir()
    write_results(folder, {job: make_result(folder, job=job) for job in (HONEST, FUZZED)})
    for file in folder.glob("*.json"):
        data = json.loads(file.read_text())
        for variant in data["variants"]:
            variant["latency"]["rounds_ms"] = [[1.0, 2.0], [1.0, 2.0]]
        file.write_text(json.dumps(data))
    return folder


@pytest.fixture(scope="module")
def honest(results):
    return json.loads((results / f"{FUZZED}.json").read_text())


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_result_with_any_value_anywhere_is_the_row_of_its_case(results, honest, data):
    document = json.loads(json.dumps(honest))
    path = data.draw(st.sampled_from(list(places(document))))
    put(document, path, data.draw(value))
    put(document, data.draw(st.sampled_from(list(places(document)))), data.draw(value))
    (results / f"{FUZZED}.json").write_text(json.dumps(document))
    report = write_report(PLAN, {"cpu": results}, results.parent / "report")
    cases = {case.id: case for case in report.cases}
    assert cases[HONEST].conclusion == "success"
    assert cases[FUZZED].headline
    for name in ("report.json", "report.md", "report.html"):
        assert (results.parent / "report" / name).read_text(encoding="utf-8")
    tell_history(report)


def tell_history(report):
    """What publish keeps of a report, and what the next announcement says of it."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    lines = [history_line(case, "c" * 40, "quick", 1, now) for case in report.cases]
    kept = {
        line.case: parse_lines(HistoryLine, [dump_json(line)] * 2).values for line in lines if line
    }
    assert all(len(history) == 2 for history in kept.values())
    assert announcement(REQUEST, PLAN, kept)
    render_trends(kept)


@pytest.mark.parametrize(
    ("where", "extreme", "named"),
    [
        (("variants", 0, "latency", "peak_memory_bytes"), 10**400, "peak_memory_bytes"),
        (("variants", 0, "latency", "rounds_ms", 0, 0), 5e-324, "rounds_ms"),
        (("variants", 0, "latency", "rounds_ms", 0, 0), 1e8, "rounds_ms"),
        (("variants", 0, "artifact", "size_bytes"), 2**61, "size_bytes"),
        (("variants", 0, "artifact", "losses"), [1e308], "losses"),
        (("stage_s",), {"pictures": 1e308}, "stage_s"),
        (("stage_s",), {str(n): 1.0 for n in range(101)}, "stage_s"),
        (("duration_s",), -1, "duration_s"),
        (("fingerprint", "cores"), 10**400, "fingerprint.cores"),
        (("fingerprint", "cpu"), "\ud800", "half of a character"),
    ],
)
def test_a_value_beyond_its_range_is_named(results, honest, where, extreme, named):
    document = json.loads(json.dumps(honest))
    put(document, where, extreme)
    (results / f"{FUZZED}.json").write_text(json.dumps(document))
    assert named in load_results(PLAN, results)[FUZZED].reason


@pytest.mark.parametrize("fast", [1e-6, 1e7])
def test_the_extremes_of_latency_are_judged(results, honest, fast):
    document = json.loads(json.dumps(honest))
    for number, variant in enumerate(document["variants"]):
        variant["latency"]["rounds_ms"] = [[fast if number % 2 else 1e7]]
    document["stage_s"] = dict.fromkeys(map(str, range(100)), 1e8)
    (results / f"{FUZZED}.json").write_text(json.dumps(document))
    assert isinstance(load_results(PLAN, results)[FUZZED], Usable)
    tell_history(write_report(PLAN, {"cpu": results}, results.parent / "report"))
