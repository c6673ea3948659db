"""``slimgate ranges``: which layers of a quantised model TensorRT can run in int8."""

from __future__ import annotations

from bot.commands.options import Format, ModelFolder, Output, RuntimeName, SandboxedModel
from bot.commands.wiring import open_workshop


def ranges(
    model_dir: ModelFolder,
    runtime: RuntimeName = None,
    sandbox: SandboxedModel = True,
    output: Output = Format.text,
) -> int:
    """Show which layers of a quantised model TensorRT can run in int8. No GPU is needed.

    A layer needs a range for its input and its output, which Paddle's own passes look for.

    Exit code: 0 every layer has ranges, 1 some have none, 2 bad input, 3 a pass failed.

    Example: slimgate ranges out/int8
    """
    from bot.text.output import print_json, print_text
    from compress.artifacts.inspection import find_ranges
    from core.errors import EXIT_GATE, EXIT_OK
    from core.schema import dump_json

    with open_workshop(None, confined=sandbox, runtime=runtime) as workshop:
        found = find_ranges(model_dir, workshop)
    if output is Format.json:
        print_json(dump_json(found, indent=1))
    else:
        for op_type, (ranged, total) in found.ops.items():
            print_text(f"{op_type:<20} {ranged} of {total} with ranges")
        for op in found.without:
            print_text(f"! {op.op_type} {op.output}: {op.reason}")
    return EXIT_GATE if found.without else EXIT_OK


COMMAND = ranges
