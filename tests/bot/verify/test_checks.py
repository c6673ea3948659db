"""Each check holds, is refuted, or cannot tell, by what was seen."""

import pytest

from bench.together import WATCHING
from bot.verify import checks
from bot.verify.observation import Outgrown
from tests.bot.verify.builders import BROKEN, CONDITIONS, interval, proof, record, seen

INT8 = "gpu-trt-int8"
RUNS = checks.Runs(targets=("gpu-native-fp32",))
BOTH = checks.Runs(targets=("gpu-native-fp32", "gpu-native-fp16"))
UNMADE = BROKEN.model_copy(update={"stage": "compress", "message": "no weights"})
SPOILED = BROKEN.model_copy(update={"stage": WATCHING, "message": "too warm in 51 rounds"})
AGREES = checks.Agrees(target="gpu-trt-fp32", reference="cpu-native-fp32", points=0.1)
LAYERS = checks.Layers(target=INT8, precision="Int8")
LOADED = checks.EnginesLoaded(targets=("gpu-trt-int8",))
CONVERTED = checks.LowPrecision(target="gpu-native-fp16")


def scored(accuracy, reference=0.5, **more):
    return (
        seen("cpu-native-fp32", accuracy=reference),
        seen("gpu-trt-fp32", accuracy=accuracy, **more),
    )


def in_fp16(low):
    return seen("gpu-native-fp16", proof=proof("fp16", {"conv2d": (low, 5)}))


def timed(**more):
    return seen("gpu-native-fp32", latency_ms=interval(3.0), **more)


def shaped(speedup=None, **more):
    return seen("gpu-trt-fp32", dynamic=True, speedup=speedup, **more)


@pytest.mark.parametrize(
    ("check", "observations", "holds", "told"),
    [
        (RUNS, (), None, "no model was measured"),
        (RUNS, (seen("cpu-native-fp32"),), None, "no model was measured"),
        (RUNS, (seen("gpu-native-fp32"),), True, "M on gpu-native-fp32"),
        (
            RUNS,
            (seen("gpu-native-fp32"), seen("gpu-native-fp32", "N", failure=BROKEN)),
            False,
            "1 of 2 failed; N on gpu-native-fp32: no such device",
        ),
        (BOTH, (seen("gpu-native-fp32"),), None, "no model was measured on gpu-native-fp16"),
        (BOTH, (seen("gpu-native-fp32", failure=BROKEN),), False, "no such device"),
        (BOTH, (seen("gpu-native-fp32"), seen("gpu-native-fp16")), True, "gpu-native-fp16"),
        (RUNS, (seen("gpu-native-fp32", failure=UNMADE),), None, "no weights"),
        (RUNS, (seen("gpu-native-fp32", failure=SPOILED),), None, "too warm"),
        (
            RUNS,
            (seen("gpu-native-fp32", failure=UNMADE), seen("gpu-native-fp32", "N")),
            True,
            "N on gpu-native-fp32",
        ),
        (AGREES, scored(None), None, "no accuracy was measured on gpu-trt-fp32"),
        (AGREES, scored(0.5, None), None, "no accuracy"),
        (AGREES, scored(0.501), True, "M on gpu-trt-fp32 +0.10"),
        (AGREES, scored(0.499), True, "-0.10"),
        (AGREES, scored(0.4985), False, "-0.15"),
        (AGREES, scored(0.49, dynamic=True), False, "with dynamic shape -1.00"),
        (LAYERS, (seen(INT8, failure=BROKEN),), None, "no model was measured"),
        (LAYERS, (seen(INT8, proof=proof(layers={"Half": 3})),), False, "M on gpu-trt-int8 0"),
        (LAYERS, (seen(INT8, proof=proof(layers={"Int8": 3})),), True, "layers in Int8: M"),
        (LOADED, (seen(INT8),), None, "no model was measured"),
        (LOADED, (seen(INT8, proof=proof()),), True, "M on gpu-trt-int8 loaded"),
        (LOADED, (seen(INT8, proof=proof(loaded=False)),), False, "gpu-trt-int8 built anew"),
        (CONVERTED, (), None, "no model was measured"),
        (CONVERTED, (in_fp16(0),), False, "gpu-native-fp16 0"),
        (CONVERTED, (in_fp16(4),), True, "gpu-native-fp16 4"),
        (checks.RangesAgree(), (seen(INT8, proof=proof()),), None, "no model was measured"),
        (checks.RangesAgree(), (seen(INT8, proof=proof(), ranges=5),), False, "4 of 5"),
        (checks.RangesAgree(), (seen(INT8, proof=proof(), ranges=4),), True, "4 of 4"),
        (
            checks.Unranged(),
            (seen(INT8, proof=proof(ops={"conv2d": (5, 5)}, layers={"Int8": 9})),),
            None,
            "no model has an op without ranges",
        ),
        (
            checks.Unranged(),
            (seen(INT8, proof=proof(layers={"Int8": 5})),),
            False,
            "5 layers, 4 of 5 ops",
        ),
        (checks.Unranged(), (seen(INT8, proof=proof(layers={"Int8": 4})),), True, "4 layers"),
        (checks.Dynamic(), (seen("gpu-trt-fp32"),), None, "no model was measured"),
        (checks.Dynamic(), (shaped(),), True, "with dynamic shape"),
        (checks.Dynamic(), (shaped(failure=BROKEN),), False, "no such device"),
        (checks.Dynamic(), (shaped(failure=UNMADE),), None, "no weights"),
        (checks.Dynamic(), (shaped(proof=proof()),), False, "its engines take one shape"),
        (checks.Dynamic(), (shaped(proof=proof(dynamic=True)),), True, "M on"),
        (checks.DynamicSlower(), (shaped(),), None, "no model was measured"),
        (checks.DynamicSlower(), (shaped(interval(0.8)),), True, "0.80×"),
        (checks.DynamicSlower(), (shaped(interval(1.0)),), None, "1.00×"),
        (checks.DynamicSlower(), (shaped(interval(0.8)), shaped(interval(1.2))), False, "1.20×"),
        (checks.Watched(), (seen("gpu-native-fp32", gpu=CONDITIONS),), None, "no model"),
        (checks.Watched(), (timed(),), False, "nothing"),
        (checks.Watched(), (timed(gpu=CONDITIONS),), True, "1300 to 1380 MHz, 40 to 62 °C"),
        (
            checks.Watched(),
            (timed(gpu=CONDITIONS.model_copy(update={"clock_mhz": (0, 0)})),),
            False,
            "nothing",
        ),
    ],
)
def test_a_check_tells_what_was_seen(check, observations, holds, told):
    outcome = check.judge(record(*observations))
    assert outcome.holds is holds
    assert told in outcome.seen


def test_without_a_sandbox_nothing_can_be_said_of_it():
    sandboxed = RUNS.model_copy(update={"sandboxed": True})
    measured = seen("gpu-native-fp32")
    assert sandboxed.judge(record(measured)).holds is True
    assert sandboxed.judge(record(measured, sandbox="")).holds is None


@pytest.mark.parametrize(
    ("outgrown", "holds", "told"),
    [
        (None, None, "no model was measured"),
        (Outgrown(model="M", rebuilt=None, failure=BROKEN), None, "M: no such device"),
        (Outgrown(model="M", rebuilt=True), True, "M: the file is anew"),
        (Outgrown(model="M", rebuilt=False), False, "M: the file is as it was"),
    ],
)
def test_a_rebuilt_engine_shows_in_its_file_of_ranges(outgrown, holds, told):
    outcome = checks.Rebuilds().judge(record(outgrown=outgrown))
    assert outcome.holds is holds
    assert outcome.seen.startswith(told.replace("anew", "written anew"))
