"""What is left out of an engine, told apart by name, and what every engine begins with."""

import pytest
from pydantic import ValidationError

from bench.engines.base import Call, EngineOptions, common_calls


def test_graph_passes_and_kernels_are_told_apart_by_their_names():
    options = EngineOptions("fp32", 1, left_out=("fc_fuse_pass", "batch_norm", "a_pass", "pass"))
    assert options.passes == ("fc_fuse_pass", "a_pass")
    assert options.kernels == ("batch_norm", "pass")


def test_every_engine_on_a_processor_begins_alike_and_deletes_passes_only():
    options = EngineOptions("int8", 4, ("conv2d",), ("fc_fuse_pass", "batch_norm"))
    assert common_calls(options) == (
        Call(method="disable_gpu"),
        Call(method="set_cpu_math_library_num_threads", arguments=(4,)),
        Call(method="switch_ir_optim", arguments=(True,)),
        Call(method="enable_memory_optim"),
        Call(method="delete_pass", arguments=("fc_fuse_pass",)),
    )


def test_a_call_survives_the_way_to_a_worker():
    call = Call(method="m", arguments=(True, 2, "a", ("b", "c")), but_kernels=("add",))
    assert Call.model_validate_json(call.model_dump_json()) == call
    with pytest.raises(ValidationError):
        Call(method="m", arguments=(1.5,))
