"""The colours of magnitudes, and of numbers about zero."""

from __future__ import annotations

from PySide6.QtGui import QColor

_SIGNED = ("#2166AC", "#F7F7F7", "#B2182B")  # blue, white, red: ColorBrewer's RdBu, turned round
_VIRIDIS = ("#440154", "#414487", "#2A788E", "#22A884", "#7AD151", "#FDE725")  # at equal steps


def viridis(part: float) -> QColor:
    """The colour of a magnitude from 0 to 1, dark to bright in even steps (Smith and van der Walt, 2015)."""
    return _between(_VIRIDIS, part)


def signed(part: float) -> QColor:
    """The colour of a number about zero, from 0 (lowest, blue) over 0.5 (zero, white) to 1 (highest, red)."""
    return _between(_SIGNED, part)


def _between(steps: tuple[str, ...], part: float) -> QColor:
    place = min(max(part, 0.0), 1.0) * (len(steps) - 1)
    index = min(int(place), len(steps) - 2)
    low, high, rest = QColor(steps[index]), QColor(steps[index + 1]), place - index
    return QColor.fromRgbF(
        low.redF() + (high.redF() - low.redF()) * rest,
        low.greenF() + (high.greenF() - low.greenF()) * rest,
        low.blueF() + (high.blueF() - low.blueF()) * rest,
    )
