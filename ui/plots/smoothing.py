"""Curves smoothed as they grow: each new point costs the same, however many came before."""

from __future__ import annotations

import numpy as np

from ui.plots.buffer import FIRST_SIZE, Floats


class Smoother:
    """An exponential moving average whose beginning is not drawn towards zero.

    The bias is corrected as Adam corrects its moments (Kingma and Ba 2015, section 3), which is what TensorBoard draws.
    """

    def __init__(self) -> None:
        self._weight = 0.0
        self._average = 0.0
        self._power = 1.0
        self._count = 0
        self._values: Floats = np.empty(FIRST_SIZE)

    def __call__(self, values: Floats, weight: float) -> Floats:
        """The average at each value; only what came since the last call with the same weight is worked out.

        Args:
            values: In their order; what an earlier call has seen must begin them.
            weight: How much of the average is kept at each step, from 0 (nothing is smoothed) to below 1.

        Returns:
            As many values, as a view.
        """
        if weight <= 0:
            return values
        if weight != self._weight or len(values) < self._count:
            self._weight, self._average, self._power, self._count = weight, 0.0, 1.0, 0
        while len(self._values) < len(values):
            self._values = np.concatenate([self._values, np.empty_like(self._values)])
        for place, value in enumerate(values[self._count :].tolist(), start=self._count):
            self._average = weight * self._average + (1.0 - weight) * value
            self._power *= weight
            self._values[place] = self._average / (1.0 - self._power)
        self._count = len(values)
        return self._values[: self._count]
