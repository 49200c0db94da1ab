"""One curve that grows while a run works: a line through the epochs, and the batches faint behind it."""

from __future__ import annotations

from typing import Literal

import pyqtgraph as pg

from ui.plots.buffer import PointBuffer
from ui.plots.themed import pen
from ui.theme import tokens

Role = Literal["training", "validation"]

# Wide antialiased lines cost several times what thin ones do once there are many points.
MANY_POINTS = 5000
EPOCH_WIDTH = 2.0
BATCH_OPACITY = 0.35
POINT_SIZE = 6


class LiveCurve:
    """What one series of one run looked like so far.

    Points are added at any rate; nothing is drawn before `flush`.

    Args:
        plot: Where it is drawn.
        role: Gives the colour: training or validation, everywhere the same.
        name: What the legend and the hovered value call it.
        dash: Tells runs apart where several are shown: a number of the line style.
    """

    def __init__(self, plot: pg.PlotItem, role: Role, name: str, dash: int = 0) -> None:
        self.role = role
        self.name = name
        self.dash = dash
        self.epochs = PointBuffer()
        self.batches = PointBuffer()
        self._plot = plot
        self._visible = True
        self._changed = False
        self._batch_line = self._line(z=1)
        self._epoch_line = self._line(z=2)
        self.restyle()

    def _line(self, z: int) -> pg.PlotDataItem:
        line = pg.PlotDataItem(skipFiniteCheck=True)
        line.setClipToView(True)
        line.setDownsampling(auto=True, method="peak")
        line.setZValue(z)
        self._plot.addItem(line)
        return line

    @property
    def color(self) -> str:
        """The colour of its role in the theme in use."""
        colors = tokens()
        return colors.training if self.role == "training" else colors.validation

    @property
    def visible(self) -> bool:
        return self._visible

    @visible.setter
    def visible(self, visible: bool) -> None:
        self._visible = visible
        self._batch_line.setVisible(visible)
        self._epoch_line.setVisible(visible)

    def add_batch(self, epoch: float, value: float) -> None:
        """Add a point inside an epoch, `epoch` being how many have gone by, as a fraction."""
        self._changed |= self.batches.append(epoch, value)

    def add_epoch(self, epoch: float, value: float) -> None:
        """Add the figure of a whole epoch."""
        self._changed |= self.epochs.append(epoch, value)

    def flush(self) -> bool:
        """Draw what has come since the last time; returns whether anything had."""
        if not self._changed:
            return False
        self._changed = False
        for line, points in ((self._batch_line, self.batches), (self._epoch_line, self.epochs)):
            if len(points):
                self._mark_single(line, len(points) == 1)
                line.setData(points.x, points.y)
        if len(self.epochs) > MANY_POINTS:
            self._thin()
        return True

    def _mark_single(self, line: pg.PlotDataItem, single: bool) -> None:
        # A line through one point shows nothing.
        if (line.opts["symbol"] is not None) != single:
            line.setSymbol("o" if single else None)
            line.setSymbolSize(POINT_SIZE)
            line.setSymbolPen(None)
            line.setSymbolBrush(self.color)

    def _thin(self) -> None:
        self._epoch_line.setPen(pen(self.color, 1.0, self.dash))
        self._epoch_line.opts["antialias"] = False

    def restyle(self) -> None:
        """Take the colours of the theme in use."""
        self._batch_line.setPen(pen(self.color, 1.0, 0, BATCH_OPACITY))
        self._epoch_line.opts["antialias"] = True
        self._epoch_line.setPen(pen(self.color, EPOCH_WIDTH, self.dash))
        for line in (self._batch_line, self._epoch_line):
            line.setSymbolBrush(self.color)
        if len(self.epochs) > MANY_POINTS:
            self._thin()

    def value_at(self, epoch: float) -> float | None:
        """The figure nearest to an epoch: of the whole epoch where there is one, else of the batch."""
        source = self.epochs if len(self.epochs) else self.batches
        found = source.nearest(epoch)
        return None if found is None else found[1]

    def remove(self) -> None:
        """Take it off the plot."""
        self._plot.removeItem(self._batch_line)
        self._plot.removeItem(self._epoch_line)
