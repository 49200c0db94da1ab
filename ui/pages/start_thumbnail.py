"""The quickstarts' pictures, painted from real samples in the colours of the look."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import CARD_RADIUS, theme, tokens

HEIGHT = 128


@cache
def _samples() -> dict[str, Any]:
    text = resources.files("ui.theme").joinpath("pictures", "samples.json").read_text(encoding="utf-8")
    result: dict[str, Any] = json.loads(text)
    return result


@cache
def _picture(name: str) -> QPixmap:
    picture = QPixmap()
    picture.loadFromData(resources.files("ui.theme").joinpath("pictures", name).read_bytes())
    return picture


def _ink(values: list[int], color: str) -> QImage:
    image = QImage(8, 8, QImage.Format.Format_ARGB32)
    ink = QColor(color)
    for place, value in enumerate(values):
        ink.setAlpha(round(value * 255 / 16))
        image.setPixelColor(place % 8, place // 8, ink)
    return image


class Thumbnail(QWidget):
    """`kind` is "digits", "pictures", "table" or "flowers"."""

    def __init__(self, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(220, HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        path.addRoundedRect(QRectF(self.rect()).adjusted(0, 0, 0, CARD_RADIUS), CARD_RADIUS - 1, CARD_RADIUS - 1)
        painter.setClipPath(path)
        painter.fillRect(self.rect(), QColor(tokens().window))
        getattr(self, f"_paint_{self.kind}")(painter)
        painter.setPen(QPen(QColor(tokens().border), 1))
        painter.drawLine(0, HEIGHT - 1, self.width(), HEIGHT - 1)

    def _paint_digits(self, painter: QPainter) -> None:
        columns, rows, size, gap = 6, 3, 24, 8
        left = (self.width() - columns * (size + gap) + gap) / 2
        top = (HEIGHT - rows * (size + gap) + gap) / 2
        for place, values in enumerate(_samples()["digits"]):
            x, y = left + (place % columns) * (size + gap), top + (place // columns) * (size + gap)
            painter.drawImage(QRectF(x, y, size, size), _ink(values, tokens().text))

    def _paint_pictures(self, painter: QPainter) -> None:
        size, gap = 44, 6
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        left = (self.width() - 3 * (size + gap) + gap - 6) / 2
        for line, name in enumerate(("china", "flower")):
            top = 14 + line * (size + gap + 6)
            pen = QPen(QColor(tokens().series[line]), 3)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawLine(QPointF(left - 6, top + 6), QPointF(left - 6, top + size - 6))
            for place in range(3):
                box = QRectF(left + 4 + place * (size + gap), top, size, size)
                path = QPainterPath()
                path.addRoundedRect(box, 4, 4)
                painter.save()
                painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
                painter.drawPixmap(box, _picture(f"{name}-{place}.jpg"), QRectF(0, 0, 96, 96))
                painter.restore()

    def _paint_table(self, painter: QPainter) -> None:
        table, look = _samples()["table"], tokens()
        font = QFont(self.font())
        font.setPixelSize(10)
        painter.setFont(font)
        columns = len(table["columns"])
        width, line, top, margin = (self.width() - 24) / columns, 18, 10, 12
        last = QRectF(margin + (columns - 1) * width, top - 2, width, line * 6 + 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(look.wash))
        painter.drawRoundedRect(last, 4, 4)
        for number, cells in enumerate([table["columns"], *table["rows"]]):
            y = top + number * line
            for place, cell in enumerate(cells):
                target = place == columns - 1
                painter.setPen(QColor(look.accent if target else look.muted if number == 0 else look.text))
                box = QRect(round(margin + place * width) + 4, y, round(width) - 8, line - 2)
                side = Qt.AlignmentFlag.AlignLeft if target else Qt.AlignmentFlag.AlignRight
                words = painter.fontMetrics().elidedText(
                    cell.replace("_", " "), Qt.TextElideMode.ElideRight, box.width()
                )
                painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, words)
            if number == 0:
                painter.setPen(QPen(QColor(look.border), 1))
                painter.drawLine(QPointF(margin, y + line - 1), QPointF(self.width() - margin, y + line - 1))

    def _paint_flowers(self, painter: QPainter) -> None:
        look = tokens()
        area = QRectF(self.rect()).adjusted(28, 16, -28, -18)
        painter.setPen(QPen(QColor(look.border), 1))
        for step in range(4):
            y = area.top() + step * area.height() / 3
            painter.drawLine(QPointF(area.left() - 8, y), QPointF(area.right() + 8, y))
        painter.setPen(Qt.PenStyle.NoPen)
        for length, width, kind in _samples()["flowers"]:
            color = QColor(look.series[kind])
            color.setAlphaF(0.75)
            painter.setBrush(color)
            x = area.left() + (length - 1.0) / 5.9 * area.width()
            y = area.bottom() - (width - 0.1) / 2.4 * area.height()
            painter.drawEllipse(QPointF(x, y), 2.6, 2.6)
