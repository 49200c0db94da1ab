"""A pyqtgraph canvas in the program's look that follows a change between light and dark."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from ui.plots.axis import PlotAxis
from ui.theme import CAPTION, theme, tokens

GRID_ALPHA = 28
BELOW = 44
"""What the numbers and the name of the lower axis take."""
DASHES: tuple[Qt.PenStyle, ...] = (
    Qt.PenStyle.SolidLine,
    Qt.PenStyle.DashLine,
    Qt.PenStyle.DotLine,
    Qt.PenStyle.DashDotLine,
    Qt.PenStyle.DashDotDotLine,
)


def pen(color: str, width: float = 1.0, dash: int = 0, opacity: float = 1.0) -> QPen:
    """A cosmetic pen: `dash` counts through the line styles, `opacity` is from 0 to 1."""
    shade = QColor(color)
    shade.setAlphaF(opacity)
    made: QPen = pg.mkPen(shade, width=width, style=DASHES[dash % len(DASHES)])
    return made


class ThemedPlot(pg.PlotWidget):
    """A plot with a thin grid and labelled axes.

    Args:
        x_label: What the horizontal axis counts, with its unit.
        y_label: What the vertical axis measures, with its unit.
        whole: Whether the horizontal axis counts, so that only whole numbers are marked.
        parent: The widget that holds it.
        box: The view, where it is not to be pyqtgraph's own.
    """

    def __init__(
        self,
        x_label: str = "",
        y_label: str = "",
        whole: bool = False,
        parent: QWidget | None = None,
        box: pg.ViewBox | None = None,
    ) -> None:
        axes = {side: PlotAxis(side) for side in ("bottom", "left")}
        axes["bottom"].whole = whole
        item = pg.PlotItem(axisItems=axes, enableMenu=False, viewBox=box)
        super().__init__(parent, plotItem=item)
        # pyqtgraph makes this menu even where it is disabled, and nobody would ever delete it.
        item.ctrlMenu.setParent(self, item.ctrlMenu.windowFlags())
        self._labels = {"bottom": x_label, "left": y_label}
        item.hideButtons()
        item.getViewBox().setDefaultPadding(0.04)
        for side in ("bottom", "left"):
            axis = item.getAxis(side)
            axis.enableAutoSIPrefix(False)
            axis.setStyle(tickLength=0, tickTextOffset=6, tickAlpha=GRID_ALPHA, maxTickLevel=0)
            axis.setGrid(255)
        self.restyle()
        theme().changed.connect(self.restyle)

    def set_label(self, side: str, text: str) -> None:
        """Name an axis: "bottom" or "left"."""
        if self._labels[side] != text:
            self._labels[side] = text
            self._name_axis(side)

    def restyle(self) -> None:
        """Take the colours of the theme in use."""
        colors = tokens()
        self.setBackground(colors.raised)
        font = QFont(self.font())
        font.setPixelSize(CAPTION)
        for side in ("bottom", "left"):
            axis = self.getPlotItem().getAxis(side)
            axis.setPen(pg.mkPen(colors.strong_border, width=1))
            axis.setTickPen(pg.mkPen(colors.text, width=1))
            axis.setTextPen(pg.mkPen(colors.muted))
            axis.setTickFont(font)
            self._name_axis(side)

    def _name_axis(self, side: str) -> None:
        text = self._labels[side]
        axis = self.getPlotItem().getAxis(side)
        axis.setLabel(text or None, color=tokens().muted, **{"font-size": f"{CAPTION}px"})
        axis.showLabel(bool(text) and (side == "bottom" or self._has_room(text)))

    def _has_room(self, text: str) -> bool:
        """Whether an upright label is not longer than the plot is high, as far as that is known."""
        font = QFont(self.font())
        font.setPixelSize(CAPTION)
        return not self.isVisible() or QFontMetrics(font).horizontalAdvance(text) <= self.height() - BELOW

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if hasattr(self, "_labels"):  # pyqtgraph resizes while it is being made
            self._name_axis("left")

    def follow_data(self) -> None:
        """Show everything, and go on doing so as data come."""
        self.getPlotItem().enableAutoRange()
