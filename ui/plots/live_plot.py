"""A plot of one figure as a run goes on: its curves, marks, a crosshair, and the values under the pointer in words."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Signal
from PySide6.QtGui import QContextMenuEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.plots import export
from ui.plots.curve import Line, LiveCurve
from ui.plots.marks import Mark, MarkLayer
from ui.plots.readout import Reading, Readout
from ui.plots.series import EPOCHS, SECONDS, Series
from ui.plots.themed import ThemedPlot, pen
from ui.plots.words import duration, figure
from ui.plots.zoom import ZoomBox
from ui.theme import S2, S3, theme, tokens
from ui.widgets import ElidedLabel, Heading, IconButton

Found = list[tuple[LiveCurve, tuple[float, float, float]]]

HOVER_RATE = 30
LEAST_SPAN = (0.2, 2.0, 0.1)
DOT = 7


class LivePlot(QWidget):
    """Curves of one figure over epochs, steps or time.

    Points go into the series at any rate; `flush` draws what is new, and only while the plot can be seen.

    Args:
        title: What is measured, in words.
        parent: The widget that holds it.
    """

    pointed = Signal(object)  # the place on the axis in use, or None
    menu_wanted = Signal(object)  # where on the screen
    zoomed = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.axis = EPOCHS
        self.log_x = self.log_y = False
        self.smoothing = 0.0
        self.pointer: float | None = None
        self.box = ZoomBox()
        self.plot = ThemedPlot(self.tr("Epoch"), title, whole=True, parent=self, box=self.box)
        self.marks = MarkLayer(self.plot)
        self.heading = Heading(title)
        self.heading.setWordWrap(False)
        self.words = ElidedLabel("", "caption")
        self.reset = IconButton("minimize-2", self.tr("Show everything again (double-click)"), size=16)
        self.reset.clicked.connect(self.follow)
        self.reset.hide()
        self._curves: dict[Hashable, LiveCurve] = {}
        self._stale = False
        self.header = QHBoxLayout()
        self.header.setSpacing(S3)
        self.header.addWidget(self.heading)
        self.header.addWidget(self.words, 1)
        self.header.addWidget(self.reset)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(S2)
        layout.addLayout(self.header)
        layout.addWidget(self.plot, 1)
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._dots = pg.ScatterPlotItem(size=DOT, pxMode=True)
        self._dots.setZValue(9)
        for item in (self._cursor, self._dots):
            item.hide()
            self.plot.addItem(item, ignoreBounds=True)
        self._readout = Readout(self.plot.viewport())
        self._moves = pg.SignalProxy(self.plot.scene().sigMouseMoved, rateLimit=HOVER_RATE, slot=self._hovered)
        self.plot.viewport().installEventFilter(self)
        self.box.sigRangeChangedManually.connect(self._range_chosen)
        self._limit()
        self.restyle()
        theme().changed.connect(self.restyle)

    # Curves

    @property
    def curves(self) -> dict[Hashable, LiveCurve]:
        """The curves by their keys."""
        return dict(self._curves)

    def set_title(self, title: str) -> None:
        """Say what is measured."""
        self.heading.setText(title)
        self.plot.set_label("left", title)

    def show_series(self, wanted: Mapping[Hashable, tuple[Series, Line]]) -> None:
        """Show these series in place of those before; what stays is not drawn anew."""
        before = len(self._curves)
        for key in [key for key, curve in self._curves.items() if _other(curve, wanted.get(key))]:
            self._curves.pop(key).remove()
        if before and not self._curves and not self.box.is_zoomed:
            self._forget_range()
        for key, (series, line) in wanted.items():
            if key not in self._curves:
                curve = self._curves[key] = LiveCurve(self.plot.getPlotItem(), series, line)
                self._prepare(curve)

    def clear(self) -> None:
        """Take all curves away and show everything that comes."""
        self.show_series({})
        self.marks.show_marks((), self.axis, log=self.log_x)
        self._stale = False
        self.words.set_text("")
        self._forget_range()

    def _forget_range(self) -> None:
        """A single point that comes next would else stand in the range of what was shown before."""
        self.box.setXRange(0, 1)
        self.follow()

    def set_visible(self, shown: Mapping[Hashable, bool]) -> None:
        """Hide or show curves."""
        for key, curve in self._curves.items():
            curve.visible = shown.get(key, True)
        self.tell_values()

    def flush(self) -> bool:
        """Draw what has come, and say whether anything had; unseen, this only remembers to."""
        if not self.isVisible():
            self._stale = True
            return False
        self._stale = False
        settled = self.box.is_settled
        changed = [curve for curve in self._curves.values() if curve.flush()]
        if changed:
            shown = self.box.viewRange()
            self.box.settle(within=settled and all(curve.grew_within(*shown) for curve in changed))
            self.tell_values()
        return bool(changed)

    def set_live(self, live: bool) -> None:
        """Let the axes grow in steps while points come many times a second, else fit them to what there is."""
        if self.box.is_calm != live:
            self.box.is_calm = live
            self.box.queueUpdateAutoRange()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.flush()
        self.marks.arrange()

    # Axes

    def set_axes(self, axis: int, *, log_x: bool, log_y: bool, smoothing: float) -> None:
        """Say how the curves are drawn.

        Args:
            axis: EPOCHS, STEPS or SECONDS.
            log_x: Whether the horizontal axis is logarithmic.
            log_y: Whether the vertical axis is; what is not above zero is then left out.
            smoothing: The weight of the moving average, 0 for none.
        """
        moved = (axis, log_x, log_y) != (self.axis, self.log_x, self.log_y)
        self.axis, self.log_x, self.log_y, self.smoothing = axis, log_x, log_y, smoothing
        names = (self.tr("Epoch"), self.tr("Step"), self.tr("Time trained (s)"))
        self.plot.set_label("bottom", names[axis])
        self.plot.getPlotItem().getAxis("bottom").whole = axis != SECONDS and not log_x
        if moved:
            self.box.setLimits(xMin=None, minXRange=None)
            self.plot.getPlotItem().setLogMode(x=log_x, y=log_y)
        for curve in self._curves.values():
            self._prepare(curve)
        if moved:
            self._limit()
            self.follow()
        self.flush()

    def _prepare(self, curve: LiveCurve) -> None:
        curve.series.use_axis(self.axis)
        curve.smoothing, curve.log_x, curve.log_y = self.smoothing, self.log_x, self.log_y
        curve.ask_redraw()

    def _limit(self) -> None:
        if self.log_x:
            self.box.setLimits(minXRange=0.05)
        else:
            self.box.setLimits(xMin=0, minXRange=LEAST_SPAN[self.axis])

    # Zoom

    def follow(self) -> None:
        """Show everything, and go on doing so as data come."""
        self.plot.follow_data()
        self._range_chosen()

    def set_range(self, x: tuple[float, float] | None, y: tuple[float, float] | None) -> None:
        """Show exactly these parts of the axes; None follows the data."""
        for pair, log, put, name in (
            (x, self.log_x, self.box.setXRange, "x"),
            (y, self.log_y, self.box.setYRange, "y"),
        ):
            if pair is None:
                self.box.enableAutoRange(axis=name)
            else:
                low, high = (math.log10(end) for end in pair) if log else pair
                put(low, high, padding=0)
        self._range_chosen()

    def ranges(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The parts of the two axes that are shown."""
        (left, right), (low, high) = self.box.viewRange()
        if self.log_x:
            left, right = 10**left, 10**right
        if self.log_y:
            low, high = 10**low, 10**high
        return (left, right), (low, high)

    def _range_chosen(self) -> None:
        self.reset.setVisible(self.box.is_zoomed)
        self.zoomed.emit()

    # Pointing

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.pointed.emit(None)
            self.point_at(None)
        elif event.type() == QEvent.Type.MouseButtonDblClick:
            self.follow()
        elif isinstance(event, QContextMenuEvent):
            self.menu_wanted.emit(event.globalPos())
            return True
        return False

    def _hovered(self, args: tuple[QPointF]) -> None:
        position = args[0]
        place = None
        if self.box.sceneBoundingRect().contains(position):
            place = float(self.box.mapSceneToView(position).x())
            place = 10**place if self.log_x else place
        self.pointed.emit(place)
        self.point_at(place)

    def point_at(self, place: float | None) -> None:
        """Tell the values at a place on the axis in use, or the last ones where it is None."""
        self.pointer = place
        self.tell_values()

    def tell_values(self) -> None:
        """Say in words what the curves that are shown are worth at the pointer, or at their ends."""
        shown = [curve for curve in self._curves.values() if curve.visible and len(curve.series.main)]
        pointing = self.pointer is not None and bool(shown)
        for item in (self._cursor, self._dots):
            item.setVisible(pointing)
        if not shown:
            self.words.set_text("")
            self._readout.hide()
            return
        # Unasked, the words are about the run that is looked at; a longer one behind it does not move them.
        ending = shown if pointing else [curve for curve in shown if not curve.line.run] or shown
        ends = max(float(curve.series.main.x[-1]) for curve in ending)
        wanted = ends if self.pointer is None else min(max(self.pointer, 0.0), ends)
        found = [(curve, point) for curve in shown if (point := curve.point_at(wanted)) is not None]
        place = min((point[0] for _, point in found), key=lambda x: abs(x - wanted))
        title = self._title(place)
        told = ", ".join(f"{curve.line.name} {figure(point[1])}" for curve, point in found if not curve.line.run)
        self.words.set_text(f"{title}: {told}")
        if pointing:
            self._show_readout(place, title, found)
        else:
            self._readout.hide()

    def _title(self, place: float) -> str:
        if self.axis == SECONDS:
            return self.tr("After {time}").format(time=duration(place))
        number = f"{place:,.0f}" if abs(place - round(place)) < 1e-6 else f"{place:,.2f}"
        words = self.tr("Epoch {number}") if self.axis == EPOCHS else self.tr("Step {number}")
        return words.format(number=number)

    def _show_readout(self, place: float, title: str, found: Found) -> None:
        x = math.log10(max(place, 1e-12)) if self.log_x else place
        self._cursor.setValue(x)
        smooth = self.smoothing > 0
        words = [f"{figure(raw)} ({figure(soft)})" if smooth else figure(raw) for _, (_, raw, soft) in found]
        rows = [Reading(curve.line, value) for (curve, _), value in zip(found, words, strict=True)]
        pixel = self.plot.mapFromScene(self.box.mapViewToScene(QPointF(x, 0.0))).x()
        if smooth:
            title = self.tr("{place}, smoothed in brackets").format(place=title)
        self._readout.tell(title, rows, float(pixel))
        self._dots.setData(self._dot_rows(found))

    def _dot_rows(self, found: Found) -> list[dict[str, object]]:
        rows: list[dict[str, object]] = []
        for curve, (x, _, y) in found:
            if (self.log_y and y <= 0) or (self.log_x and x <= 0):
                continue
            at = (math.log10(x) if self.log_x else x, math.log10(y) if self.log_y else y)
            rows.append({"pos": at, "brush": curve.line.color, "pen": pen(tokens().raised, 1.0)})
        return rows

    # Look and copies

    def show_marks(self, marks: Sequence[Mark]) -> None:
        """Show what happened on the way."""
        self.marks.show_marks(marks, self.axis, log=self.log_x)

    def restyle(self) -> None:
        """Take the colours of the theme in use."""
        for curve in self._curves.values():
            curve.restyle()
        self.box.restyle()
        self._cursor.setPen(pen(tokens().faint, 1.0, 0, 0.7))

    def to_csv(self) -> str:
        """All points of all curves as a table."""
        rows = [(key[0] if isinstance(key, tuple) else str(key), curve) for key, curve in self._curves.items()]
        return export.to_csv(rows)

    def to_png(self) -> bytes:
        """The plot with its title and legend as a picture."""
        return export.to_png(self.plot, self.heading.text(), self._lines())

    def to_svg(self) -> bytes:
        """The plot with its title and legend as a drawing of lines."""
        return export.to_svg(self.plot, self.heading.text(), self._lines())

    def _lines(self) -> list[Line]:
        return [curve.line for curve in self._curves.values() if curve.visible and len(curve.series.main)]


def _other(curve: LiveCurve, wanted: tuple[Series, Line] | None) -> bool:
    """Whether a curve draws something else than what is wanted."""
    return wanted is None or curve.series is not wanted[0] or vars(curve.line) != vars(wanted[1])
