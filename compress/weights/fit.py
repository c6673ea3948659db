"""Compares the arrays of a weights file with those of a network. Pure.

Paddle and both suites skip what does not fit without an error (``Layer.set_state_dict``,
``paddleseg.utils.load_entire_model``, ``ppdet.utils.checkpoint.load_pretrain_weight``): the rest of
the network keeps its random initial values, and its accuracy is that of noise.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

EXAMPLES, NAME_CHARACTERS, SHOWN_AXES, SHOWN_CHARACTERS = 3, 60, 6, 200


@dataclass(frozen=True)
class ArraySpec:
    """Shape and numpy's name of the type of an array."""

    shape: tuple[int, ...]
    dtype: str

    def __str__(self) -> str:
        """``64x3x3x3``; ``scalar`` without axes."""
        more = "x…" if len(self.shape) > SHOWN_AXES else ""
        return "x".join(map(str, self.shape[:SHOWN_AXES])) + more or "scalar"


@dataclass(frozen=True)
class Misfit:
    """An array that differs between the file and the network; None where it is missing."""

    name: str
    in_file: ArraySpec | None
    in_network: ArraySpec | None

    def __str__(self) -> str:
        """``conv1.weight: 64x3x3x3 in the file, 32x3x3x3 in the network``."""
        name = "".join(c if c.isprintable() else "?" for c in self.name[:NAME_CHARACTERS])
        if self.in_file is None:
            return f"{name}: not in the file"
        if self.in_network is None:
            return f"{name}: not in the network"
        same_shape = self.in_file.shape == self.in_network.shape
        file, network = (
            (self.in_file.dtype, self.in_network.dtype)
            if same_shape
            else (str(self.in_file), str(self.in_network))
        )
        return f"{name}: {file} in the file, {network} in the network"


@dataclass(frozen=True)
class Fit:
    """How a file fits. ``arrays``: the number of names in either; ``misfits``: those that change
    what the model computes; ``idle``: those that do not.
    """

    arrays: int
    misfits: tuple[Misfit, ...]
    idle: tuple[Misfit, ...] = ()

    @property
    def problem(self) -> str:
        """``6 of 214 arrays (conv1.weight: …; …)``; empty if the weights fit."""
        if not self.misfits:
            return ""
        return f"{len(self.misfits)} of {self.arrays} arrays {_listed(self.misfits)}"

    @property
    def remark(self) -> str:
        """The sentence on differences that do not matter; empty if there are none."""
        if not self.idle:
            return ""
        count = "1 array" if len(self.idle) == 1 else f"{len(self.idle)} arrays"
        return f"the weights differ in {count} that only training uses {_listed(self.idle)}"


Specs = Mapping[str, ArraySpec]
IsIdle = Callable[[Misfit], bool]


def find_misfits(file: Specs, network: Specs) -> tuple[Misfit, ...]:
    """Every array that one of them lacks or that has another shape or type: first the network's, in
    its order, then what only the file has.
    """
    names = [*network, *(name for name in file if name not in network)]
    pairs = (Misfit(name, file.get(name), network.get(name)) for name in names)
    return tuple(pair for pair in pairs if pair.in_file != pair.in_network)


def judge_fit(file: Specs, network: Specs, is_idle: IsIdle) -> Fit:
    """The fit of a file; ``is_idle`` tells whether a difference cannot matter."""
    counting: list[Misfit] = []
    idle: list[Misfit] = []
    for misfit in find_misfits(file, network):
        (idle if is_idle(misfit) else counting).append(misfit)
    return Fit(len(file.keys() | network.keys()), tuple(counting), tuple(idle))


def idle_arrays(network: Specs, unread: Collection[str], training_parts: Collection[str]) -> IsIdle:
    """Tells which differences cannot matter.

    ``unread``: the network's arrays that the exported program does not read, such as those of an
    auxiliary head or of a classifier of identities. ``training_parts``: names of parts that the
    suite builds for training only; the file may hold one that this network does not have.
    """

    def is_idle(misfit: Misfit) -> bool:
        if misfit.in_network is not None:
            return misfit.name in unread
        part = part_of_training(misfit.name, training_parts)
        return part is not None and not any(name.startswith(f"{part}.") for name in network)

    return is_idle


def part_of_training(name: str, training_parts: Collection[str]) -> str | None:
    """The dotted path of the part for training that an array belongs to; None without one."""
    steps = name.split(".")
    inside = (at for at, step in enumerate(steps[:-1]) if step in training_parts)
    return next((".".join(steps[: at + 1]) for at in inside), None)


def _listed(misfits: Iterable[Misfit]) -> str:
    shown = [str(misfit)[:SHOWN_CHARACTERS] for misfit in misfits]
    more = "; …" if len(shown) > EXAMPLES else ""
    return f"({'; '.join(shown[:EXAMPLES])}{more})"
