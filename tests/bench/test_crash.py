"""A graph pass that crashes is found in the traceback and left out the next time."""

import pytest

from bench.crash import around_crashes, crashing_part
from bench.deployment import Deployment
from bench.engines.targets import find_target
from core.errors import JobFailure

TRACE = """7   paddle::inference::analysis::IRPassManager::Apply(std::unique_ptr<Graph>)
8   paddle::framework::ir::Pass::Apply(paddle::framework::ir::Graph*) const
9   paddle::framework::ir::RepeatedFCReluFusePass::ApplyImpl(paddle::framework::ir::Graph*) const
10  paddle::framework::ir::RepeatedFCReluFusePass::BuildFusion(paddle::framework::ir::Graph*, int)
"""


def died(trace=TRACE, kind="signal"):
    return JobFailure("load", kind, "the worker was killed by SIGSEGV", trace)


@pytest.fixture
def model(tmp_path):
    return Deployment(tmp_path, find_target("cpu-onednn-fp32"), (), (), (1, 3, 8, 8))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("RepeatedFCReluFusePass", "repeated_fc_relu_fuse_pass"),
        ("ConvBNFusePass", "conv_bn_fuse_pass"),
        ("MatmulV2ScaleFusePass", "matmul_v2_scale_fuse_pass"),
    ],
)
def test_the_pass_is_named_as_paddle_wants_it(name, expected):
    assert crashing_part(died(TRACE.replace("RepeatedFCReluFusePass", name))) == expected


def test_a_kernel_of_onednn_is_named_as_its_op():
    for number in ("float", "signed char", "phi::dtype::bfloat16"):
        trace = f"6 void phi::BatchNormKernel<{number}, phi::OneDNNContext>(phi::OneDNNContext)"
        assert crashing_part(died(trace)) == "batch_norm"


def test_other_deaths_name_no_part():
    assert crashing_part(died("phi::BatchNormKernel<float, phi::CPUContext>()")) is None
    assert crashing_part(died(kind="timeout")) is None


def test_the_attempt_is_made_again_without_the_pass(model):
    def attempt(one):
        if "repeated_fc_relu_fuse_pass" not in one.left_out:
            raise died()
        return "ran"

    assert around_crashes(model, attempt) == ("ran", ("repeated_fc_relu_fuse_pass",))


def test_a_pass_that_goes_on_crashing_is_a_failure(model):
    def attempt(_):
        raise died()

    with pytest.raises(JobFailure):
        around_crashes(model, attempt)
