"""The values under the pointer: a small box beside the crosshair that names every curve that is shown."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.plots.curve import Line
from ui.plots.themed import pen
from ui.theme import CAPTION, RADIUS, S1, S2, S3, theme, tokens

SWATCH = 16
GAP = 14


@dataclasses.dataclass(frozen=True)
class Reading:
    """One row: a curve and what it says at the pointer."""

    line: Line
    value: str


class Readout(QWidget):
    """Lies over a plot and lets the mouse through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._ground = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.title = ""
        self.readings: tuple[Reading, ...] = ()
        font = QFont(self.font())
        font.setPixelSize(CAPTION)
        self.setFont(font)
        self.hide()
        theme().changed.connect(self.update)

    def tell(self, title: str, readings: Sequence[Reading], x: float) -> None:
        """Show values beside a place `x` of the parent, on the side that has room."""
        self.title, self.readings = title, tuple(readings)
        self.resize(self.sizeHint())
        left = x + GAP
        if left + self.width() > self._ground.width():
            left = x - GAP - self.width()
        self.move(round(max(left, 0.0)), S2)
        self.show()
        self.raise_()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        names = max((metrics.horizontalAdvance(reading.line.name) for reading in self.readings), default=0)
        values = max((metrics.horizontalAdvance(reading.value) for reading in self.readings), default=0)
        width = max(SWATCH + S2 + names + S3 + values, metrics.horizontalAdvance(self.title))
        lines = len(self.readings) + 1
        return QSize(width + 2 * S2, lines * (metrics.height() + S1) + 2 * S2 - S1)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pen(colors.strong_border))
        ground = QColor(colors.raised)
        ground.setAlphaF(0.94)
        painter.setBrush(ground)
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), RADIUS, RADIUS)
        metrics = QFontMetrics(self.font())
        step = metrics.height() + S1
        row = QRect(S2, S2, self.width() - 2 * S2, metrics.height())
        painter.setPen(QColor(colors.muted))
        painter.drawText(row, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.title)
        for reading in self.readings:
            row.translate(0, step)
            line = reading.line
            middle = row.center().y() + 0.5
            painter.setPen(pen(line.color, line.width, line.dash, line.opacity))
            painter.drawLine(QPointF(row.left(), middle), QPointF(row.left() + SWATCH, middle))
            painter.setPen(QColor(colors.text))
            words = row.adjusted(SWATCH + S2, 0, 0, 0)
            painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, line.name)
            painter.drawText(words, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, reading.value)
        painter.end()
