"""How many samples each class has, as bars; a click on one shows only its samples."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ui.pages.data_paint import font, percent
from ui.theme import CAPTION, S1, S2, tokens

ROW = 22
NAME_SHARE = 0.38


class BalanceBars(QWidget):
    """One bar a class, as long as its share of the largest; arrow keys move, Enter or a click chooses."""

    chosen = Signal(int)  # a class number, -1 for all

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._counts: tuple[int, ...] = ()
        self._current = -1
        self._cursor = 0
        self._rows = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setObjectName("class_balance")
        self.setAccessibleName(self.tr("Samples in each class"))

    def show_counts(self, names: tuple[str, ...], counts: tuple[int, ...]) -> None:
        """Draw these classes."""
        if (names, counts) == (self._names, self._counts):
            return
        self._names, self._counts = names, counts
        self._rows = len(names)
        self._current, self._cursor = -1, 0
        self.updateGeometry()
        self.update()

    @property
    def names(self) -> tuple[str, ...]:
        """Every class, those not shown included."""
        return self._names

    def show_rows(self, count: int) -> None:
        """Show only the first classes."""
        self._rows = count
        self.updateGeometry()
        self.update()

    @property
    def current(self) -> int:
        """The class chosen, or -1 for all."""
        return self._current

    def choose(self, number: int) -> None:
        """Mark a class as chosen (-1 for none) without telling."""
        self._current = number
        if number >= 0:
            self._cursor = number
        self.update()

    @property
    def _shown(self) -> int:
        return min(self._rows, len(self._names))

    def sizeHint(self) -> QSize:
        return QSize(200, ROW * max(1, self._shown))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, ROW * max(1, self._shown))

    def words(self, number: int) -> str:
        """One class in words."""
        count, total = self._counts[number], sum(self._counts) or 1
        return self.tr("{name}: {count} of {total} samples ({share})").format(
            name=self._names[number], count=f"{count:,}", total=f"{total:,}", share=percent(count / total)
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(CAPTION))
        most = max(self._counts, default=1) or 1
        metrics = painter.fontMetrics()
        widest = max((metrics.horizontalAdvance(name) for name in self._names), default=0)
        name_width = min(widest + S2, self.width() * NAME_SHARE)
        count_width = metrics.horizontalAdvance(f"{most:,}") + S2
        left, right = name_width + S1, self.width() - count_width - S1
        first = max(0, event.rect().top() // ROW)
        last = min(self._shown, event.rect().bottom() // ROW + 1)
        middle = Qt.AlignmentFlag.AlignVCenter
        for row in range(first, last):
            top = row * ROW
            if row == self._current:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(colours.wash))
                painter.drawRoundedRect(QRectF(0, top, self.width(), ROW), 4, 4)
            painter.setPen(QColor(colours.text))
            name = metrics.elidedText(self._names[row], Qt.TextElideMode.ElideRight, int(name_width - S1))
            painter.drawText(QRectF(S1, top, name_width - S1, ROW), middle | Qt.AlignmentFlag.AlignLeft, name)
            bar = QRectF(left, top + 5, max(2.0, (right - left) * self._counts[row] / most), ROW - 10)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.accent))
            painter.setOpacity(1.0 if self._current in (-1, row) else 0.45)
            painter.drawRoundedRect(bar, 2, 2)
            painter.setOpacity(1.0)
            painter.setPen(QColor(colours.muted))
            count = QRectF(right, top, count_width, ROW)
            painter.drawText(count, middle | Qt.AlignmentFlag.AlignRight, f"{self._counts[row]:,}")
            if self.hasFocus() and row == self._cursor:
                painter.setPen(QPen(QColor(colours.accent), 1.5))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(QRectF(1, top + 1, self.width() - 2, ROW - 2), 4, 4)

    def _pick(self, number: int) -> None:
        self._cursor = number
        self._current = -1 if self._current == number else number
        self.update()
        self.chosen.emit(self._current)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = int(event.position().y()) // ROW
        if event.button() == Qt.MouseButton.LeftButton and 0 <= row < self._shown:
            self._pick(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self._shown:
            step = 1 if key == Qt.Key.Key_Down else -1
            self._cursor = max(0, min(self._shown - 1, self._cursor + step))
            self.setAccessibleDescription(self.words(self._cursor))
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._shown:
            self._pick(self._cursor)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            row = event.pos().y() // ROW  # type: ignore[attr-defined]
            if 0 <= row < self._shown:
                QToolTip.showText(event.globalPos(), self.words(row), self)  # type: ignore[attr-defined]
            return True
        return super().event(event)
