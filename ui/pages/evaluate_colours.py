"""The ramp of the confusion matrix, from the ground to the accent, and ink that can be read on it."""

from __future__ import annotations

from PySide6.QtGui import QColor

from ui.theme import tokens

ENOUGH = 4.5


def _luminance(colour: QColor) -> float:
    def linear(part: float) -> float:
        return float(part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(part) for part in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: QColor, other: QColor) -> float:
    """The contrast ratio of two colours, from 1 to 21, as WCAG defines it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def ramp(part: float) -> QColor:
    """The colour of a magnitude from 0 (the window's ground) to 1 (the accent).

    The square root lifts the few mistakes of a good model out of the ground.
    """
    colours = tokens()
    low, high = QColor(colours.window), QColor(colours.accent_pressed)
    share = max(0.0, min(1.0, part)) ** 0.5
    mixed = (
        low.redF() + (high.redF() - low.redF()) * share,
        low.greenF() + (high.greenF() - low.greenF()) * share,
        low.blueF() + (high.blueF() - low.blueF()) * share,
    )
    return QColor.fromRgbF(*mixed)


def readable_on(ground: QColor) -> QColor:
    """The theme's ink that reads best on a ground, pushed to black or white where it alone would not be enough."""
    colours = tokens()
    inks = [QColor(colours.text), QColor(colours.on_accent)]
    best = max(inks, key=lambda ink: contrast(ink, ground))
    if contrast(best, ground) >= ENOUGH:
        return best
    ends = [QColor.fromHslF(0, 0, 0), QColor.fromHslF(0, 0, 1)]
    return max(ends, key=lambda ink: contrast(ink, ground))
