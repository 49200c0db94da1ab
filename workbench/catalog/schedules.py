"""The learning-rate schedules a plan can have, by the names it gives them."""

from __future__ import annotations

_CLASSES = {
    "cosine_decay": "CosineDecay",
    "cosine_decay_restarts": "CosineDecayRestarts",
    "exponential_decay": "ExponentialDecay",
    "inverse_time_decay": "InverseTimeDecay",
    "piecewise_constant_decay": "PiecewiseConstantDecay",
    "polynomial_decay": "PolynomialDecay",
}


def schedule_class(name: str) -> str:
    """The class of `keras.optimizers.schedules` that a plan's name stands for."""
    return _CLASSES[name]
