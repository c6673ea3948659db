"""What ``slimgate bench`` says of the op types that it is asked to quantise."""

import pytest

from bench.deployment import Deployment
from bench.engines.targets import find_target
from bench.loose import _diagnose
from compress.artifacts.record import ArtifactRecord, Made
from compress.worker.process import Usage

SECTIONS = {"QuantPost": {"quantize_op_types": ["conv2d"]}}


def made_by(sections):
    usage = Usage(duration_s=1.0, peak_memory_bytes=1)
    inputs = {"kind": "compress", "sections": sections}
    return ArtifactRecord(inputs=inputs, made=Made(), usage=usage)


@pytest.mark.parametrize(
    ("op_types", "codes"),
    [(("conv2d", "fused_conv2d"), []), (("conv2d", "fused_conv2d", "pool2d"), ["SG301"])],
)
def test_op_types_that_were_not_trained_are_named(tmp_path, op_types, codes):
    timed = Deployment(tmp_path, find_target("cpu-onednn-int8"), op_types, (), (1, 3, 8, 8))
    assert [one.code for one in _diagnose(made_by(SECTIONS), timed)] == codes


def test_nothing_is_said_of_a_model_of_unknown_origin(tmp_path):
    timed = Deployment(tmp_path, find_target("cpu-onednn-int8"), ("pool2d",), (), (1, 3, 8, 8))
    assert _diagnose(None, timed) == ()
