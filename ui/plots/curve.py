"""One series on a plot: a line through the epochs, the batches faint behind it, smoothed if asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor

from ui.plots.buffer import Floats, PointBuffer
from ui.plots.series import Series
from ui.plots.smoothing import Smoother
from ui.plots.themed import pen
from ui.theme import tokens

Role = Literal["training", "validation"]

# Wide antialiased lines cost several times what thin ones do once there are many points.
MANY_POINTS = 5000
EPOCH_WIDTH = 2.0
BEHIND_WIDTH = 1.5
FAINT = 0.35
FAINTER = 0.2
POINT_SIZE = 6


class Line:
    """How a series is told from the others: training is blue and validation vermilion; further runs have their own hue.

    Args:
        role: Training or validation.
        name: What the legend and the hovered value call it.
        run: The place of its run among those shown; 0 is the one that is looked at, the others lie behind it.
    """

    def __init__(self, role: Role, name: str, run: int = 0) -> None:
        self.role = role
        self.name = name
        self.run = run

    @property
    def color(self) -> str:
        """The colour in the theme in use."""
        colors = tokens()
        if self.run:
            further = colors.series[2:]
            return further[(self.run - 1) % len(further)]
        return colors.training if self.role == "training" else colors.validation

    @property
    def dash(self) -> int:
        """The number of the line style."""
        return self.run

    @property
    def opacity(self) -> float:
        """A further run has one hue only, so its training is fainter than its validation."""
        return 0.55 if self.run and self.role == "training" else 1.0

    @property
    def width(self) -> float:
        """The width of the line in pixels."""
        return BEHIND_WIDTH if self.run else EPOCH_WIDTH


class LiveCurve:
    """Draws a series; nothing is drawn before `flush`.

    Args:
        plot: Where it is drawn.
        series: What is drawn; it may grow at any time.
        line: How it is told from the others.
    """

    def __init__(self, plot: pg.PlotItem, series: Series, line: Line) -> None:
        self.series = series
        self.line = line
        self.smoothing = 0.0
        self.log_x = self.log_y = False
        self._plot = plot
        self._visible = True
        self._drawn = (-1, -1)
        self._fresh: tuple[Floats, Floats] | None = None
        self._smooth = (Smoother(), Smoother())  # of the epochs, of the batches
        self._batch_line = self._make(z=1)
        self._raw_line = self._make(z=2)
        self._epoch_line = self._make(z=4 if not line.run else 3)
        self.restyle()

    def _make(self, z: int) -> pg.PlotDataItem:
        line = pg.PlotDataItem(skipFiniteCheck=True)
        line.setClipToView(True)
        line.setDownsampling(auto=True, method="peak")
        line.setZValue(z)
        self._plot.addItem(line)
        return line

    @property
    def visible(self) -> bool:
        return self._visible

    @visible.setter
    def visible(self, visible: bool) -> None:
        self._visible = visible
        for line in (self._batch_line, self._raw_line, self._epoch_line):
            line.setVisible(visible)

    def ask_redraw(self) -> None:
        """Draw everything anew at the next flush, after the axes or the smoothing have changed."""
        self._drawn = (-1, -1)

    def flush(self) -> bool:
        """Draw what has come since the last time; returns whether anything had."""
        size = (len(self.series.epochs), len(self.series.batches))
        if size == self._drawn:
            return False
        batches_came, epochs_came = size[1] != self._drawn[1], size[0] != self._drawn[0]
        self._fresh = self._points_since(*self._drawn)
        self._drawn = size
        if batches_came or self._batches_are_few:
            self._draw_batches()
        if epochs_came:
            self._draw_epochs()
        return True

    def _points_since(self, epochs: int, batches: int) -> tuple[Floats, Floats] | None:
        """The points that come after so many; None where they are not drawn as they are, or all are drawn anew."""
        if epochs < 0 or self.smoothing > 0 or self.log_x or self.log_y:
            return None
        parts = ((self.series.epochs, epochs), (self.series.batches, batches))
        x = np.concatenate([buffer.x[seen:] for buffer, seen in parts])
        return x, np.concatenate([buffer.y[seen:] for buffer, seen in parts])

    def grew_within(self, x: Sequence[float], y: Sequence[float]) -> bool:
        """Whether what the last `flush` added lies in these ranges."""
        if self._fresh is None:
            return False
        return all(
            not len(values) or (low <= values.min() and values.max() <= high)
            for values, (low, high) in zip(self._fresh, (x, y), strict=True)
        )

    @property
    def _batches_are_few(self) -> bool:
        """Whether epochs pass faster than batches are told: a line through those would tell nothing."""
        return len(self.series.batches) < len(self.series.epochs)

    def _draw_batches(self) -> None:
        if not self._batches_are_few:
            self._draw(self._batch_line, *self._points(self.series.batches, self._smoothed(self.series.batches)))
        elif self._batch_line.xData is not None:
            self._batch_line.setData([], [])

    def _draw_epochs(self) -> None:
        smooth = self.smoothing > 0
        self._draw(self._epoch_line, *self._points(self.series.epochs, self._smoothed(self.series.epochs)))
        raw = self._points(self.series.epochs, self.series.epochs.y) if smooth else (np.empty(0), np.empty(0))
        if smooth or self._raw_line.xData is not None:
            self._draw(self._raw_line, *raw)
        thin = len(self.series.epochs) > MANY_POINTS
        if thin == bool(self._epoch_line.opts["antialias"]):
            self._style_epochs()

    def _smoothed(self, buffer: PointBuffer) -> Floats:
        smoother = self._smooth[0 if buffer is self.series.epochs else 1]
        return smoother(buffer.y, self.smoothing)

    def _points(self, buffer: PointBuffer, y: Floats) -> tuple[Floats, Floats]:
        x = buffer.x
        if self.log_x or self.log_y:
            seen = np.ones(len(x), dtype=bool)
            if self.log_x:
                seen &= x > 0
            if self.log_y:
                seen &= y > 0
            x, y = x[seen], y[seen]
        return x, y

    def _draw(self, line: pg.PlotDataItem, x: Floats, y: Floats) -> None:
        self._mark_single(line, len(x) == 1)
        line.setData(x, y)

    def _mark_single(self, line: pg.PlotDataItem, single: bool) -> None:
        # A line through one point shows nothing.
        if (line.opts["symbol"] is not None) != single:
            line.setSymbol("o" if single else None)
            line.setSymbolSize(POINT_SIZE)
            line.setSymbolPen(None)
            line.setSymbolBrush(self.line.color)

    def restyle(self) -> None:
        """Take the colours of the theme in use."""
        faint = FAINT if not self.line.run else FAINTER
        self._batch_line.setPen(pen(self.line.color, 1.0, 0, faint))
        self._raw_line.setPen(pen(self.line.color, 1.0, self.line.dash, faint))
        self._style_epochs()
        for line in (self._batch_line, self._raw_line, self._epoch_line):
            line.setSymbolBrush(QColor(self.line.color))

    def _style_epochs(self) -> None:
        thin = len(self.series.epochs) > MANY_POINTS
        self._epoch_line.opts["antialias"] = not thin
        width = 1.0 if thin else self.line.width
        self._epoch_line.setPen(pen(self.line.color, width, self.line.dash, self.line.opacity))

    def point_at(self, x: float) -> tuple[float, float, float] | None:
        """The point nearest to a place on the axis in use: its place, its value and its smoothed value."""
        source = self.series.main
        place = source.nearest_place(x)
        if place is None:
            return None
        return float(source.x[place]), float(source.y[place]), float(self._smoothed(source)[place])

    def remove(self) -> None:
        """Take it off the plot."""
        for line in (self._batch_line, self._raw_line, self._epoch_line):
            self._plot.removeItem(line)
