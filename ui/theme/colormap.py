"""The colours of magnitudes."""

from __future__ import annotations

from PySide6.QtGui import QColor

_VIRIDIS = ("#440154", "#414487", "#2A788E", "#22A884", "#7AD151", "#FDE725")  # at equal steps


def viridis(part: float) -> QColor:
    """The colour of a magnitude from 0 to 1, dark to bright in even steps (Smith and van der Walt, 2015)."""
    place = min(max(part, 0.0), 1.0) * (len(_VIRIDIS) - 1)
    index = min(int(place), len(_VIRIDIS) - 2)
    low, high, rest = QColor(_VIRIDIS[index]), QColor(_VIRIDIS[index + 1]), place - index
    return QColor.fromRgbF(
        low.redF() + (high.redF() - low.redF()) * rest,
        low.greenF() + (high.greenF() - low.greenF()) * rest,
        low.blueF() + (high.blueF() - low.blueF()) * rest,
    )
