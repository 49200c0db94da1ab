"""Grounds and boxes: cards, side panels, notes, lines, and rows and columns in steps of four."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ui.theme import S2, S3, S4, pixmap, theme, tokens
from ui.widgets.basics import set_state
from ui.widgets.text import Text


def _fill(layout: QBoxLayout, items: tuple[QWidget | QLayout | None, ...], spacing: int, margin: int) -> None:
    layout.setSpacing(spacing)
    layout.setContentsMargins(margin, margin, margin, margin)
    for item in items:
        if item is None:
            layout.addStretch(1)
        elif isinstance(item, QWidget):
            layout.addWidget(item)
        else:
            layout.addLayout(item)


def row(*items: QWidget | QLayout | None, spacing: int = S2, margin: int = 0) -> QHBoxLayout:
    """Widgets side by side; None is a stretch."""
    layout = QHBoxLayout()
    _fill(layout, items, spacing, margin)
    return layout


def column(*items: QWidget | QLayout | None, spacing: int = S2, margin: int = 0) -> QVBoxLayout:
    """Widgets one under the other; None is a stretch."""
    layout = QVBoxLayout()
    _fill(layout, items, spacing, margin)
    return layout


class Card(QFrame):
    """A raised box. With `clickable` it is a button too: hover, focus, Enter, Space, `clicked`.

    Put widgets in with `card.body.addWidget(...)`.
    """

    clicked = Signal()

    def __init__(self, parent: QWidget | None = None, *, clickable: bool = False, margin: int = S4) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(margin, margin, margin, margin)
        self.body.setSpacing(S2)
        self._clickable = clickable
        if clickable:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_selected(self, selected: bool) -> None:
        """Mark the card as the chosen one."""
        set_state(self, "selected", selected)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        if self._clickable and self.isEnabled():
            set_state(self, "hot", True)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        if self._clickable:
            set_state(self, "hot", False)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        inside = self.rect().contains(event.position().toPoint())
        if self._clickable and event.button() == Qt.MouseButton.LeftButton and inside:
            self.clicked.emit()
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._clickable and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
            return
        super().keyPressEvent(event)


class Panel(QFrame):
    """A side panel's ground; put widgets in with `panel.body.addWidget(...)`."""

    def __init__(self, parent: QWidget | None = None, *, margin: int = S3) -> None:
        super().__init__(parent)
        self.setProperty("kind", "panel")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(margin, margin, margin, margin)
        self.body.setSpacing(S2)


class Line(QFrame):
    """A hairline."""

    def __init__(self, *, vertical: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "vline" if vertical else "line")


class _Inner(QWidget):
    # Never wider than the view: there is no way to scroll sideways, so what is too wide must give way.
    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())


class Scroll(QScrollArea):
    """A column that scrolls up and down only; put widgets in with `scroll.body.addWidget(...)`."""

    def __init__(self, parent: QWidget | None = None, *, margin: int = 0, spacing: int = S2) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = _Inner()
        self.body = QVBoxLayout(inner)
        self.body.setContentsMargins(margin, margin, margin, margin)
        self.body.setSpacing(spacing)
        self.setWidget(inner)


class Note(QFrame):
    """A sentence on a tinted ground with an icon; `kind` is "note", "good", "warning" or "danger"."""

    ICONS: ClassVar = {"note": "info", "good": "circle-check", "warning": "triangle-alert", "danger": "circle-alert"}
    COLORS: ClassVar = {"note": "accent", "good": "good", "warning": "warning", "danger": "danger"}

    def __init__(self, text: str = "", kind: str = "note", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self._icon = QLabel(self)
        self._icon.setFixedWidth(16)
        self.label = Text(text, parent=self)
        self._buttons: QHBoxLayout | None = None
        layout = QHBoxLayout(self)
        layout.setContentsMargins(S3, S2, S3, S2)
        layout.setSpacing(S2)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        self._words = column(self.label)
        layout.addLayout(self._words, 1)
        self.set(text, kind)
        theme().changed.connect(self._paint)

    def set(self, text: str, kind: str | None = None) -> None:
        """Show another sentence."""
        self.label.setText(text)
        self.setAccessibleName(text)
        if kind is not None:
            self.kind = kind
        set_state(self, "kind", self.kind)
        self._paint()

    def add_button(self, button: QWidget) -> None:
        """Put a button under the sentence."""
        if self._buttons is None:
            self._buttons = row(None)
            self._words.addLayout(self._buttons)
        self._buttons.insertWidget(self._buttons.count() - 1, button)

    def _paint(self) -> None:
        color = getattr(tokens(), self.COLORS[self.kind])
        self._icon.setPixmap(pixmap(self.ICONS[self.kind], color, 16, self.devicePixelRatioF()))
