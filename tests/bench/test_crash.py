"""A graph pass that crashes is found in the traceback and left out the next time."""

import pytest

from bench.crash import MOST, around_crashes, crashing_part, describe_crash
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


def test_a_pass_is_named_before_a_kernel_and_the_innermost_of_several():
    kernel = "6 void phi::AddKernel<float, phi::OneDNNContext>(phi::OneDNNContext)\n"
    inner = "11  paddle::framework::ir::ConvBNFusePass::ApplyImpl(Graph*) const\n"
    assert crashing_part(died(kernel + TRACE + inner)) == "conv_bn_fuse_pass"
    assert crashing_part(died(kernel + kernel.replace("Add", "Relu"))) == "relu"


def test_base_classes_of_passes_name_no_part():
    assert crashing_part(died(TRACE.replace("RepeatedFCReluFusePass", "FusePassBase"))) is None


def test_an_op_without_a_kernel_in_its_precision_is_named():
    """As an adaptive pooling in bf16, whose sizes oneDNN does not take."""
    words = "(Unimplemented) There are no kernels which are registered in the pool2d operator.\n"
    assert crashing_part(JobFailure("proof", "error", f"NotImplementedError: {words}")) == "pool2d"
    assert crashing_part(JobFailure("proof", "error", "no kernels")) is None


def test_other_deaths_name_no_part():
    assert crashing_part(died("phi::BatchNormKernel<float, phi::CPUContext>()")) is None
    assert crashing_part(died(kind="timeout")) is None


def test_the_attempt_is_made_again_without_the_pass(model):
    def attempt(deployment):
        if "repeated_fc_relu_fuse_pass" not in deployment.left_out:
            raise died()
        return "ran"

    assert around_crashes(model, attempt) == ("ran", ("repeated_fc_relu_fuse_pass",))


def test_a_pass_that_goes_on_crashing_is_a_failure(model):
    attempts = []

    def attempt(deployment):
        attempts.append(deployment.left_out)
        raise died()

    with pytest.raises(JobFailure):
        around_crashes(model, attempt)
    assert attempts == [(), ("repeated_fc_relu_fuse_pass",)]


def crashing_in(count):
    """An attempt on a model in which so many passes crash, one after the other."""

    def attempt(deployment):
        crashed = len(deployment.left_out)
        if crashed < count:
            raise died(TRACE.replace("RepeatedFCRelu", "ABC"[crashed : crashed + 1] or "D"))
        return deployment.left_out

    return attempt


def test_a_few_parts_may_crash_and_one_more_makes_the_model_broken(model):
    names = ("a_fuse_pass", "b_fuse_pass", "c_fuse_pass")
    assert len(names) == MOST
    assert around_crashes(model, crashing_in(MOST)) == (names, names)
    with pytest.raises(JobFailure, match="SIGSEGV"):
        around_crashes(model, crashing_in(MOST + 1))


def test_a_failure_without_a_crash_is_not_tried_again(model):
    attempts = []

    def attempt(deployment):
        attempts.append(deployment)
        raise died(kind="error")

    with pytest.raises(JobFailure):
        around_crashes(model, attempt)
    assert attempts == [model]


@pytest.mark.parametrize(
    ("name", "remark"),
    [
        ("fc_fuse_pass", "the graph pass fc_fuse_pass crashes and was left out"),
        ("batch_norm", "oneDNN's batch_norm fails; Paddle's own kernel runs instead"),
    ],
)
def test_a_crash_is_described_by_what_was_done_about_it(name, remark):
    assert describe_crash(name) == remark
