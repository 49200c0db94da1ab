"""A small menu to add a layer by typing its name."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ui.canvas.swatch import SWATCH, category_icon
from ui.theme import S1
from workbench.catalog.layers import LayerSpec, find_layers

SIZE = (280, 320)
MOST = 60
FEW = 8
Refusal = Callable[[LayerSpec], str | None]
_LAYER = Qt.ItemDataRole.UserRole


class QuickAdd(QFrame):
    """Shows what fits while one types; Enter takes the first, the arrows choose another, Escape leaves."""

    chosen = Signal(str)  # a layer's class name
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._ground = parent
        self._refusal: Refusal | None = None
        self.setObjectName("palette")
        self.setAccessibleName(self.tr("Add a layer"))
        self.resize(*SIZE)
        column = QVBoxLayout(self)
        column.setContentsMargins(S1, S1, S1, S1)
        column.setSpacing(S1)
        self.search = QLineEdit()
        self.search.setObjectName("quick_add_search")
        self.search.setPlaceholderText(self.tr("Name of a layer"))
        self.search.textChanged.connect(self._filter)
        self.search.installEventFilter(self)
        self.list = QListWidget()
        self.list.setIconSize(SWATCH)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.itemClicked.connect(self._take)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        self.hide()

    def open_at(self, point: QPoint, text: str = "", refusal: Refusal | None = None) -> None:
        """Open with its corner at a point of the parent, kept inside it, with what was typed already.

        Args:
            point: Where, in the parent.
            text: What was typed.
            refusal: Why a layer does not fit there, or None where it does; what fits comes first then.
        """
        self._refusal = refusal
        area = self._ground.rect()
        self.move(
            max(min(point.x(), area.right() - self.width()), 0), max(min(point.y(), area.bottom() - self.height()), 0)
        )
        self.search.setText(text)
        self._filter(text)
        self.show()
        self.raise_()
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_menu(self) -> None:
        """Leave without adding."""
        if self.isVisible():
            self.hide()
            self.left.emit()

    def _filter(self, words: str) -> None:
        self.list.clear()
        late: list[tuple[LayerSpec, str]] = []
        # With nothing typed, Enter means a layer, not a further end.
        for spec in find_layers(words) if words else sorted(find_layers(""), key=lambda spec: spec.category == "io"):
            reason = self._refusal(spec) if self._refusal is not None else None
            if reason is None:
                self._row(spec)
            else:
                late.append((spec, reason))
            if self.list.count() == MOST:
                break
        # What does not fit is shown only to those who ask for it by name.
        for spec, reason in late[:FEW] if words else ():
            self._row(spec, reason)
        if not self.list.count():
            nothing = QListWidgetItem(self.tr("No layer is called that"))
            nothing.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(nothing)
        self.list.setCurrentRow(0)

    def _row(self, spec: LayerSpec, reason: str = "") -> None:
        item = QListWidgetItem(category_icon(spec.category), spec.name)
        item.setToolTip(reason or spec.doc.split("\n\n")[0])
        if reason:
            item.setText(f"{spec.name}: {reason}")
            item.setFlags(Qt.ItemFlag.NoItemFlags)
        else:
            item.setData(_LAYER, spec.name)
        self.list.addItem(item)

    def _take(self, item: QListWidgetItem | None) -> None:
        layer = item.data(_LAYER) if item is not None else None
        if layer:
            self.hide()
            self.chosen.emit(layer)
            self.left.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(Qt.Key(event.key()))
        if isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut:
            self.close_menu()
        return super().eventFilter(watched, event)

    def _key(self, key: Qt.Key) -> bool:
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
            self._take(self.list.currentItem())
        elif key == Qt.Key.Key_Escape:
            self.close_menu()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if key == Qt.Key.Key_Down else -1
            self.list.setCurrentRow((self.list.currentRow() + step) % max(self.list.count(), 1))
        else:
            return False
        return True
