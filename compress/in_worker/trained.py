"""Fills a network with trained weights, and tells whether they fit. Workers only."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from compress.in_worker.graph.program import Program
from compress.in_worker.layers import bare_name, write_layers
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
        self.parameters: dict[str, str] = {}

    def __call__(self, model: Any) -> None:
        """Loads every array whose name, shape and type fit; to be called before the export."""
        write_layers(model, self.out)
        arrays = model.state_dict()
        self.network = {name: _spec_of(array) for name, array in arrays.items()}
        self.parameters = {name: array.name for name, array in arrays.items()}
        if self.weights is None:
            return
        trained = load_weights(self.weights)
        self.file = {name: ArraySpec(a.shape, a.dtype.name) for name, a in trained.items()}
        fitting = {n: a for n, a in trained.items() if self.file[n] == self.network.get(n)}
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
        read = {bare_name(name) for name in layers}  # a layer may have several names in the suite
        unread = {name for name, own in self.parameters.items() if own not in read}
        if computes_parameters(loaded, layers):  # from arrays that the program does not show
            unread = {name for name in unread if part_of_training(name, training_parts)}
        return judge_fit(self.file, self.network, idle_arrays(self.network, unread, training_parts))


def computes_parameters(loaded: Program, layers: Mapping[str, str]) -> bool:
    """Whether the export stored arrays that are not the network's own, and so may come from several
    of them: branches that become one convolution (``convert_to_deploy``), batch norms
    merged into convolutions, tables of attention that a network prepares in ``eval``.
    """
    stored = {var.name for var in loaded.program.list_vars() if var.persistable}
    return not stored - {"feed", "fetch"} <= layers.keys()


def _spec_of(tensor: Any) -> ArraySpec:
    return ArraySpec(tuple(tensor.shape), str(tensor.dtype).rpartition(".")[2])
