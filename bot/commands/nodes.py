"""``slimgate nodes``: lists the candidate distillation nodes of an exported model."""

from __future__ import annotations

from bot.commands.options import Format, ModelFolder, Output


def nodes(
    model_dir: ModelFolder,
    output: Output = Format.text,
) -> int:
    """List candidate distillation nodes: the outputs of the last layers with weights.

    Their names go into the node key of a recipe's Distillation section.

    Example: slimgate nodes out/fp32
    """
    from bot.text.output import print_json, print_text
    from compress.artifacts.inspection import inspect_model

    inspection = inspect_model(model_dir)
    if output is Format.json:
        from core.schema import dump_json

        print_json(dump_json(inspection, indent=1))
        return 0
    print_text("node                               shape")
    for name, shape in inspection.nodes:
        print_text(f"{name:<34} {'x'.join(str(n) for n in shape)}")
    return 0


COMMAND = nodes
