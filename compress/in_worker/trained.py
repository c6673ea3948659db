"""Fills a network with trained weights, and tells whether they fit. Workers only."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from compress.in_worker.graph.program import WEIGHTED_OPS, Program
from compress.in_worker.layers import write_layers
from compress.weights.fit import ArraySpec, Fit, Specs, idle_arrays, judge_fit, part_of_training
from compress.weights.pickled import load_weights


class Filling:
    """Fills the network that a driver built; ``weights``: None for initial weights. ``layers.json``
    is written to ``out``.
    """

    def __init__(self, weights: Path | None, out: Path) -> None:
        self.weights, self.out = weights, out
        self.network: Specs | None = None
        self.file: Specs = {}

    def __call__(self, model: Any) -> None:
        """Loads every array whose name, shape and type fit; to be called before the export."""
        write_layers(model, self.out)
        self.network = {name: _spec_of(array) for name, array in model.state_dict().items()}
        if self.weights is None:
            return
        arrays = load_weights(self.weights)
        self.file = {name: ArraySpec(a.shape, a.dtype.name) for name, a in arrays.items()}
        fitting = {n: a for n, a in arrays.items() if self.file[n] == self.network.get(n)}
        model.set_state_dict(fitting)

    def judge(
        self, loaded: Program, layers: Mapping[str, str], training_parts: tuple[str, ...]
    ) -> Fit:
        """The fit of the weights, by what the exported program reads; raises RuntimeError if the
        driver did not fill its network. ``layers``: the suite's names by the program's.
        """
        if self.network is None:
            raise RuntimeError("the driver exported a network that it did not fill")
        if self.weights is None:
            return Fit(0, ())
        unread = self.network.keys() - set(layers.values())
        if merges_parameters(loaded, layers):  # what was merged counts as read
            unread = {name for name in unread if part_of_training(name, training_parts)}
        return judge_fit(self.file, self.network, idle_arrays(self.network, unread, training_parts))


def merges_parameters(loaded: Program, layers: Mapping[str, str]) -> bool:
    """Whether the export computed weights from several of the network's: branches that become one
    convolution (``convert_to_deploy``), or batch norms merged into convolutions.
    """
    blocks = loaded.program.blocks
    names = {
        n for b in blocks for op in b.ops if op.type in WEIGHTED_OPS for n in op.input_arg_names
    }
    stored = {var.name for var in loaded.program.list_vars() if var.persistable}
    return not (names & stored) <= layers.keys()


def _spec_of(tensor: Any) -> ArraySpec:
    return ArraySpec(tuple(tensor.shape), str(tensor.dtype).rpartition(".")[2])
