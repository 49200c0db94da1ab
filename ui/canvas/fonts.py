"""The fonts that items paint with."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontMetricsF

NARROWEST = 78
"""Per cent of its own width that a face may be drawn at before its letters look squeezed."""


def pixel_font(pixels: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The application's face at a size of the look."""
    font = QFont()
    font.setPixelSize(pixels)
    font.setWeight(weight)
    return font


def fitting_font(font: QFont, words: str, room: float) -> QFont:
    """The font, drawn narrower where the words would not go into the room; at the narrowest they may still not."""
    width = QFontMetricsF(font).horizontalAdvance(words)
    if width <= room:
        return font
    narrow = QFont(font)
    # Letters stand on whole pixels, so that the width does not follow the share exactly.
    for share in range(max(NARROWEST, int(100 * room / width)), NARROWEST - 1, -1):
        narrow.setStretch(share)
        if QFontMetricsF(narrow).horizontalAdvance(words) <= room:
            break
    return narrow
