"""The command palette (Ctrl+K): everything that can be done, found by a few letters, with its shortcut."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ui.fuzzy import score
from ui.theme import CAPTION, RADIUS, S2, S3, pixmap, tokens
from ui.widgets import Caption, Line

WIDTH, ROW, MOST_SHOWN, MOST_FOUND = 600, 36, 10, 60
_ENTRY = Qt.ItemDataRole.UserRole


@dataclasses.dataclass(frozen=True)
class Entry:
    """One line of the palette.

    Args:
        title: What it does.
        run: Does it.
        place: Where it belongs ("File", "Add layer"...), muted at the right.
        keys: Its shortcut, in words.
        icon: A Lucide name.
        reason: Why it cannot be done now, or None.
        words: Further words to find it by.
        id: The action's id, for those that are actions.
        early: Whether it is shown before anything is typed.
    """

    title: str
    run: Callable[[], object]
    place: str = ""
    keys: str = ""
    icon: str = ""
    reason: str | None = None
    words: str = ""
    id: str = ""
    early: bool = True

    def score(self, query: str) -> float | None:
        """How well it answers what was typed."""
        title = score(query, self.title)
        other = score(query, f"{self.place} {self.title} {self.words}")
        if title is None and other is None:
            return None
        value = max(title if title is not None else -1e9, (other - 15) if other is not None else -1e9)
        return value - (5 if self.reason is not None else 0)


class _Delegate(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(WIDTH, ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        entry: Entry = index.data(_ENTRY)
        look, area = tokens(), QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.wash))
            painter.drawRoundedRect(area, RADIUS, RADIUS)
        enabled = entry.reason is None
        box = area.adjusted(S3, 0, -S3, 0)
        if entry.icon:
            color = look.muted if enabled else look.faint
            painter.drawPixmap(
                box.left(), box.center().y() - 7, pixmap(entry.icon, color, 16, painter.device().devicePixelRatioF())
            )
        middle = Qt.AlignmentFlag.AlignVCenter
        small = QFont(painter.font())
        small.setPixelSize(CAPTION)
        painter.save()
        painter.setFont(small)
        painter.setPen(QColor(look.faint))
        tail = entry.keys or entry.place
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | middle, tail)
        tail_width = painter.fontMetrics().horizontalAdvance(tail)
        painter.restore()
        painter.setPen(QColor(look.text if enabled else look.faint))
        words = entry.title if enabled else f"{entry.title}: {entry.reason}"
        room = box.adjusted(24, 0, -tail_width - S3, 0)
        text = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | middle, text)
        painter.restore()


class CommandPalette(QFrame):
    """A field and a list over the window; Enter does, Escape leaves, up and down choose."""

    left = Signal()

    def __init__(self, window: QWidget, entries: Callable[[], Iterable[Entry]]) -> None:
        super().__init__(window)
        self.setObjectName("palette")
        self.setAccessibleName(self.tr("Command palette"))
        self._window, self._gather = window, entries
        self._entries: list[Entry] = []
        self._before: QWidget | None = None
        self.search = QLineEdit(self)
        self.search.setObjectName("palette_search")
        self.search.setPlaceholderText(self.tr("Search or do anything"))
        self.search.setAccessibleName(self.tr("Search or do anything"))
        self.search.textChanged.connect(self._find)
        self.search.installEventFilter(self)
        self.list = QListView(self)
        self.list.setObjectName("palette_list")
        self.list.setAccessibleName(self.tr("Found"))
        self.list.setItemDelegate(_Delegate(self.list))
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.clicked.connect(lambda index: self._do(index.data(_ENTRY)))
        self._model = QStandardItemModel(self.list)
        self.list.setModel(self._model)
        self._none = Caption(self.tr("Nothing of that name. Try fewer letters."), self)
        self._none.setContentsMargins(S3, S2, S3, S2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(S2, S2, S2, S2)
        layout.setSpacing(S2)
        for widget in (self.search, Line(parent=self), self.list, self._none):
            layout.addWidget(widget)
        window.installEventFilter(self)
        self.hide()

    def open(self) -> None:
        """Show the palette, empty."""
        self._before = QApplication.focusWidget()
        self._entries = list(self._gather())
        self.search.clear()
        self._find("")
        self.show()
        self.raise_()
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)

    def leave(self) -> None:
        """Hide it and give the keyboard back."""
        if self.isVisible():
            self.hide()
            if self._before is not None:
                self._before.setFocus(Qt.FocusReason.PopupFocusReason)
            self._before = None
            self.left.emit()

    def found(self) -> list[Entry]:
        """What is listed, best first."""
        return [self._model.item(row).data(_ENTRY) for row in range(self._model.rowCount())]

    def _find(self, query: str) -> None:
        if query.strip():
            scored = [(value, entry) for entry in self._entries if (value := entry.score(query)) is not None]
            scored.sort(key=lambda pair: -pair[0])
            entries = [entry for _, entry in scored[:MOST_FOUND]]
        else:
            early = [entry for entry in self._entries if entry.early]
            entries = sorted(early, key=lambda entry: entry.reason is not None)
        self._model.clear()
        for entry in entries:
            item = QStandardItem(entry.title)
            item.setData(entry, _ENTRY)
            item.setToolTip(entry.reason or "")
            item.setAccessibleText(f"{entry.title}, {entry.place} {entry.keys}")
            self._model.appendRow(item)
        self.list.setVisible(bool(entries))
        self._none.setVisible(not entries)
        if entries:
            self.list.setCurrentIndex(self._model.index(0, 0))
        self._place(len(entries))

    def _place(self, count: int) -> None:
        width = min(WIDTH, self._window.width() - 2 * S3)
        self.list.setFixedHeight(ROW * min(max(count, 1), MOST_SHOWN) + 2)
        self.setFixedWidth(width)
        self.adjustSize()
        self.move((self._window.width() - width) // 2, 56)

    def _do(self, entry: Entry | None) -> None:
        if entry is not None and entry.reason is None:
            self.leave()
            entry.run()

    def _step(self, step: int) -> None:
        count = self._model.rowCount()
        if count:
            row = (self.list.currentIndex().row() + step) % count if abs(step) == 1 else None
            if row is None:
                row = min(max(self.list.currentIndex().row() + step, 0), count - 1)
            self.list.setCurrentIndex(self._model.index(row, 0))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search and event.type() == QEvent.Type.KeyPress:
            key = event.key()  # type: ignore[attr-defined]
            steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
            if key in steps:
                self._step(steps[key])
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._do(self.list.currentIndex().data(_ENTRY))
                return True
            if key == Qt.Key.Key_Escape:
                self.leave()
                return True
        if watched is self.search and event.type() == QEvent.Type.FocusOut and self.isVisible():
            self._before = None
            self.leave()
        if watched is self._window and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place(self._model.rowCount())
        return super().eventFilter(watched, event)
