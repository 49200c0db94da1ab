"""What the painted widgets of the Data and Evaluate pages share: fonts, shares, one line that fits."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QApplication


def font(size: int, *, bold: bool = False) -> QFont:
    """The application's face at a size in pixels; its figures are tabular already."""
    face = QFont(QApplication.font())
    face.setPixelSize(size)
    face.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return face


def percent(share: float, digits: int = 1) -> str:
    """A part of 1 as a percentage, its unit after a space that does not break."""
    return f"{share * 100:.{digits}f}\u00a0%"


def draw_line(
    painter: QPainter,
    area: QRectF | QRect,
    words: str,
    side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    """Draw one line of text in the middle of an area, cut short with an ellipsis where it is too long."""
    words = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(area.width()))
    painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, words)
