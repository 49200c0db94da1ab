"""An axis of a plot: which places it marks, the numbers beside them, and where those stand."""

from __future__ import annotations

import math
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

WIDE_DECADES = 1.5
LEAST_ROOM = 24
LOG_STEPS = (1, 2, 5)
PLAIN = (0.9e-4, 1.1e5)
"""Between these a number on a logarithmic axis is written out, beyond them with a power of ten."""
EVENLY_PLAIN = (0.9e-4, 1.1e7)
"""The same on an axis whose marks are equally far apart."""
MOST_DIGITS = 15
BEYOND = 48
"""How far a number may reach beyond the axis, before it is moved into the plot."""
APART = 4
POWERS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

Text = tuple[QRectF, Any, str]


def even_numbers(values: list[float], spacing: float) -> list[str]:
    """Numbers at equal distances, all with as many digits as tell two of them apart.

    Args:
        values: The numbers.
        spacing: How far each is from the next.
    """
    values = [0.0 if abs(value) < spacing / 1000 else value for value in values]
    most = max((abs(value) for value in values), default=0.0)
    if EVENLY_PLAIN[0] <= most <= EVENLY_PLAIN[1] or not most:
        places = next((n for n in range(MOST_DIGITS) if math.isclose(round(spacing, n), spacing)), MOST_DIGITS)
        return [f"{value:,.{places}f}".replace("-", "−") for value in values]
    digits = max(0, math.ceil(math.log10(most) - math.log10(spacing) - 1e-6))
    return [_with_power(f"{value:.{digits}e}") for value in values]


def log_numbers(values: list[float]) -> list[str]:
    """Numbers along a logarithmic axis, with no more digits than tell them apart.

    Args:
        values: The numbers, all above zero.
    """
    told: list[str] = []
    for digits in range(6, MOST_DIGITS + 1):
        told = [
            f"{value:.{digits}g}" if PLAIN[0] <= value <= PLAIN[1] else _with_power(f"{value:.{digits - 1}e}")
            for value in values
        ]
        if len(set(told)) == len(told):
            break
    return told


def _with_power(number: str) -> str:
    """A number as Python writes it with an exponent, "1.50e+07", as people do: 1.5·10⁷."""
    mantissa, exponent = number.replace("-", "−", 1 if number.startswith("-") else 0).split("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    if mantissa == "0":
        return "0"
    power = f"10{str(int(exponent)).translate(POWERS)}"
    return f"{mantissa.removesuffix('1')}{power}" if mantissa in ("1", "−1") else f"{mantissa}·{power}"


class PlotAxis(pg.AxisItem):
    """An axis that, while `whole` is set, marks whole numbers where it has two; a logarithmic one marks few lines."""

    whole = False

    def tickSpacing(self, low: float, high: float, size: float) -> list[tuple[float, float]]:
        spacings = super().tickSpacing(low, high, size)
        if not self.whole or math.floor(high) - math.ceil(low) < 1:
            return list(spacings)
        whole = [(step, offset) for step, offset in spacings if step >= 1 and float(step).is_integer()]
        return whole or [(1.0, 0.0)]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        if self.logMode:
            return log_numbers([10**value * scale for value in values])
        return even_numbers([value * scale for value in values], spacing * scale)

    def logTickValues(self, low: float, high: float, size: float, standard: Any) -> list[tuple[float | None, Any]]:
        wide = high - low >= WIDE_DECADES
        decades = range(math.floor(low), math.ceil(high) + 1)
        values = [decade + math.log10(step) for decade in decades for step in ((1,) if wide else LOG_STEPS)]
        step = max(1, len(values) * LEAST_ROOM // max(1, round(size))) if wide else 1
        marked = [value for value in values[::step] if low <= value <= high]
        if len(marked) < 2 and not wide:
            spacing, offset = super().tickSpacing(10**low, 10**high, size)[0]
            first = math.ceil((10**low - offset) / spacing)
            last = math.floor((10**high - offset) / spacing)
            marked = [math.log10(offset + spacing * place) for place in range(max(1, first), last + 1)]
        return [(1.0, marked)]

    # pyqtgraph leaves a number out that reaches beyond the axis, and so the last one of most axes.

    def boundingRect(self) -> QRectF:
        across = BEYOND if self.orientation == "bottom" else 0
        up = BEYOND if self.orientation == "left" else 0
        return QRectF(super().boundingRect().adjusted(-across, -up, across, up))

    def generateDrawSpecs(self, painter: QPainter) -> tuple[Any, Any, list[Text]] | None:
        specs = super().generateDrawSpecs(painter)
        if specs is None:
            return None
        line, ticks, texts = specs
        plot = self.parentItem()
        room = self.mapRectFromItem(plot, plot.boundingRect())
        return line, ticks, _moved_into(room, texts)


def _moved_into(room: QRectF, texts: list[Text]) -> list[Text]:
    """Numbers moved into the plot where they reach beyond it, without one that would then touch the one before."""
    moved: list[Text] = []
    for place, flags, words in texts:
        place.moveRight(min(place.right(), room.right()))
        place.moveTop(max(place.top(), room.top()))
        if not moved or not place.adjusted(-APART, -APART / 2, APART, APART / 2).intersects(moved[-1][0]):
            moved.append((place, flags, words))
    return moved
