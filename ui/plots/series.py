"""What one series of one run looked like so far, apart from how it is drawn."""

from __future__ import annotations

from ui.plots.buffer import PointBuffer

EPOCHS, STEPS, SECONDS = range(3)
"""The axes that every point has a place on."""
AXES = 3

Place = tuple[float, float, float]
"""How many epochs, batches and seconds had gone by."""


class Series:
    """The figures of whole epochs, and those of single batches between them."""

    def __init__(self) -> None:
        self.epochs = PointBuffer(AXES)
        self.batches = PointBuffer(AXES)

    def add_batch(self, at: Place, value: float) -> bool:
        """Add the figure of a batch; returns whether it can be drawn."""
        return self.batches.append(at[0], value, *at[1:])

    def add_epoch(self, at: Place, value: float) -> bool:
        """Add the figure of a whole epoch; returns whether it can be drawn."""
        return self.epochs.append(at[0], value, *at[1:])

    def use_axis(self, axis: int) -> None:
        """Tell places on another axis from now on."""
        self.epochs.axis = self.batches.axis = axis

    @property
    def main(self) -> PointBuffer:
        """The whole epochs where there are any, else the batches."""
        return self.epochs if len(self.epochs) else self.batches
