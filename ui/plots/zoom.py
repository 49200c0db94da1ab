"""How a plot is zoomed: the wheel stretches the horizontal axis, a drag chooses a part, the middle button moves it."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor

from ui.plots.themed import pen
from ui.theme import tokens

FLAT = 14
"""A dragged rectangle lower (or narrower) than this many pixels chooses along one axis only."""
LEAST_DRAG = 4
PADDING = (0.015, 0.08)
LEAST_FILLED = 0.6
"""How much of an axis that grows calmly is filled at least."""
AHEAD = 0.25
"""How much further than needed it grows, as a part of what is needed."""


def calm(shown: tuple[float, float], wanted: tuple[float, float]) -> tuple[float, float]:
    """What an axis shows next: the same while the data fit well, else some room beyond where they went out.

    Args:
        shown: What it shows now.
        wanted: What the data take.
    """
    low, high = wanted
    room = AHEAD * (high - low)
    if low < shown[0]:
        low -= room
    if high > shown[1]:
        high += room
    kept = min(low, shown[0]), max(high, shown[1])
    return kept if wanted[1] - wanted[0] >= LEAST_FILLED * (kept[1] - kept[0]) else (low, high)


class ZoomBox(pg.ViewBox):
    """A view that follows its data until it is zoomed, and its heights even then."""

    _autoRangeNeedsUpdate: bool  # noqa: N815  the name is pyqtgraph's

    def __init__(self) -> None:
        super().__init__(enableMenu=False)
        self.is_calm = False
        self.setMouseMode(pg.ViewBox.RectMode)
        self.setAutoVisible(y=True)

    def suggestPadding(self, axis: int) -> float:
        return PADDING[axis]

    def setRange(self, *args: Any, **ranges: Any) -> None:
        """Follow growing data in steps while `is_calm`: an axis that changes is drawn anew, which takes longest."""
        if self._updatingRange and self.is_calm:
            for axis, name in enumerate(("xRange", "yRange")):
                if name in ranges:
                    low, high = ranges[name]
                    least = self._effectiveLimits()[axis][0]
                    low = low if least is None else max(low, least)
                    ranges[name] = calm(self.state["targetRange"][axis], (low, high))
        super().setRange(*args, **ranges)

    @property
    def is_settled(self) -> bool:
        """Whether the view is in line with the data, as far as it follows them."""
        return not self._autoRangeNeedsUpdate

    def settle(self, *, within: bool = False) -> None:
        """Bring the view in line with data that have come, before it is painted rather than while it is.

        Args:
            within: What came lies within the view, and a calm one has nothing to find out.
        """
        if within and self.is_calm and not self.is_zoomed:
            self._autoRangeNeedsUpdate = False
        elif self._autoRangeNeedsUpdate:
            self.updateAutoRange()
            self.updateMatrix()  # which tells of items that moved, as if they had grown
            self._autoRangeNeedsUpdate = False

    @property
    def is_zoomed(self) -> bool:
        """Whether a part was chosen, so that new data no longer move the view."""
        return not all(self.autoRangeEnabled())

    def restyle(self) -> None:
        """Take the colours of the theme in use for the dragged rectangle."""
        colors = tokens()
        wash = QColor(colors.accent)
        wash.setAlphaF(0.12)
        self.rbScaleBox.setPen(pen(colors.accent, 1.0))
        self.rbScaleBox.setBrush(wash)

    def wheelEvent(self, event: Any, axis: int | None = None) -> None:
        super().wheelEvent(event, axis=0 if axis is None else axis)

    def mouseDragEvent(self, event: Any, axis: int | None = None) -> None:
        if event.button() == Qt.MouseButton.RightButton:
            event.ignore()
        elif event.button() == Qt.MouseButton.LeftButton and axis is None:
            self._choose(event)
        else:
            super().mouseDragEvent(event, axis=0 if axis is None else axis)

    def _choose(self, event: Any) -> None:
        event.accept()
        area = QRectF(event.buttonDownPos(event.button()), event.pos()).normalized()
        across, up = area.width() >= FLAT or area.height() < FLAT, area.height() >= FLAT
        if not across and area.height() >= FLAT:
            area.setLeft(0.0)
            area.setRight(self.width())
        elif not up:
            area.setTop(0.0)
            area.setBottom(self.height())
        if not event.isFinish():
            self.updateScaleBox(area.topLeft(), area.bottomRight())
            return
        self.rbScaleBox.hide()
        if max(area.width() if across else 0, area.height() if up else 0) < LEAST_DRAG:
            return
        chosen = self.childGroup.mapRectFromParent(area)
        if across:
            self.setXRange(chosen.left(), chosen.right(), padding=0)
        if up:
            self.setYRange(chosen.top(), chosen.bottom(), padding=0)
        self.sigRangeChangedManually.emit([across, up])
