"""Live curves on a real plot."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.plots.curve import Line
from ui.plots.live_plot import LivePlot
from ui.plots.marks import Mark
from ui.plots.series import EPOCHS, SECONDS, STEPS, Series
from ui.plots.zoom import calm
from ui.theme import DARK, LIGHT, apply_theme

KEYS = [("run-001", "training"), ("run-001", "validation")]


@pytest.fixture
def plot(qtbot: QtBot) -> LivePlot:
    plot = LivePlot("Loss")
    qtbot.addWidget(plot)
    plot.resize(600, 400)
    plot.show()
    qtbot.waitExposed(plot)
    return plot


def filled(plot: LivePlot, epochs: int = 5) -> dict[str, Series]:
    series = {role: Series() for _, role in KEYS}
    for epoch in range(1, epochs + 1):
        for part in range(10):
            at = epoch - 1 + part / 10
            series["training"].add_batch((at, at * 10, at * 2), 2.0 / (epoch + part / 10))
        place = (epoch, epoch * 10, epoch * 2)
        series["training"].add_epoch(place, 2.0 / epoch)
        series["validation"].add_epoch(place, 2.5 / epoch)
    plot.show_series({(run, role): (series[role], Line(role, role)) for run, role in KEYS})  # type: ignore[arg-type]
    return series


def move_to(plot: LivePlot, x: float, y: float) -> None:
    place = QPointF(plot.plot.mapFromScene(plot.box.mapViewToScene(QPointF(x, y))))
    none = Qt.MouseButton.NoButton
    move = QMouseEvent(QEvent.Type.MouseMove, place, place, none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(plot.plot.viewport(), move)


def drag(plot: LivePlot, start: QPoint, end: QPoint) -> None:
    """Press, move and let go of the left button, as a hand does."""
    view, left, none = plot.plot.viewport(), Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    kinds = QEvent.Type
    steps = [(kinds.MouseButtonPress, start, left, left)]
    steps += [(kinds.MouseMove, start + (end - start) * part / 4, none, left) for part in range(1, 5)]
    steps += [(kinds.MouseButtonRelease, end, left, none)]
    for kind, place, button, buttons in steps:
        spot = QPointF(place)
        event = QMouseEvent(kind, spot, view.mapToGlobal(spot), button, buttons, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(view, event)


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
    series = Series()
    series.add_epoch((1, 1, 1), 0.5)
    series.add_epoch((2, 2, 2), float("nan"))
    plot.show_series({"only": (series, Line("training", "training"))})
    plot.flush()
    assert plot.curves["only"]._epoch_line.xData.tolist() == [1.0]


def test_that_training_is_blue_and_validation_vermilion_in_both_looks(plot: LivePlot, qapp: QApplication) -> None:
    filled(plot)
    plot.flush()
    for mode, tokens in (("dark", DARK), ("light", LIGHT)):
        apply_theme(qapp, mode)  # type: ignore[arg-type]
        for role in ("training", "validation"):
            line = plot.curves["run-001", role]._epoch_line
            assert line.opts["pen"].color() == QColor(getattr(tokens, role))
        assert plot.plot.backgroundBrush().color() == QColor(tokens.raised)
        axis = plot.plot.getPlotItem().getAxis("left")
        assert axis.textPen().color() == QColor(tokens.muted)


def test_that_a_further_run_differs_in_hue_and_dash() -> None:
    own, further = (Line("training", "training", run) for run in (0, 1))
    assert own.color != further.color
    assert own.dash != further.dash
    assert Line("validation", "", 1).opacity != further.opacity, "one hue serves both of its curves"


def test_that_the_hovered_values_are_told_in_words_beside_the_crosshair(plot: LivePlot, qtbot: QtBot) -> None:
    filled(plot)
    plot.flush()
    assert plot.words.full_text() == "Epoch 5: training 0.4000, validation 0.5000"
    qtbot.wait(50)  # the first painting settles the range
    move_to(plot, 2.1, 1.0)
    qtbot.waitUntil(lambda: plot.words.full_text() == "Epoch 2: training 1.000, validation 1.250", timeout=2000)
    readout = plot._readout
    assert readout.isVisible()
    assert [(reading.line.name, reading.value) for reading in readout.readings] == [
        ("training", "1.000"),
        ("validation", "1.250"),
    ]
    assert plot.plot.viewport().rect().contains(readout.geometry())
    plot.set_visible({("run-001", "validation"): False})
    assert len(readout.readings) == 1
    plot.point_at(None)
    assert plot.words.full_text().startswith("Epoch 5")
    assert not readout.isVisible()


def test_that_a_longer_run_behind_does_not_move_the_words_from_the_end_of_the_first(plot: LivePlot) -> None:
    short, long = filled(plot, 3)["training"], Series()
    for epoch in range(1, 6):
        long.add_epoch((epoch, epoch * 10, epoch * 2), 1.0)
    plot.show_series({"a": (short, Line("training", "a")), "b": (long, Line("training", "b", run=1))})
    plot.flush()
    assert plot.words.full_text() == "Epoch 3: a 0.6667"


def test_that_the_axis_counts_epochs_steps_or_time(plot: LivePlot) -> None:
    filled(plot)
    told = {}
    for axis in (EPOCHS, STEPS, SECONDS):
        plot.set_axes(axis, log_x=False, log_y=False, smoothing=0.0)
        told[axis] = plot.curves["run-001", "training"]._epoch_line.xData[-1], plot.words.full_text().split(":")[0]
    assert told == {EPOCHS: (5, "Epoch 5"), STEPS: (50, "Step 50"), SECONDS: (10, "After 10 s")}


def test_that_smoothing_draws_the_average_and_leaves_the_values_faint_behind(plot: LivePlot) -> None:
    filled(plot)
    plot.set_axes(EPOCHS, log_x=False, log_y=False, smoothing=0.5)
    curve = plot.curves["run-001", "training"]
    np.testing.assert_allclose(curve._raw_line.yData, curve.series.epochs.y)
    first, second = curve._epoch_line.yData[:2]
    assert first == pytest.approx(2.0), "the beginning is not drawn towards zero"
    assert second == pytest.approx((0.5 * 0.5 * 2.0 + 0.5 * 1.0) / 0.75)
    assert curve._raw_line.opts["pen"].color().alphaF() < 0.5
    plot.set_axes(EPOCHS, log_x=False, log_y=False, smoothing=0.0)
    np.testing.assert_allclose(curve._epoch_line.yData, curve.series.epochs.y)
    assert curve._raw_line.getData()[1] is None


def test_that_a_log_axis_leaves_out_what_is_not_above_zero(plot: LivePlot, qtbot: QtBot) -> None:
    series = Series()
    for epoch, value in enumerate((10.0, 0.0, 0.1), start=1):
        series.add_epoch((epoch, epoch, epoch), value)
    plot.show_series({"only": (series, Line("training", "training"))})
    plot.set_axes(EPOCHS, log_x=False, log_y=True, smoothing=0.0)
    assert plot.curves["only"]._epoch_line.xData.tolist() == [1.0, 3.0]
    qtbot.waitUntil(lambda: plot.ranges()[1][0] <= 0.1, timeout=2000)
    assert plot.ranges()[1][1] >= 10
    assert "0" in plot.words.full_text(), "it can still be read"


def test_that_a_user_zoom_stays_until_a_double_click(plot: LivePlot, qtbot: QtBot) -> None:
    series = filled(plot)
    plot.flush()
    assert not plot.reset.isVisible()
    plot.set_range((2, 3), None)
    series["training"].add_epoch((6, 60, 12), 0.3)
    plot.flush()
    assert plot.ranges()[0] == pytest.approx((2, 3))
    assert plot.reset.isVisible()
    qtbot.mouseDClick(plot.plot.viewport(), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: plot.ranges()[0][1] >= 6, timeout=2000)
    assert not plot.reset.isVisible()


def test_that_a_drag_along_the_axis_chooses_epochs_and_the_heights_follow(plot: LivePlot, qtbot: QtBot) -> None:
    filled(plot, epochs=20)
    plot.flush()
    qtbot.wait(50)
    middle = plot.plot.viewport().height() // 2
    left, right = (plot.plot.mapFromScene(plot.box.mapViewToScene(QPointF(x, 0))).x() for x in (10, 15))
    drag(plot, QPoint(left, middle), QPoint(right, middle + 4))
    (low, high), _ = plot.ranges()
    assert (low, high) == pytest.approx((10, 15), abs=0.2)
    qtbot.waitUntil(lambda: plot.ranges()[1][1] < 0.5, timeout=2000)
    assert plot.reset.isVisible()


def test_that_marks_lie_over_their_places_and_tell_what_happened(plot: LivePlot, qtbot: QtBot) -> None:
    filled(plot, epochs=20)
    plot.flush()
    qtbot.wait(50)
    marks = [
        Mark("checkpoint", "run-001", 10, (10, 100, 20), "State kept"),
        Mark("change", "run-001", 10, (10, 100, 20), "Learning rate changed"),
        Mark("best", "run-001", 18, (18, 180, 36), "Best epoch"),
    ]
    plot.show_marks(marks)
    first, second = plot.marks.shown()
    assert first.toolTip() == "Learning rate changed\nState kept", "near marks are one, the gravest first"
    assert second.accessibleName() == "Best epoch"
    pixel = plot.plot.mapFromScene(plot.box.mapViewToScene(QPointF(10, 0))).x()
    assert abs(first.geometry().center().x() - pixel) <= 2
    plot.set_range((15, 20), None)
    assert [button.toolTip() for button in plot.marks.shown()] == ["Best epoch"]
    chosen = []
    plot.marks.chosen.connect(lambda mark, place: chosen.append(mark))
    qtbot.mouseClick(plot.marks.shown()[0], Qt.MouseButton.LeftButton)
    assert chosen == [marks[2]]


def test_that_clear_leaves_nothing_behind(plot: LivePlot) -> None:
    before = len(plot.plot.getPlotItem().items)
    filled(plot)
    plot.show_marks([Mark("change", "run-001", 2, (2, 20, 4), "Changed")])
    plot.flush()
    plot.clear()
    assert plot.curves == {}
    assert plot.marks.shown() == []
    assert len(plot.plot.getPlotItem().items) == before


def test_that_numbers_are_saved_exactly_and_pictures_with_their_legend(plot: LivePlot) -> None:
    series = Series()
    series.add_epoch((1, 20, 2.5), 0.1 + 0.2)
    series.add_batch((0.5, 10, 1.25), 0.7)
    plot.show_series({("run-001", "training"): (series, Line("training", "my training"))})
    plot.flush()
    assert plot.to_csv().splitlines() == [
        "run,series,kind,epoch,step,seconds,value",
        "run-001,training,epoch,1,20,2.5,0.30000000000000004",
        "run-001,training,batch,0.5,10,1.25,0.7",
    ]
    assert plot.to_png().startswith(b"\x89PNG")
    drawing = plot.to_svg()
    assert QSvgRenderer(drawing).isValid()
    assert b"my training" in drawing
    assert b"<image" not in drawing, "lines stay lines"


def test_that_many_points_are_drawn_thin(plot: LivePlot) -> None:
    series = Series()
    for epoch in range(6000):
        series.add_epoch((epoch, epoch, epoch), 1.0)
    plot.show_series({"only": (series, Line("training", "training"))})
    plot.flush()
    line = plot.curves["only"]._epoch_line
    assert line.opts["pen"].widthF() == 1.0
    assert not line.opts["antialias"]


def test_that_a_run_of_one_point_does_not_stand_in_the_range_of_the_run_before(plot: LivePlot) -> None:
    filled(plot, epochs=40)
    plot.flush()
    plot.plot.grab()
    assert plot.ranges()[0][1] >= 40
    series = Series()
    series.add_batch((0.1, 1, 0.1), 1.0)
    plot.show_series({"other": (series, Line("training", "training"))})
    plot.flush()
    plot.plot.grab()
    assert plot.ranges()[0][1] <= 2
    plot.set_range((0.0, 5.0), None)
    filled(plot, epochs=40)
    plot.flush()
    assert plot.ranges()[0] == (0.0, 5.0), "a part that was chosen is shown of the next run too"


def test_that_batches_are_drawn_only_where_each_epoch_has_one(plot: LivePlot) -> None:
    series = Series()
    plot.show_series({"only": (series, Line("training", "training"))})
    line = plot.curves["only"]._batch_line
    for step, epochs in ((1, 0), (2, 1), (3, 3)):
        series.add_batch((step - 0.5, step, step), 1.0 / step)
        for epoch in range(len(series.epochs) + 1, epochs + 1):
            series.add_epoch((epoch, epoch, epoch), 1.0 / epoch)
        plot.flush()
        assert len(line.xData) == step
    series.add_epoch((4, 4, 4), 0.1)
    plot.flush()
    assert line.xData is None, "epochs pass faster than batches are told"


def test_that_a_single_point_can_be_seen(plot: LivePlot) -> None:
    series = Series()
    series.add_batch((0.1, 1, 0.1), 1.0)
    plot.show_series({"only": (series, Line("training", "training"))})
    plot.flush()
    line = plot.curves["only"]._batch_line
    assert line.opts["symbol"] == "o"
    low, high = plot.ranges()[0]
    assert 0 <= low <= 0.1 <= high <= 2
    series.add_batch((0.2, 2, 0.2), 0.9)
    plot.flush()
    assert line.opts["symbol"] is None


def test_that_axes_grow_in_steps_while_a_run_is_live_and_fit_once_it_has_ended(
    plot: LivePlot, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    series = filled(plot, epochs=2)
    plot.set_live(True)
    plot.flush()
    qtbot.wait(50)
    axis, painted = plot.plot.getPlotItem().getAxis("bottom"), []
    made = type(axis).generateDrawSpecs
    monkeypatch.setattr(type(axis), "generateDrawSpecs", lambda self, *a: painted.append(self) or made(self, *a))
    for batch in range(100):
        at = 2 + batch / 100
        series["training"].add_batch((at, at * 10, at * 2), 1.0 - 0.001 * batch)
        plot.flush()
        plot.plot.grab()
        (low, high), (bottom, top) = plot.ranges()
        assert low <= 0.0
        assert at <= high <= at * 1.4
        assert bottom < 1.0 - 0.001 * batch < top
    assert 1 <= len(painted) <= 6
    plot.set_live(False)
    qtbot.waitUntil(lambda: 2.99 < plot.ranges()[0][1] < 2.99 * 1.04, timeout=2000)


def test_that_a_live_axis_is_fitted_only_to_what_came_outside_of_it(
    plot: LivePlot, monkeypatch: pytest.MonkeyPatch
) -> None:
    series = filled(plot)
    plot.flush()
    plot.set_live(True)
    plot.plot.grab()
    fitted: list[None] = []
    monkeypatch.setattr(plot.box, "updateAutoRange", lambda: fitted.append(None))
    series["training"].add_batch((4.5, 45, 9.0), 1.0)
    plot.flush()
    plot.plot.grab()
    assert not fitted
    series["training"].add_batch((4.6, 46, 9.2), 50.0)
    plot.flush()
    assert fitted


@pytest.mark.parametrize(
    ("shown", "wanted", "then"),
    [
        ((0.0, 10.0), (0.0, 9.0), (0.0, 10.0)),
        ((0.0, 10.0), (0.0, 11.0), (0.0, 13.75)),
        ((5.0, 10.0), (4.0, 10.0), (2.5, 10.0)),
        ((0.0, 100.0), (10.0, 20.0), (10.0, 20.0)),
        ((0.0, 1.0), (50.0, 60.0), (50.0, 62.5)),
    ],
)
def test_that_a_calm_axis_stays_while_it_fits(
    shown: tuple[float, float], wanted: tuple[float, float], then: tuple[float, float]
) -> None:
    assert calm(shown, wanted) == then


@pytest.mark.parametrize(("high", "step"), [(0.6, 0.2), (1.0, 1.0), (5.0, 1.0), (40.0, 10.0)])
def test_that_epochs_are_marked_whole_once_there_are_two(plot: LivePlot, high: float, step: float) -> None:
    axis = plot.plot.getPlotItem().getAxis("bottom")
    values = next(values for spacing, values in axis.tickValues(0.0, high, 400) if len(values) > 1)
    assert values[1] - values[0] == pytest.approx(step)
