"""The legend: a piece of each line and its name; a click hides or shows the curve, a double click shows it alone."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ui.plots.curve import Line
from ui.plots.themed import pen
from ui.theme import CAPTION, S1, S2, theme, tokens
from ui.widgets import FlowLayout

SWATCH = 20
HEIGHT = 24


class LegendEntry(QAbstractButton):
    """Shows one line and its name; checked while the curve is shown.

    Args:
        line: How the curve looks and what it is called.
        parent: The widget that holds it.
    """

    alone = Signal()

    def __init__(self, line: Line, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = line
        self.setText(line.name)
        self.setAccessibleName(line.name)
        self.setToolTip(self.tr("Click to hide or show this curve, double-click to see it alone"))
        self.setCheckable(True)
        self.setChecked(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        font = self.font()
        font.setPixelSize(CAPTION)
        self.setFont(font)

    def sizeHint(self) -> QSize:
        return QSize(SWATCH + S2 + QFontMetrics(self.font()).horizontalAdvance(self.text()) + 2 * S1, HEIGHT)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.alone.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors, line = tokens(), self.line
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        color = line.color if self.isChecked() else colors.faint
        painter.setPen(pen(color, line.width, line.dash, line.opacity))
        painter.drawLine(QPointF(S1, middle), QPointF(S1 + SWATCH, middle))
        painter.setPen(QColor(colors.text if self.isChecked() else colors.faint))
        rect = self.rect().adjusted(S1 + SWATCH + S2, 0, 0, 0)
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        if self.hasFocus():
            painter.setPen(pen(colors.accent))
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), S1, S1)
        painter.end()


class Legend(QWidget):
    """The entries of all curves; `toggled` tells that another choice of them is to be seen."""

    toggled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries: dict[Hashable, LegendEntry] = {}
        self._flow = FlowLayout(self, spacing=S2)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        theme().changed.connect(self.update)

    def show_lines(self, lines: Mapping[Hashable, Line]) -> None:
        """Show these lines; those that were there before keep whether they are hidden."""
        if {key: vars(line) for key, line in lines.items()} == {
            key: vars(entry.line) for key, entry in self.entries.items()
        }:
            return
        hidden = {key for key, entry in self.entries.items() if not entry.isChecked()}
        self._flow.clear()
        self.entries = {}
        for key, line in lines.items():
            entry = self.entries[key] = LegendEntry(line, self)
            entry.setChecked(key not in hidden)
            entry.toggled.connect(self._tell)
            entry.alone.connect(lambda key=key: self.show_alone(key))
            self._flow.addWidget(entry)
            entry.show()
        self.updateGeometry()

    def is_shown(self, key: Hashable) -> bool:
        """Whether a curve is to be seen."""
        entry = self.entries.get(key)
        return entry is None or entry.isChecked()

    def show_alone(self, key: Hashable) -> None:
        """Hide every other curve, or show them all again where they are hidden already."""
        others = [entry for other, entry in self.entries.items() if other != key]
        alone = self.entries[key].isChecked() and not any(entry.isChecked() for entry in others)
        self.blockSignals(True)
        self.entries[key].setChecked(True)
        for entry in others:
            entry.setChecked(alone)
        self.blockSignals(False)
        self._tell()

    def _tell(self) -> None:
        self.toggled.emit()
