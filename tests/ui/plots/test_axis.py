"""The numbers beside an axis: each mark has one, none is told twice, none is cut off."""

from __future__ import annotations

import math

import pytest
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.plots.axis import PlotAxis, even_numbers, log_numbers
from ui.plots.themed import ThemedPlot
from ui.widgets import Card


@pytest.fixture
def card(qtbot: QtBot) -> Card:
    card = Card()
    qtbot.addWidget(card)
    return card


@pytest.fixture
def plot(card: Card, qtbot: QtBot) -> ThemedPlot:
    plot = ThemedPlot("Epoch", "Loss", whole=True, parent=card)
    card.body.addWidget(plot)
    card.resize(452, 290)
    card.show()
    qtbot.waitExposed(card)
    return plot


def told(plot: ThemedPlot, side: str) -> list[str]:
    """The numbers that are painted beside an axis."""
    for _ in range(2):  # the width of the numbers is known once they are painted
        plot.grab()
        QApplication.processEvents()
    axis = plot.getPlotItem().getAxis(side)
    paper = QPixmap(10, 10)
    painter = QPainter(paper)
    _, _, texts = axis.generateDrawSpecs(painter)
    painter.end()
    item = plot.getPlotItem()
    room = axis.mapRectFromItem(item, item.boundingRect())
    for place, _, _ in texts:
        assert room.contains(place) or room.intersected(place) == place, "nothing is cut off at the edge"
        assert axis.boundingRect().contains(place), "and all of it is painted anew with the axis"
    return [words for _, _, words in texts]


def ticks(plot: ThemedPlot, side: str) -> list[float]:
    axis: PlotAxis = plot.getPlotItem().getAxis(side)
    low, high = axis.range
    return [value for _, values in axis.tickValues(low, high, axis.width()) for value in values]


@pytest.mark.parametrize(
    ("high", "last"), [(1.0, "1"), (1.015, "1"), (0.99, "0.8"), (0.2, "0.20"), (5.0, "5"), (40.0, "40")]
)
def test_that_every_mark_of_the_epochs_has_its_number_and_the_last_one_too(
    plot: ThemedPlot, high: float, last: str
) -> None:
    plot.setXRange(0.0, high, padding=0)
    words = told(plot, "bottom")
    assert len(words) == len(ticks(plot, "bottom"))
    assert words[-1] == last
    assert float(words[0]) == 0
    assert len(set(words)) == len(words)


@pytest.mark.parametrize(
    ("low", "high"),
    [
        (0.0, 1.0),
        (-0.3, 1.3),
        (1_234_560.0, 1_234_570.0),
        (0.0, 3e6),
        (0.0, 4e9),
        (99_999.5, 100_001.0),
        (1e-6, 9e-6),
        (-4e-7, 4e-7),
        (0.97311, 0.97312),
    ],
)
@pytest.mark.parametrize("whole", [True, False])
def test_that_no_axis_tells_a_number_twice(plot: ThemedPlot, low: float, high: float, whole: bool) -> None:
    plot.getPlotItem().getAxis("bottom").whole = whole
    plot.setRange(xRange=(low, high), yRange=(low, high), padding=0)
    for side in ("bottom", "left"):
        words = told(plot, side)
        assert len(words) >= 2
        assert len(set(words)) == len(words)


@pytest.mark.parametrize(
    ("low", "high"), [(2.1, 4.9), (0.5, 0.51), (1e-7, 1e3), (1.0, 1e12), (3e-9, 4e-9), (9.0, 11.0)]
)
def test_that_a_logarithmic_axis_always_has_numbers_however_far_one_looks_into_it(
    plot: ThemedPlot, low: float, high: float
) -> None:
    plot.getPlotItem().setLogMode(x=False, y=True)
    plot.setYRange(math.log10(low), math.log10(high), padding=0)
    words = told(plot, "left")
    assert len(words) >= 2
    assert len(set(words)) == len(words)


@pytest.mark.parametrize(
    ("values", "spacing", "words"),
    [
        ([0.0, 0.5, 1.0], 0.5, ["0.0", "0.5", "1.0"]),
        ([-1.0, -0.0, 1.0], 1.0, ["−1", "0", "1"]),
        ([2.5, 5.0], 2.5, ["2.5", "5.0"]),
        ([0.0, 20_000.0], 20_000.0, ["0", "20,000"]),
        ([0.0, 5e8, 1e9, 1.5e9], 5e8, ["0", "5·10⁸", "10⁹", "1.5·10⁹"]),
        ([-1e-6, 0.0, 1e-6, 2e-6], 1e-6, ["−10⁻⁶", "0", "10⁻⁶", "2·10⁻⁶"]),
    ],
)
def test_that_numbers_at_equal_distances_have_equal_digits(
    values: list[float], spacing: float, words: list[str]
) -> None:
    assert even_numbers(values, spacing) == words


def test_that_a_logarithmic_axis_takes_powers_only_far_out() -> None:
    assert log_numbers([1e-5, 1e-3, 1.0, 1e3, 1e6]) == ["10⁻⁵", "0.001", "1", "1000", "10⁶"]
    assert log_numbers([1.2345678, 1.2345679]) == ["1.2345678", "1.2345679"]
