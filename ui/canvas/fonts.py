"""The fonts that items paint with."""

from __future__ import annotations

from PySide6.QtGui import QFont


def pixel_font(pixels: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The application's face at a size of the look."""
    font = QFont()
    font.setPixelSize(pixels)
    font.setWeight(weight)
    return font
