"""The coloured bar of a layer's category, as an icon for lists."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from ui.theme import icon, tokens

SWATCH = QSize(8, 16)


def category_icon(category: str) -> QIcon:
    """A rounded bar in the category's colour."""
    ratio = QApplication.primaryScreen().devicePixelRatio() if QApplication.primaryScreen() else 1.0
    picture = QPixmap(SWATCH * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tokens().category(category)))
    painter.drawRoundedRect(QRectF(2, 1, 4, 14), 2, 2)
    painter.end()
    return QIcon(picture)


@cache
def pictured(name: str, colour: str, size: int = 14) -> QPixmap:
    """An icon as a picture to paint with, sharp on the screen there is."""
    ratio = QApplication.primaryScreen().devicePixelRatio() if QApplication.primaryScreen() else 1.0
    return icon(name, colour, size).pixmap(QSize(size, size), ratio)
