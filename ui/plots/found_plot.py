"""What a trial measured, as a plot: a line over a logarithmic axis, with marked places; the nearest point is told."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Signal
from PySide6.QtWidgets import QWidget

from ui.plots.themed import ThemedPlot, pen
from ui.theme import theme, tokens

HOVER_RATE = 30
DOT = 7
ROOM = 0.18
"""The part of the height that is kept free above the line, for the words of the marks."""
WORDS_ROOM = 0.25
"""The part of the width that the words beside a mark may take."""


@dataclasses.dataclass(frozen=True)
class Place:
    """A marked place on the horizontal axis.

    Args:
        at: Where.
        words: What stands beside it.
        color: The name of a token.
        dash: The style of its line, as `pen` counts them.
        level: How high the words stand: 0 at the top, each further one a line lower.
    """

    at: float
    words: str
    color: str
    dash: int = 1
    level: int = 0


class FoundPlot(ThemedPlot):
    """One line, drawn once; `pointed` tells the number of the nearest point, or None."""

    pointed = Signal(object)

    def __init__(self, x_label: str, y_label: str, *, dots: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(x_label, y_label, parent=parent)
        self.setMouseEnabled(False, False)
        self.getPlotItem().setLogMode(x=True, y=False)
        self._dots = dots
        self._line = pg.PlotDataItem(symbol="o" if dots else None, symbolSize=DOT)
        self._cursor = pg.ScatterPlotItem(size=DOT + 2, pxMode=True)
        self.addItem(self._line)
        self.addItem(self._cursor, ignoreBounds=True)
        self.x: list[float] = []
        self.y: list[float] = []
        self.places: tuple[Place, ...] = ()
        self._marks: list[pg.InfiniteLine] = []
        self._moves = pg.SignalProxy(self.scene().sigMouseMoved, rateLimit=HOVER_RATE, slot=self._hovered)
        self.viewport().installEventFilter(self)
        theme().changed.connect(self._colour)
        self._colour()

    def tell(
        self,
        x: Sequence[float],
        y: Sequence[float],
        places: Sequence[Place],
        name: str,
        *,
        zero: bool,
        top: float = math.inf,
    ) -> None:
        """Show other numbers.

        Args:
            x: Above zero, rising.
            y: As many.
            places: What to mark.
            name: The plot in words, for screen readers.
            zero: Whether the vertical axis begins at zero.
            top: What is above it is not shown.
        """
        self.x, self.y, self.places = list(x), list(y), tuple(places)
        self._line.setData(self.x, self.y)
        self._cursor.clear()
        if self.x:
            low, high = (0.0 if zero else min(self.y)), min(max(self.y), top)
            span = (high - low) or 1.0
            self.setYRange(low - (0 if zero else 0.04 * span), high + ROOM * span, padding=0)
            first, last = (math.log10(end) for end in (self.x[0], self.x[-1]))
            self.setXRange(first, last if last > first else first + 1, padding=0.03)
        self.setAccessibleName(name)
        self._mark()

    def name_ticks(self, names: Sequence[tuple[float, str]]) -> None:
        """Write these words at these places of the horizontal axis."""
        self.getPlotItem().getAxis("bottom").setTicks([[(math.log10(at), words) for at, words in names]])

    def _mark(self) -> None:
        for mark in self._marks:
            self.removeItem(mark)
        self._marks = []
        colors = tokens()
        (left, right), _ = self.getPlotItem().getViewBox().viewRange()
        for number, place in enumerate(self.places, start=1):
            at, color = math.log10(place.at), getattr(colors, place.color)
            # Right of the line where there is room, left of it near the end, and of those that others follow.
            crowded = right - at < WORDS_ROOM * (right - left) or number < len(self.places)
            anchor = (1.0, 0.5) if crowded and at - left > WORDS_ROOM * (right - left) else (0.0, 0.5)
            options = {
                "position": 0.94 - 0.1 * place.level,
                "color": color,
                "fill": colors.raised,
                "anchors": [anchor, anchor],
                "movable": False,
            }
            mark = pg.InfiniteLine(at, 90, pen(color, 1.5, place.dash), label=place.words, labelOpts=options)
            self.addItem(mark, ignoreBounds=True)
            self._marks.append(mark)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.point_at(None)
        return False

    def _hovered(self, args: tuple[QPointF]) -> None:
        box = self.getPlotItem().getViewBox()
        if not self.x or not box.sceneBoundingRect().contains(args[0]):
            self.point_at(None)
            return
        at = float(box.mapSceneToView(args[0]).x())
        self.point_at(min(range(len(self.x)), key=lambda place: abs(math.log10(self.x[place]) - at)))

    def point_at(self, number: int | None) -> None:
        """Mark a point, and tell of it."""
        if number is None:
            self._cursor.clear()
        else:
            self._cursor.setData([math.log10(self.x[number])], [self.y[number]])
        self.pointed.emit(number)

    def _colour(self) -> None:
        colors = tokens()
        self._line.setPen(pen(colors.training, 2))
        if self._dots:
            self._line.setSymbolBrush(colors.training)
            self._line.setSymbolPen(pen(colors.raised))
        self._cursor.setBrush(colors.training)
        self._cursor.setPen(pen(colors.raised, 1.5))
        self._mark()
