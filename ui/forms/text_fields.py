"""Editors in which a value is typed: numbers, sizes, shapes, words."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from ui.forms.field import Check, Field
from workbench.core.errors import WorkbenchError
from workbench.core.params import Param

_HISTORY = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)


class DocumentLineEdit(QLineEdit):
    """A line whose undo is the document's, so that one Ctrl+Z means one thing everywhere."""

    def event(self, event: QEvent) -> bool:
        if (
            event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
            and isinstance(event, QKeyEvent)
            and any(event.matches(key) for key in _HISTORY)
        ):
            event.ignore()
            return False
        return super().event(event)


class LineField(Field):
    """A line of text that the declaration reads. Empty means: the default."""

    def __init__(self, param: Param, check: Check | None = None, parent: QWidget | None = None) -> None:
        super().__init__(param, check, parent)
        self._shown: Any = None
        self.line = DocumentLineEdit()
        self.line.setPlaceholderText(self.text_of(param.default) or self.tr("not set"))
        self.line.textEdited.connect(self._typed)
        self.line.editingFinished.connect(self._left)
        self.adopt(self.line)
        if param.unit:
            unit = QLabel(param.unit)
            unit.setProperty("role", "caption")
            self.row.addWidget(unit)

    def show_value(self, value: Any) -> None:
        self._shown = value
        if not self._stands_for(value):
            self.line.setText(self.text_of(value))

    def renew(self) -> None:
        self.line.clear()

    def _stands_for(self, value: Any) -> bool:
        """Whether what is being typed already means `value`: then the cursor must not jump."""
        text = self.line.text().strip()
        if not text:
            return self.line.hasFocus() and bool(value == self.param.default)
        try:
            return bool(self._check(text) == value)
        except WorkbenchError:
            return False

    def _left(self) -> None:
        if self._stands_for(self._shown) or not self.line.text().strip():
            self.line.setText(self.text_of(self._shown))
        self.finished.emit()

    def _typed(self, text: str) -> None:
        text = text.strip()
        if not text and not self.param.required:
            self.refused.emit("")
            self.edited.emit(...)
        else:
            self.submit(text)

    @staticmethod
    def text_of(value: Any) -> str:
        """How a stored value is written in the line."""
        if value is None:
            return ""
        if isinstance(value, list | tuple):
            return ", ".join(LineField.text_of(item) for item in value)
        if isinstance(value, float):
            return f"{value:.10g}"
        return str(value)


class NumberField(LineField):
    """One number: typed, or stepped with the up and down keys (doubled and halved with Shift)."""

    def __init__(self, param: Param, check: Check | None = None, parent: QWidget | None = None) -> None:
        super().__init__(param, check, parent)
        self.line.installEventFilter(self)

    def eventFilter(self, watched: Any, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            direction = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
            if direction:
                self._step(direction, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
                return True
        return super().eventFilter(watched, event)

    def _step(self, direction: int, geometric: bool) -> None:
        try:
            value = float(self.line.text() or self.text_of(self.param.default) or 0)
        except ValueError:
            return
        if geometric:
            value *= 2.0**direction
        elif self.param.kind == "integer":
            value += direction
        else:
            size = 10.0 ** (math.floor(math.log10(abs(value))) if value else -1)
            # Going down from a power of ten, the step is that of the decade below.
            value += direction * (size / 10 if direction < 0 and math.isclose(abs(value), size) else size)
        if self.param.kind == "integer":
            value = int(value)
        if self.param.minimum is not None and value < self.param.minimum:
            value = self.param.minimum
        if self.param.maximum is not None and value > self.param.maximum:
            value = self.param.maximum
        text = self.text_of(int(value) if self.param.kind == "integer" else float(value))
        if text != self.line.text():
            self.line.setText(text)
            self.submit(text)
