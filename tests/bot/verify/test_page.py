"""The page shows every statement and every measurement, and no text as markup."""

from bot.verify.page import render_page
from bot.verify.statements import load_statements
from tests.bot.verify.builders import BROKEN, CONDITIONS, GPU, interval, proof, record, seen

MEASURED = seen(
    "gpu-trt-int8",
    "PP-LiteSeg",
    accuracy=0.7704,
    latency_ms=interval(7.5),
    peak_memory_bytes=2**30,
    proof=proof(layers={"Int8": 40, "Half": 3}),
    gpu=CONDITIONS,
)


def test_the_page_holds_statements_and_measurements():
    page = render_page(record(MEASURED, seen("gpu-trt-fp32", failure=BROKEN)), load_statements())
    for words in (
        "slimgate on NVIDIA A10",
        "compute capability 8.6, 24.0 GiB, driver 535.1",
        "❔ cannot be told",
        "❌ does not hold",
        "✅ holds",
        "no such device",
        "| PP-LiteSeg | gpu-trt-int8 | 77.04 | 7.50 ± 0.01 | 1024 MiB |",
        "| 4 of 5 convolutions in int8 |",
        "1 engine of TensorRT; layers&#58; 40 Int8, 3 Half; 1300 to 1380 MHz, 40 to 62 °C",
    ):
        assert words in page
    assert "\n\n\n" not in page


def test_texts_of_the_record_are_no_markup():
    odd = record(
        seen("gpu-trt-fp32", "<b>|`x`"), gpu=GPU.model_copy(update={"name": "<img src=x> @all"})
    )
    page = render_page(odd, load_statements())
    assert "<img" not in page
    assert "<b>" not in page
    assert "@all" not in page
