"""The confusion matrix as a picture that can be read and asked: rows are the truth, columns what was predicted."""

from __future__ import annotations

from typing import Literal

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ui.pages.data_paint import font, percent
from ui.pages.evaluate_colours import ramp, readable_on
from ui.theme import BODY, CAPTION, S1, S2, S4, tokens

Measure = Literal["counts", "actual", "predicted"]
SMALLEST = 7
LARGEST = 56
LABEL_SHARE = 0.22
Cell = tuple[int, int]


class ConfusionMatrix(QWidget):
    """Paints a confusion matrix.

    A click or Enter chooses a cell, the same again lets it go; the arrow keys move; the pointer's cell is told in
    words. `chosen` tells (truth, predicted), or (-1, -1) for none.
    """

    chosen = Signal(int, int)
    hovered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._classes: tuple[str, ...] = ()
        self._counts = np.zeros((0, 0), dtype=np.int64)
        self._measure: Measure = "counts"
        self._chosen: Cell | None = None
        self._cursor: Cell = (0, 0)
        self._hover: Cell | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setObjectName("confusion_matrix")
        self.setAccessibleName(self.tr("Confusion matrix: rows are the truth, columns the prediction"))

    # What is shown

    def show_matrix(self, counts: np.ndarray, classes: tuple[str, ...]) -> None:
        """Show the counts `[truth, predicted]` of these classes."""
        self._counts, self._classes = np.asarray(counts, dtype=np.int64), classes
        self._chosen, self._hover, self._cursor = None, None, (0, 0)
        self.updateGeometry()
        self.update()

    def set_measure(self, measure: Measure) -> None:
        """Show counts, shares of each actual class (rows add up to 100 %), or of each predicted one (columns do)."""
        self._measure = measure
        self.update()

    @property
    def chosen_cell(self) -> Cell | None:
        """The cell chosen, as (truth, predicted)."""
        return self._chosen

    def choose(self, cell: Cell | None) -> None:
        """Choose a cell, or none, and tell."""
        self._chosen = cell
        self.update()
        self.chosen.emit(*(cell or (-1, -1)))

    def shares(self) -> np.ndarray:
        """The figures shown: counts, or parts of 1."""
        if self._measure == "counts":
            return self._counts.astype(np.float64)
        axis = 1 if self._measure == "actual" else 0
        totals = self._counts.sum(axis=axis, keepdims=True)
        shares = np.zeros(self._counts.shape)
        np.divide(self._counts, totals, out=shares, where=totals > 0)
        return shares

    def words(self, cell: Cell) -> str:
        """One cell in words."""
        truth, predicted = cell
        count = int(self._counts[cell])
        actual = int(self._counts[truth].sum()) or 1
        if truth == predicted:
            words = self.tr("{count} of {actual} samples of “{truth}” were recognised ({share})")
        else:
            words = self.tr("{count} of {actual} samples of “{truth}” were taken for “{predicted}” ({share})")
        return words.format(
            count=f"{count:,}",
            actual=f"{int(self._counts[truth].sum()):,}",
            truth=self._classes[truth],
            predicted=self._classes[predicted],
            share=percent(count / actual),
        )

    # Where things stand

    def _label_room(self) -> tuple[int, int]:
        """The room for the class names: left of the rows, above the columns."""
        metrics = self.fontMetrics()
        widest = max((metrics.horizontalAdvance(name) for name in self._classes), default=0)
        left = int(min(widest, self.width() * LABEL_SHARE)) + S2
        tilted = widest + S1 > self._cell_for(left)
        above = int(min(widest, self.height() * LABEL_SHARE)) + S2 if tilted else metrics.height() + S1
        return left, above

    def _cell_for(self, left: int) -> int:
        count = max(1, len(self._classes))
        return int(min(LARGEST, max(SMALLEST, (self.width() - left - S4 - S2) / count)))

    def grid(self) -> QRectF:
        """The area of the cells, in the widget's pixels."""
        count = max(1, len(self._classes))
        left, above = self._label_room()
        title = S4 + S1
        side = min(
            (self.width() - left - title - S2) / count, (self.height() - above - title - S2) / count, float(LARGEST)
        )
        side = max(float(SMALLEST), float(int(side)))
        return QRectF(title + left, title + above, side * count, side * count)

    def cell_area(self, cell: Cell) -> QRectF:
        """The area of one cell, in the widget's pixels."""
        grid, count = self.grid(), max(1, len(self._classes))
        side = grid.width() / count
        return QRectF(grid.left() + cell[1] * side, grid.top() + cell[0] * side, side, side)

    def cell_at(self, x: float, y: float) -> Cell | None:
        """The cell under a point."""
        grid, count = self.grid(), len(self._classes)
        if not count or not grid.contains(x, y):
            return None
        side = grid.width() / count
        return min(count - 1, int((y - grid.top()) / side)), min(count - 1, int((x - grid.left()) / side))

    def sizeHint(self) -> QSize:
        side = min(560, 130 + 40 * max(4, len(self._classes)))
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        side = 120 + SMALLEST * len(self._classes)
        return QSize(side, side)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._classes:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_titles(painter)
        self._paint_names(painter)
        self._paint_cells(painter)
        self._paint_rings(painter)

    def _paint_titles(self, painter: QPainter) -> None:
        grid = self.grid()
        painter.setFont(font(CAPTION, bold=True))
        painter.setPen(QColor(tokens().muted))
        across = QRectF(grid.left(), 0, max(grid.width(), 120), S4 + S1)
        painter.drawText(across, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.tr("Predicted →"))
        painter.save()
        painter.translate(0, grid.bottom())
        painter.rotate(-90)
        down = QRectF(0, 0, max(grid.height(), 80), S4 + S1)
        painter.drawText(down, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self.tr("← Truth"))
        painter.restore()

    def _paint_names(self, painter: QPainter) -> None:
        grid, count = self.grid(), len(self._classes)
        side = grid.width() / count
        left, above = self._label_room()
        painter.setFont(font(CAPTION))
        metrics = painter.fontMetrics()
        every = max(1, int(np.ceil(metrics.height() / side)))
        tilted = max(metrics.horizontalAdvance(name) for name in self._classes) + S1 > side
        middle = Qt.AlignmentFlag.AlignVCenter
        for number in range(0, count, every):
            name, here = self._classes[number], self._chosen or self._hover
            for axis in (0, 1):
                lit = here is not None and here[axis] == number
                painter.setPen(QColor(tokens().text if lit else tokens().muted))
                room = left - S2 if axis == 0 else (above - S2 if tilted else int(side))
                words = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
                place = number * side + side / 2
                if axis == 0:
                    row = QRectF(grid.left() - left, grid.top() + place - 10, left - S1 - 2, 20)
                    painter.drawText(row, middle | Qt.AlignmentFlag.AlignRight, words)
                elif tilted:
                    painter.save()
                    painter.translate(grid.left() + place, grid.top() - S1)
                    painter.rotate(-90)
                    painter.drawText(QRectF(0, -10, above, 20), middle | Qt.AlignmentFlag.AlignLeft, words)
                    painter.restore()
                else:
                    box = QRectF(grid.left() + number * side, grid.top() - above, side, above)
                    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_cells(self, painter: QPainter) -> None:
        figures = self.shares()
        most = 1.0 if self._measure != "counts" else max(1.0, float(figures.max()))
        count = len(self._classes)
        side = self.grid().width() / count
        gap = 1.0 if side >= 16 else 0.0
        painter.setFont(font(CAPTION if side < 44 else BODY))
        metrics = painter.fontMetrics()
        longest = max(metrics.horizontalAdvance(self._figure(value)) for value in figures.reshape(-1))
        with_figures = longest + 4 <= side and metrics.height() <= side
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, gap > 0)
        for truth in range(count):
            for predicted in range(count):
                value = float(figures[truth, predicted])
                area = self.cell_area((truth, predicted)).adjusted(gap, gap, -gap, -gap)
                ground = ramp(value / most)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(ground)
                painter.drawRoundedRect(area, 3 * gap, 3 * gap)
                if with_figures and self._counts[truth, predicted]:
                    painter.setPen(readable_on(ground))
                    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self._figure(value))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _figure(self, value: float) -> str:
        return f"{value:.0f}" if self._measure == "counts" else f"{value * 100:.0f}"

    def _paint_rings(self, painter: QPainter) -> None:
        colours = tokens()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        rings = [(self._hover, colours.muted, 1.5)]
        if self.hasFocus():
            rings.append((self._cursor, colours.accent, 1.5))
        rings.append((self._chosen, colours.text, 2.5))
        for cell, colour, width in rings:
            if cell is not None:
                painter.setPen(QPen(QColor(colour), width))
                painter.drawRoundedRect(self.cell_area(cell).adjusted(1, 1, -1, -1), 3, 3)

    # Asking

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position().x(), event.position().y())
        if cell != self._hover:
            self._hover = cell
            self.setCursor(Qt.CursorShape.PointingHandCursor if cell else Qt.CursorShape.ArrowCursor)
            self.hovered.emit(self.words(cell) if cell else "")
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = None
        self.hovered.emit("")
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position().x(), event.position().y())
        if event.button() == Qt.MouseButton.LeftButton and cell is not None:
            self._cursor = cell
            self.choose(None if cell == self._chosen else cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
        }
        key, last = Qt.Key(event.key()), len(self._classes) - 1
        if key in moves and last >= 0:
            down, right = moves[key]
            self._cursor = (max(0, min(last, self._cursor[0] + down)), max(0, min(last, self._cursor[1] + right)))
            self.setAccessibleDescription(self.words(self._cursor))
            self.hovered.emit(self.words(self._cursor))
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and last >= 0:
            self.choose(None if self._cursor == self._chosen else self._cursor)
        elif key == Qt.Key.Key_Escape and self._chosen is not None:
            self.choose(None)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            cell = self.cell_at(event.pos().x(), event.pos().y())
            if cell is not None:
                QToolTip.showText(event.globalPos(), self.words(cell), self)
            return True
        return super().event(event)
