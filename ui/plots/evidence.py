"""The small drawing beside a finding: a few named lines, or bars with their labels."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QWidget

from ui.plots.themed import pen
from ui.plots.words import figure
from ui.theme import CAPTION, S1, S2, theme, tokens

WIDTH, HEIGHT = 260, 112
MOST_BARS = 24
MANY = 400
SWATCH = 12


class EvidenceView(QWidget):
    """Draws a finding's evidence: {"x": [...], name: [...]} as lines, {"labels": [...], name: [...]} as bars."""

    def __init__(self, evidence: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.labels = [str(label) for label in evidence.get("labels", ())]
        self.places = _numbers(evidence.get("x", ()))
        self.series = {
            str(name): _numbers(values)
            for name, values in evidence.items()
            if name not in ("x", "labels") and isinstance(values, Sequence) and not isinstance(values, str)
        }
        self.setFixedSize(QSize(WIDTH, HEIGHT))
        font = QFont(self.font())
        font.setPixelSize(CAPTION)
        self.setFont(font)
        told = "; ".join(f"{_title(name)}: {figure(values[-1])}" for name, values in self.series.items() if values)
        self.setAccessibleName(told)
        self.setToolTip(self._words())
        theme().changed.connect(self.update)

    def _words(self) -> str:
        if self.labels:
            first = next(iter(self.series.values()), [])
            pairs = list(zip(self.labels, first, strict=False))[:MOST_BARS]
            return "\n".join(f"{label}: {figure(value)}" for label, value in pairs)
        return "\n".join(
            f"{_title(name)}: {figure(values[0])} → {figure(values[-1])}"
            for name, values in self.series.items()
            if values
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        finite = [value for values in self.series.values() for value in values if math.isfinite(value)]
        if not finite:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = QFontMetrics(self.font())
        low, high = min(finite), max(finite)
        if self.labels:
            low = min(low, 0.0)
        low, high = span(low, high)
        left = max(metrics.horizontalAdvance(figure(low)), metrics.horizontalAdvance(figure(high))) + S2
        line = metrics.height()
        area = QRectF(left, line + S2, self.width() - left - S1, self.height() - 2 * line - 2 * S2)
        self._frame(painter, area, low, high)
        if self.labels:
            self._bars(painter, area, low, high)
        else:
            self._lines(painter, area, low, high)
        self._legend(painter, line)
        painter.end()

    def _frame(self, painter: QPainter, area: QRectF, low: float, high: float) -> None:
        colors = tokens()
        painter.setPen(pen(colors.border))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.drawLine(area.topLeft(), area.bottomLeft())
        painter.setPen(QColor(colors.muted))
        line = QFontMetrics(self.font()).height()
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for value, y in ((high, area.top()), (low, area.bottom())):
            painter.drawText(QRectF(0, y - line / 2, area.left() - S1, line), right, figure(value))
        below = QRectF(area.left(), area.bottom() + S1, area.width(), line)
        first, last = self._ends()
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, first)
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, last)

    def _ends(self) -> tuple[str, str]:
        if self.labels:
            return self.labels[0], self.labels[-1] if len(self.labels) > 1 else ""
        return (f"{self.places[0]:g}", f"{self.places[-1]:g}") if len(self.places) > 1 else ("", "")

    def _lines(self, painter: QPainter, area: QRectF, low: float, high: float) -> None:
        for place, (name, values) in enumerate(self.series.items()):
            x = self.places if len(self.places) == len(values) else [float(number) for number in range(len(values))]
            first, span = (x[0], (x[-1] - x[0]) or 1.0) if x else (0.0, 1.0)
            points = [
                QPointF(
                    area.left() + (at - first) / span * area.width(),
                    area.bottom() - (value - low) / (high - low) * area.height(),
                )
                for at, value in list(zip(x, values, strict=True))[:: max(1, len(values) // MANY)]
                if math.isfinite(value)
            ]
            painter.setPen(pen(_color(name, place), 1.5))
            if len(points) == 1:
                painter.drawEllipse(points[0], 2, 2)
            else:
                painter.drawPolyline(QPolygonF(points))

    def _bars(self, painter: QPainter, area: QRectF, low: float, high: float) -> None:
        count = min(len(self.labels), MOST_BARS)
        step = area.width() / max(count, 1)
        wide = step / max(len(self.series), 1) * 0.7
        painter.setPen(Qt.PenStyle.NoPen)
        for place, (name, values) in enumerate(self.series.items()):
            painter.setBrush(QColor(_color(name, place)))
            for number, value in enumerate(values[:count]):
                if math.isfinite(value):
                    tall = (value - low) / (high - low) * area.height()
                    painter.drawRect(
                        QRectF(area.left() + number * step + place * wide + 1, area.bottom() - tall, wide, tall)
                    )

    def _legend(self, painter: QPainter, line: int) -> None:
        x = 0.0
        metrics = QFontMetrics(self.font())
        for place, name in enumerate(self.series):
            painter.setPen(pen(_color(name, place), 2.0))
            painter.drawLine(QPointF(x, line / 2), QPointF(x + SWATCH, line / 2))
            painter.setPen(QColor(tokens().muted))
            title = _title(name)
            painter.drawText(QPointF(x + SWATCH + S1, line - metrics.descent()), title)
            x += SWATCH + S1 + metrics.horizontalAdvance(title) + S2


def _numbers(values: Any) -> list[float]:
    return [math.nan if value is None else float(value) for value in values]


def _title(name: str) -> str:
    return name.replace("val_", "validation ").replace("_", " ")


def _color(name: str, place: int) -> str:
    colors = tokens()
    if name.startswith("val_"):
        return colors.validation
    if name in ("loss", "accuracy"):
        return colors.training
    return colors.series[place % len(colors.series)]


def span(low: float, high: float) -> tuple[float, float]:
    """What an axis shows of values from `low` to `high`; one single value stands over 0, as a share of 1 should."""
    if low < high:
        return low, high
    return (min(low, 0.0), max(high, 0.0)) if low else (0.0, 1.0)
