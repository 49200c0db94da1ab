"""What the layers' numbers looked like after each epoch: a heat table, layers down and epochs across."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QScrollArea, QToolTip, QVBoxLayout, QWidget

from ui.pages.data_paint import draw_line, font
from ui.plots.themed import pen
from ui.plots.words import figure
from ui.session import Session
from ui.theme import CAPTION, S1, S2, S3, theme, tokens
from ui.theme.colormap import signed, viridis
from ui.widgets import QuietButton, Text, row
from workbench.core.events import Event, Statistics
from workbench.project.setting import assign

CELL, ROW = 24, 26
LEAST_NAMES, MOST_NAMES = 80, 220
SMALLEST = 1e-12


class HeatTable(QWidget):
    """Coloured cells; a click on a row chooses its layer."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.layers: list[str] = []
        self.epochs: list[int] = []
        self.values: dict[tuple[str, int], float] = {}
        self.what = "std"
        self._line = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme().changed.connect(self.update)

    def tell(self, layers: list[str], epochs: list[int], values: dict[tuple[str, int], float], what: str) -> None:
        """Show one figure ("mean", "std" or "dead") of these layers after these epochs."""
        self.layers, self.epochs, self.values, self.what = layers, epochs, values, what
        self.setFixedSize(self._names() + CELL * len(epochs) + S3, ROW * len(layers) + CAPTION + S3)
        self.setAccessibleName(", ".join(self._tip(line, len(epochs) - 1) for line in range(len(layers))))
        self.update()

    def _names(self) -> int:
        metrics = QFontMetrics(font(CAPTION))
        widest = max((metrics.horizontalAdvance(name) for name in self.layers), default=0)
        return min(max(widest + S3, LEAST_NAMES), MOST_NAMES)

    def _ends(self) -> tuple[float, float]:
        known = [value for value in self.values.values() if math.isfinite(value)]
        if self.what == "mean":
            most = max((abs(value) for value in known), default=1.0) or 1.0
            return -most, most
        if self.what == "dead":
            return 0.0, 1.0
        sizes = [math.log10(max(value, SMALLEST)) for value in known]
        low, high = min(sizes, default=0.0), max(sizes, default=1.0)
        return (low, high) if high > low else (low - 0.5, high + 0.5)

    def color(self, value: float) -> QColor:
        """The colour of a value: magnitudes from dark to bright (the spread by its order), means about zero."""
        low, high = self._ends()
        if self.what == "std":
            value = math.log10(max(value, SMALLEST))
        part = (value - low) / (high - low)
        return signed(part) if self.what == "mean" else viridis(part)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = tokens()
        painter = QPainter(self)
        painter.setFont(font(CAPTION))
        left, top = self._names(), CAPTION + S3
        painter.setPen(QColor(colors.muted))
        step = max(1, -(-36 // CELL))
        for place, epoch in enumerate(self.epochs):
            if place % step == 0:
                draw_line(painter, QRect(left + place * CELL, 0, CELL * step, CAPTION + S1), str(epoch))
        for line, name in enumerate(self.layers):
            y = top + line * ROW
            painter.setPen(QColor(colors.accent if line == self._line else colors.text))
            draw_line(painter, QRect(0, y, left - S2, ROW - 2), name, Qt.AlignmentFlag.AlignRight)
            for place, epoch in enumerate(self.epochs):
                value = self.values.get((name, epoch))
                cell = QRect(left + place * CELL, y, CELL - 1, ROW - 2)
                if value is None or not math.isfinite(value):
                    painter.setPen(pen(colors.border))
                    painter.drawLine(cell.bottomLeft(), cell.topRight())
                else:
                    painter.fillRect(cell, self.color(value))
            if line == self._line:
                painter.setPen(pen(colors.accent))
                painter.drawRect(QRect(left - 1, y - 1, CELL * len(self.epochs), ROW - 1))
        painter.end()

    def _tip(self, line: int, place: int) -> str:
        if not (0 <= line < len(self.layers) and 0 <= place < len(self.epochs)):
            return ""
        name, epoch = self.layers[line], self.epochs[place]
        return self.tr("{layer}, epoch {epoch}: {value}").format(
            layer=name, epoch=epoch, value=figure(self.values.get((name, epoch)))
        )

    def _line_at(self, y: float) -> int:
        line = int(y - CAPTION - S3) // ROW
        return line if 0 <= line < len(self.layers) else -1

    def event(self, event: Any) -> bool:
        if isinstance(event, QHelpEvent):
            place = (event.pos().x() - self._names()) // CELL
            QToolTip.showText(event.globalPos(), self._tip(self._line_at(event.pos().y()), place))
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mark(self._line_at(event.position().y()))

    def leaveEvent(self, event: Any) -> None:
        self._mark(-1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        line = self._line_at(event.position().y())
        if event.button() == Qt.MouseButton.LeftButton and line >= 0:
            self.chosen.emit(self.layers[line])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self.layers:
            by = 1 if event.key() == Qt.Key.Key_Down else -1
            self._mark(min(max(self._line + by, 0), len(self.layers) - 1))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._line >= 0:
            self.chosen.emit(self.layers[self._line])
        else:
            super().keyPressEvent(event)

    def _mark(self, line: int) -> None:
        if line != self._line:
            self._line = line
            self.update()


class LayersPanel(QWidget):
    """The heat table and what it shows; without statistics, a button that asks for them in the plan."""

    layer_wanted = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._told: list[Statistics] = []
        self.words = Text("", "muted", wrap=False)
        self.ask = QuietButton(self.tr("Watch the layers"), "eye")
        self.ask.setToolTip(self.tr("Let the next run tell its layers' statistics after each epoch"))
        self.ask.clicked.connect(self._ask)
        self.of = self._choice(
            self.tr("Of what"),
            (
                ("weights", self.tr("Weights")),
                ("gradients", self.tr("Gradients")),
                ("activations", self.tr("Activations")),
            ),
        )
        self.what = self._choice(
            self.tr("Figure"),
            (("std", self.tr("Spread")), ("mean", self.tr("Mean")), ("dead", self.tr("Share of dead units"))),
        )
        self.table = HeatTable()
        self.table.chosen.connect(self.layer_wanted)
        self.area = QScrollArea()
        self.area.setWidget(self.table)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, S2, 0, 0)
        layout.setSpacing(S2)
        layout.addLayout(row(self.of, self.what, self.words, self.ask, None))
        layout.addWidget(self.area, 1)
        layout.addStretch(0)
        session.changed.connect(lambda before, after: self._show_ask())
        session.opened.connect(self._show_ask)
        self._refresh()

    def _choice(self, name: str, entries: tuple[tuple[str, str], ...]) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        for key, words in entries:
            box.addItem(words, key)
        box.activated.connect(self._refresh)
        return box

    def show_events(self, events: Iterable[Event]) -> None:
        """Show the statistics among a run's events; of an epoch that was done twice, the last."""
        found = {event.epoch: event for event in events if isinstance(event, Statistics)}
        told = [found[epoch] for epoch in sorted(found)]
        if [id(one) for one in told] != [id(one) for one in self._told]:
            self._told = told
            self._refresh()

    def _refresh(self) -> None:
        there = bool(self._told)
        for widget in (self.of, self.what, self.area):
            widget.setVisible(there)
        self._show_ask()
        if not there:
            return
        of, what = self.of.currentData(), self.what.currentData()
        rows = [(one.epoch, line) for one in self._told for line in one.rows if line["of"] == of]
        values = {(line["layer"], epoch): line[what] for epoch, line in rows if line.get(what) is not None}
        layers = list(dict.fromkeys(name for name, _ in values))
        self.table.tell(layers, [one.epoch for one in self._told], values, what)
        if not values:
            self.words.setText(self.tr("That is not known of them: only units that can die are counted so."))

    def _show_ask(self) -> None:
        asked = self.session.project.training.watch.statistics
        self.ask.setVisible(not self._told and not asked)
        if self._told:
            self.words.setText(self.tr("Click a layer to see it on the Model page."))
        elif asked:
            self.words.setText(
                self.tr("The next run will tell how its layers' weights, gradients and activations spread.")
            )
        else:
            self.words.setText(self.tr("How the layers' weights, gradients and activations spread, epoch by epoch."))

    def _ask(self) -> None:
        self.session.do(self.tr("Watch the layers"), lambda project: assign(project, "training.watch.statistics=true"))
