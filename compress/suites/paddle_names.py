"""Names of Paddle's own classes that both suites look up by a config's text (``getattr``).

They are those of paddlepaddle 2.6 (``paddle/optimizer/__init__.py`` and ``lr.py``: ``__all__``)
without the abstract ones, and without those that take a function.
"""

from __future__ import annotations

OPTIMIZERS = frozenset(
    {
        "Adadelta",
        "Adagrad",
        "Adam",
        "AdamW",
        "Adamax",
        "LBFGS",
        "Lamb",
        "Momentum",
        "RMSProp",
        "SGD",
    }
)
SCHEDULERS = frozenset(
    {
        "CosineAnnealingDecay",
        "CosineAnnealingWarmRestarts",
        "CyclicLR",
        "ExponentialDecay",
        "InverseTimeDecay",
        "LinearLR",
        "LinearWarmup",
        "MultiStepDecay",
        "NaturalExpDecay",
        "NoamDecay",
        "OneCycleLR",
        "PiecewiseDecay",
        "PolynomialDecay",
        "ReduceOnPlateau",
        "StepDecay",
    }
)
