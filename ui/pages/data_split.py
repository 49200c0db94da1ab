"""The split as one bar with three parts: its two borders are dragged, or moved with the arrow keys."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.pages.data_paint import font
from ui.pages.evaluate_colours import readable_on
from ui.theme import CAPTION, tokens

BAR = 28
GRIP = 8
LEAST = 1
Parts = tuple[int, int, int]


class SplitBar(QWidget):
    """Training, validation and test as percentages that add up to 100.

    `moving` tells every step of a drag, `moved` its end. With the keyboard: Left and Right move the chosen border by
    one, Page Up and Page Down by five, Up and Down change the border.
    """

    moving = Signal(int, int, int)
    moved = Signal(int, int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: Parts = (70, 15, 15)
        self._shown_from: Parts = self._parts
        self._border = 0
        self._dragging = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setObjectName("split_bar")
        self.setAccessibleName(self.tr("Split into training, validation and test"))
        self.setToolTip(self.tr("Drag a border, or use the arrow keys: Up and Down change the border."))

    @property
    def parts(self) -> Parts:
        """Training, validation and test, in percent."""
        return self._parts

    def set_parts(self, parts: Parts) -> None:
        """Show these percentages without telling; a drag in progress goes on undisturbed."""
        if self._dragging:
            return
        self._parts = parts
        self._say()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, BAR + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, BAR + 4)

    def border_position(self, border: int) -> QPointF:
        """Where a border (0: training | validation, 1: validation | test) stands, in the widget's pixels."""
        share = sum(self._parts[: border + 1]) / 100
        return QPointF(2 + share * (self.width() - 4), self.height() / 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(2, 2, self.width() - 4, BAR)
        shape = QPainterPath()
        shape.addRoundedRect(area, 6, 6)
        painter.setClipPath(shape)
        painter.setFont(font(CAPTION, bold=True))
        left = area.left()
        fills = (colours.training, colours.validation, colours.strong_border)
        for part, fill in zip(self._parts, fills, strict=True):
            width = area.width() * part / 100
            box = QRectF(left, area.top(), width, area.height())
            painter.fillRect(box, QColor(fill))
            metrics, room = painter.fontMetrics(), width - 2 * GRIP
            words = next((text for text in (f"{part} %", f"{part}") if metrics.horizontalAdvance(text) < room), "")
            if words:
                painter.setPen(readable_on(QColor(fill)))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
            left += width
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.surface))
        for border in (0, 1):
            middle = self.border_position(border).x()
            painter.drawRect(QRectF(middle - 1.5, area.top(), 3, area.height()))
        painter.setClipping(False)
        for border in (0, 1):
            self._paint_grip(painter, border, area)

    def _paint_grip(self, painter: QPainter, border: int, area: QRectF) -> None:
        colours = tokens()
        focused = self.hasFocus() and border == self._border
        middle = self.border_position(border).x()
        painter.setBrush(QColor(colours.surface))
        painter.setPen(QPen(QColor(colours.accent if focused else colours.strong_border), 2 if focused else 1))
        painter.drawRoundedRect(QRectF(middle - 4, area.center().y() - 8, 8, 16), 3, 3)

    def _border_at(self, x: float) -> int | None:
        near = min((0, 1), key=lambda border: abs(self.border_position(border).x() - x))
        return near if abs(self.border_position(near).x() - x) <= GRIP else None

    def _move(self, percent: int) -> bool:
        train, validation, test = self._parts
        if self._border == 0:
            train = max(LEAST, min(train + validation - LEAST, percent))
            validation = 100 - test - train
        else:
            edge = max(train + LEAST, min(100 - LEAST, percent))
            validation, test = edge - train, 100 - edge
        changed = (train, validation, test) != self._parts
        if changed:
            self._parts = (train, validation, test)
            self._say()
            self.update()
            self.moving.emit(*self._parts)
        return changed

    def _say(self) -> None:
        self.setAccessibleDescription(self.tr("Training {0} %, validation {1} %, test {2} %").format(*self._parts))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        border = self._border_at(event.position().x())
        if event.button() == Qt.MouseButton.LeftButton and border is not None:
            self._border, self._dragging, self._shown_from = border, True, self._parts
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if self._dragging:
            self._move(round((x - 2) / max(1, self.width() - 4) * 100))
        else:
            over = self._border_at(x) is not None
            self.setCursor(Qt.CursorShape.SplitHCursor if over else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragging:
            self._dragging = False
            if self._parts != self._shown_from:
                self.moved.emit(*self._parts)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_PageDown: -5,
            Qt.Key.Key_PageUp: 5,
        }
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape and self._dragging:
            self._dragging, self._parts = False, self._shown_from
            self.moving.emit(*self._parts)
            self.update()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._border = 1 - self._border
            self.update()
        elif key in steps:
            here = sum(self._parts[: self._border + 1])
            if self._move(here + steps[key]):
                self.moved.emit(*self._parts)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()
