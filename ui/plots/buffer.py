"""A growing pair of number columns: appending is cheap and reading copies nothing."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

FIRST_SIZE = 1024


class PointBuffer:
    """Points (x, y) in arrays made ahead of need and doubled when full.

    Points that are not finite are left out, so a curve can be drawn without looking for them.
    """

    def __init__(self) -> None:
        self._x: NDArray[np.float64] = np.empty(FIRST_SIZE)
        self._y: NDArray[np.float64] = np.empty(FIRST_SIZE)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def x(self) -> NDArray[np.float64]:
        """The first column, as a view."""
        return self._x[: self._count]

    @property
    def y(self) -> NDArray[np.float64]:
        """The second column, as a view."""
        return self._y[: self._count]

    def append(self, x: float, y: float) -> bool:
        """Add a point; returns whether it was one that can be drawn."""
        if not (math.isfinite(x) and math.isfinite(y)):
            return False
        if self._count == len(self._x):
            self._x = np.concatenate([self._x, np.empty_like(self._x)])
            self._y = np.concatenate([self._y, np.empty_like(self._y)])
        self._x[self._count] = x
        self._y[self._count] = y
        self._count += 1
        return True

    def extend(self, points: Iterable[tuple[float, float]]) -> None:
        """Add many points."""
        for x, y in points:
            self.append(x, y)

    def nearest(self, x: float) -> tuple[float, float] | None:
        """The point whose x is closest; the points must have come in the order of x."""
        if not self._count:
            return None
        right = int(np.searchsorted(self.x, x))
        candidates = [place for place in (right - 1, right) if 0 <= place < self._count]
        best = min(candidates, key=lambda place: abs(self._x[place] - x))
        return float(self._x[best]), float(self._y[best])
