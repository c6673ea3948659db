"""The times that oneDNN logs are summed up by what they are spent on."""

from bench.in_worker.kernels import read_kernels

SHAPES = "src_u8:a:blocked:acdb::f0,attr-scales:src0:0 ,alg:convolution_direct"
LOG = f"""onednn_verbose,info,oneDNN v3.2.1
onednn_verbose,exec,cpu,convolution,ref:any,forward_inference,{SHAPES},g32mb1_ic32oc192,60.5
onednn_verbose,exec,cpu,convolution,jit_uni_int8:avx2,forward_inference,{SHAPES},mb1_ic3oc8,4
onednn_verbose,123.4,exec,cpu,inner_product,brgemm:avx2,forward_inference,{SHAPES},mb1,1.5e-05
onednn_verbose,exec,cpu,reorder,jit:uni,undef,{SHAPES},1x3x8x8,2.25
onednn_verbose,exec,cpu,concat,ref:any,undef,{SHAPES},1x3x8x8,7
onednn_verbose,exec,cpu,concat,ref:any,undef,{SHAPES},1x3x8x8,1.5
onednn_verbose,exec,cpu,softmax,ref:any,forward_inference,{SHAPES},1x16x8x8,3
onednn_verbose,exec,cpu,softmax,jit:avx2,forward_inference,{SHAPES},1x16x8x8,9
anything else
"""


def test_lines_are_summed_up_by_what_they_are_for():
    kernels = read_kernels(LOG, 80.0)
    assert kernels.computing_ms == 60.5 + 4 + 1.5e-05
    assert (kernels.reference, kernels.reference_ms) == (1, 60.5)
    assert kernels.converting_ms == 2.25
    assert kernels.fallback_ms == {"concat": 8.5, "softmax": 3.0}
    assert kernels.total_ms == 80.0


def test_an_empty_log_is_no_time():
    assert read_kernels("", 1.0).computing_ms == 0.0
