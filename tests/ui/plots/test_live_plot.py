"""Live curves on a real plot."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.plots.live_plot import LivePlot
from ui.theme import DARK, LIGHT, apply_theme


@pytest.fixture
def plot(qtbot: QtBot) -> LivePlot:
    plot = LivePlot("Loss")
    qtbot.addWidget(plot)
    plot.resize(600, 400)
    plot.show()
    qtbot.waitExposed(plot)
    return plot


def filled(plot: LivePlot, run: str = "run-001", epochs: int = 5) -> None:
    training = plot.curve(run, "training", "training")
    validation = plot.curve(run, "validation", "validation")
    for epoch in range(1, epochs + 1):
        for part in range(10):
            training.add_batch(epoch - 1 + part / 10, 2.0 / (epoch + part / 10))
        training.add_epoch(epoch, 2.0 / epoch)
        validation.add_epoch(epoch, 2.5 / epoch)


def test_that_nothing_is_drawn_before_a_flush_and_everything_after(plot: LivePlot) -> None:
    filled(plot)
    curve = plot.curves["run-001", "training"]
    assert curve._epoch_line.xData is None
    plot.flush()
    np.testing.assert_array_equal(curve._epoch_line.xData, [1, 2, 3, 4, 5])
    assert len(curve._batch_line.xData) == 50
    assert not curve.flush(), "nothing has come since"


def test_that_a_hidden_plot_waits_until_it_is_shown(plot: LivePlot, qtbot: QtBot) -> None:
    plot.hide()
    filled(plot)
    plot.flush()
    curve = plot.curves["run-001", "validation"]
    assert curve._epoch_line.xData is None
    plot.show()
    qtbot.waitExposed(plot)
    assert len(curve._epoch_line.xData) == 5


def test_that_values_that_are_not_finite_are_left_out(plot: LivePlot) -> None:
    curve = plot.curve("run-001", "training", "training")
    curve.add_epoch(1, 0.5)
    curve.add_epoch(2, float("nan"))
    plot.flush()
    assert curve._epoch_line.xData.tolist() == [1.0]


def test_that_training_is_blue_and_validation_vermilion_in_both_looks(plot: LivePlot, qapp: QApplication) -> None:
    filled(plot)
    plot.flush()
    for mode, tokens in (("dark", DARK), ("light", LIGHT)):
        apply_theme(qapp, mode)  # type: ignore[arg-type]
        for role in ("training", "validation"):
            line = plot.curves["run-001", role]._epoch_line  # type: ignore[index]
            assert line.opts["pen"].color() == QColor(getattr(tokens, role))
        assert plot.plot.backgroundBrush().color() == QColor(tokens.raised)
        axis = plot.plot.getPlotItem().getAxis("left")
        assert axis.textPen().color() == QColor(tokens.muted)


def test_that_a_click_on_the_legend_hides_and_shows_a_curve(plot: LivePlot, qtbot: QtBot) -> None:
    filled(plot)
    plot.flush()
    entry = plot._entries["run-001", "validation"]
    qtbot.mouseClick(entry, Qt.MouseButton.LeftButton)
    curve = plot.curves["run-001", "validation"]
    assert not curve.visible
    assert not curve._epoch_line.isVisible()
    assert "validation" not in plot.words.full_text()
    qtbot.keyClick(entry, Qt.Key.Key_Space)
    assert curve._epoch_line.isVisible()


def test_that_the_hovered_value_is_told_in_words(plot: LivePlot, qtbot: QtBot) -> None:
    filled(plot)
    plot.flush()
    assert plot.words.full_text() == "Epoch 5: training 0.4000, validation 0.5000"
    qtbot.wait(50)  # the first painting settles the range
    box = plot.plot.getPlotItem().getViewBox()
    place = QPointF(plot.plot.mapFromScene(box.mapViewToScene(QPointF(2.1, 1.0))))
    none = Qt.MouseButton.NoButton
    move = QMouseEvent(QEvent.Type.MouseMove, place, place, none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(plot.plot.viewport(), move)
    qtbot.waitUntil(lambda: plot.words.full_text() == "Epoch 2: training 1.000, validation 1.250", timeout=2000)
    plot.point_at(None)
    assert plot.words.full_text().startswith("Epoch 5")


def test_that_a_user_zoom_stays_until_a_double_click(plot: LivePlot, qtbot: QtBot) -> None:
    filled(plot)
    plot.flush()
    box = plot.plot.getPlotItem().getViewBox()
    box.setXRange(2, 3, padding=0)
    plot.curve("run-001", "training", "training").add_epoch(6, 0.3)
    plot.flush()
    assert box.viewRange()[0] == pytest.approx([2, 3])
    qtbot.mouseDClick(plot.plot.viewport(), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: box.viewRange()[0][1] >= 6, timeout=2000)


def test_that_clear_leaves_no_curve_and_no_legend_behind(plot: LivePlot) -> None:
    filled(plot)
    plot.flush()
    before = len(plot.plot.getPlotItem().items)
    plot.clear()
    assert plot.curves == {}
    assert plot._legend.count() == 0
    assert len(plot.plot.getPlotItem().items) == before - 4


def test_that_numbers_are_saved_exactly(plot: LivePlot) -> None:
    plot.curve("run-001", "training", "training").add_epoch(1, 0.1 + 0.2)
    assert plot.to_csv() == "run,series,epoch,value\nrun-001,training,1,0.30000000000000004\n"
    assert plot.to_png().startswith(b"\x89PNG")


def test_that_many_points_are_drawn_thin(plot: LivePlot) -> None:
    curve = plot.curve("run-001", "training", "training")
    for epoch in range(6000):
        curve.add_epoch(epoch, 1.0)
    plot.flush()
    assert curve._epoch_line.opts["pen"].widthF() == 1.0
    assert not curve._epoch_line.opts["antialias"]


def test_that_a_single_point_can_be_seen(plot: LivePlot) -> None:
    curve = plot.curve("run-001", "training", "training")
    curve.add_batch(0.1, 1.0)
    plot.flush()
    assert curve._batch_line.opts["symbol"] == "o"
    low, high = plot.plot.getPlotItem().getViewBox().viewRange()[0]
    assert 0 <= low <= 0.1 <= high <= 2
    curve.add_batch(0.2, 0.9)
    plot.flush()
    assert curve._batch_line.opts["symbol"] is None
