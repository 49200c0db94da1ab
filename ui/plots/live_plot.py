"""A plot of one figure over the epochs: its curves, a legend to click, and the value under the pointer in words."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QBuffer, QByteArray, QEvent, QIODevice, QObject, QPointF
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.plots.curve import LiveCurve, Role
from ui.plots.legend import LegendEntry
from ui.plots.themed import ThemedPlot, pen
from ui.plots.words import figure
from ui.theme import S2, S3, theme, tokens
from ui.widgets import ElidedLabel, FlowLayout, Heading

HOVER_RATE = 30
LEAST_EPOCHS = 0.2


class LivePlot(QWidget):
    """Curves of one figure, each told apart by run and role.

    Points go in at any rate through `curve(...)`; `flush` draws what is new, and only while the plot can be seen.

    Args:
        title: What is measured, in words.
        parent: The widget that holds it.
    """

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = ThemedPlot(self.tr("Epoch"), title, whole=True, parent=self)
        self.heading = Heading(title)
        self.heading.setWordWrap(False)
        self.words = ElidedLabel("", "caption")
        self._curves: dict[tuple[str, Role], LiveCurve] = {}
        self._entries: dict[tuple[str, Role], LegendEntry] = {}
        self._stale = False
        self._pointer: float | None = None

        self._legend = FlowLayout(spacing=S2)
        self.header = QHBoxLayout()
        self.header.setSpacing(S3)
        self.header.addWidget(self.heading)
        self.header.addWidget(self.words, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(S2)
        layout.addLayout(self.header)
        layout.addLayout(self._legend)
        layout.addWidget(self.plot, 1)

        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._cursor.hide()
        self.plot.addItem(self._cursor, ignoreBounds=True)
        self.plot.getPlotItem().setLimits(xMin=0, minXRange=LEAST_EPOCHS)
        self._moves = pg.SignalProxy(self.plot.scene().sigMouseMoved, rateLimit=HOVER_RATE, slot=self._hovered)
        self.plot.viewport().installEventFilter(self)
        self.restyle()
        theme().changed.connect(self.restyle)

    @property
    def curves(self) -> dict[tuple[str, Role], LiveCurve]:
        """The curves by run and role."""
        return dict(self._curves)

    @property
    def pointer(self) -> float | None:
        """The epoch under the pointer."""
        return self._pointer

    def set_title(self, title: str) -> None:
        """Say what is measured."""
        self.heading.setText(title)
        self.plot.set_label("left", title)

    def curve(self, run: str, role: Role, name: str, dash: int = 0) -> LiveCurve:
        """The curve of one run and role, made when first asked for."""
        key = (run, role)
        if key not in self._curves:
            curve = self._curves[key] = LiveCurve(self.plot.getPlotItem(), role, name, dash)
            entry = self._entries[key] = LegendEntry(curve, self)
            entry.toggled.connect(self._tell_values)
            self._legend.addWidget(entry)
        return self._curves[key]

    def clear(self) -> None:
        """Take all curves away and show everything that comes."""
        for key, curve in self._curves.items():
            curve.remove()
            self._entries[key].setParent(None)
            self._entries[key].deleteLater()
        self._curves, self._entries = {}, {}
        self._stale = False
        self.words.set_text("")
        # A single point that comes next would else stand in the range of what was shown before.
        self.plot.getPlotItem().setXRange(0, 1)
        self.plot.follow_data()

    def flush(self) -> None:
        """Draw what has come; while nobody can see it, this only remembers that something has."""
        if not self.isVisible():
            self._stale = True
            return
        self._stale = False
        changed = [curve.flush() for curve in self._curves.values()]
        if any(changed):
            self._tell_values()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.flush()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.point_at(None)
        elif event.type() == QEvent.Type.MouseButtonDblClick:
            self.plot.follow_data()
        return False

    def _hovered(self, args: tuple[QPointF]) -> None:
        position = args[0]
        box = self.plot.getPlotItem().getViewBox()
        if box.sceneBoundingRect().contains(position):
            self.point_at(float(box.mapSceneToView(position).x()))
        else:
            self.point_at(None)

    def point_at(self, epoch: float | None) -> None:
        """Tell the values at an epoch, or the last ones where it is None."""
        self._pointer = epoch
        self._cursor.setVisible(epoch is not None and bool(self._curves))
        self._tell_values()

    def _tell_values(self) -> None:
        shown = [curve for curve in self._curves.values() if curve.visible]
        ends = [float(buffer.x[-1]) for curve in shown for buffer in (curve.epochs, curve.batches) if len(buffer)]
        if not ends:
            self.words.set_text("")
            return
        has_epochs = any(len(curve.epochs) for curve in shown)
        wanted = max(ends) if self._pointer is None else min(max(self._pointer, 0.0), max(ends))
        epoch = max(1.0, round(wanted)) if has_epochs else wanted
        if self._pointer is not None:
            self._cursor.setValue(epoch)
        values = [(curve.name, curve.value_at(epoch)) for curve in shown]
        told = ", ".join(f"{name} {figure(value)}" for name, value in values if value is not None)
        place = f"{epoch:.0f}" if has_epochs else f"{epoch:.2f}"
        self.words.set_text(self.tr("Epoch {epoch}: {values}").format(epoch=place, values=told))

    def restyle(self) -> None:
        """Take the colours of the theme in use."""
        for curve in self._curves.values():
            curve.restyle()
        for entry in self._entries.values():
            entry.update()
        self._cursor.setPen(pen(tokens().strong_border, 1.0, 1))

    def to_csv(self) -> str:
        """All whole-epoch points as a table: run, series, epoch, value."""
        rows = ["run,series,epoch,value"]
        for (run, role), curve in self._curves.items():
            points = zip(curve.epochs.x.tolist(), curve.epochs.y.tolist(), strict=True)
            rows += [f"{run},{role},{x:g},{y!r}" for x, y in points]
        return "\n".join(rows) + "\n"

    def to_png(self) -> bytes:
        """The plot with its title and legend as a picture."""
        data = QByteArray()
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        self.grab().save(buffer, "PNG")
        return bytes(data.data())
