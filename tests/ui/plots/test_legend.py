"""The legend that can be clicked."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ui.plots.curve import Line
from ui.plots.legend import Legend


@pytest.fixture
def legend(qtbot: QtBot) -> Legend:
    legend = Legend()
    qtbot.addWidget(legend)
    legend.show_lines({name: Line("training", name) for name in ("a", "b", "c")})
    legend.resize(400, 40)
    legend.show()
    return legend


def shown(legend: Legend) -> str:
    return "".join(str(key) for key in legend.entries if legend.is_shown(key))


def test_that_a_click_or_the_space_bar_hides_and_shows_a_curve(legend: Legend, qtbot: QtBot) -> None:
    told: list[str] = []
    legend.toggled.connect(lambda: told.append(shown(legend)))
    qtbot.mouseClick(legend.entries["b"], Qt.MouseButton.LeftButton)
    qtbot.keyClick(legend.entries["b"], Qt.Key.Key_Space)
    assert told == ["ac", "abc"]


def test_that_a_double_click_shows_one_alone_and_then_all_again(legend: Legend, qtbot: QtBot) -> None:
    qtbot.mouseDClick(legend.entries["c"], Qt.MouseButton.LeftButton)
    assert shown(legend) == "c"
    qtbot.mouseDClick(legend.entries["c"], Qt.MouseButton.LeftButton)
    assert shown(legend) == "abc"


def test_that_a_hidden_curve_stays_hidden_when_others_come(legend: Legend) -> None:
    legend.entries["a"].setChecked(False)
    legend.show_lines({name: Line("training", name) for name in ("a", "b", "c", "d")})
    assert shown(legend) == "bcd"
