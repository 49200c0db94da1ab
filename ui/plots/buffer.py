"""Growing number columns: appending is cheap and reading copies nothing."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

FIRST_SIZE = 1024

Floats = NDArray[np.float64]


class PointBuffer:
    """Points in columns made ahead of need and doubled when full: the values, and one or more places of each.

    Points that are not finite are left out, so a curve can be drawn without looking for them.

    Args:
        axes: How many places each point has (in epochs, in steps, in seconds...); `x` is the first unless `axis` says.
    """

    def __init__(self, axes: int = 1) -> None:
        self.axis = 0
        self._columns: Floats = np.empty((axes + 1, FIRST_SIZE))
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def x(self) -> Floats:
        """The places on the axis in use, as a view."""
        return self.places(self.axis)

    @property
    def y(self) -> Floats:
        """The values, as a view."""
        return self._columns[-1, : self._count]

    def places(self, axis: int) -> Floats:
        """The places on one axis, as a view."""
        return self._columns[axis, : self._count]

    def append(self, x: float, y: float, *further: float) -> bool:
        """Add a point; returns whether it was one that can be drawn.

        Args:
            x: Its place on the first axis.
            y: Its value.
            further: Its places on the other axes.
        """
        if not (math.isfinite(x) and math.isfinite(y)):
            return False
        if self._count == self._columns.shape[1]:
            self._columns = np.concatenate([self._columns, np.empty_like(self._columns)], axis=1)
        self._columns[:, self._count] = (x, *further, y)
        self._count += 1
        return True

    def extend(self, points: Iterable[tuple[float, float]]) -> None:
        """Add many points of one place each."""
        for x, y in points:
            self.append(x, y)

    def nearest_place(self, x: float) -> int | None:
        """The number of the point whose x is closest; the points must have come in the order of x."""
        if not self._count:
            return None
        places = self.x
        right = int(np.searchsorted(places, x))
        candidates = [place for place in (right - 1, right) if 0 <= place < self._count]
        return min(candidates, key=lambda place: abs(float(places[place]) - x))

    def nearest(self, x: float) -> tuple[float, float] | None:
        """The point whose x is closest; the points must have come in the order of x."""
        best = self.nearest_place(x)
        return None if best is None else (float(self.x[best]), float(self.y[best]))
