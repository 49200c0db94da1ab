"""What every editor of one setting has in common: show a value, tell an edit, say the rule when it is broken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from workbench.core.errors import WorkbenchError
from workbench.core.params import Param

Check = Callable[[Any], Any]


class Field(QWidget):
    """The editor of one setting.

    Args:
        param: What the setting is.
        check: Turns what was entered into the stored value or raises `WorkbenchError`; by default the declaration's.
    """

    edited = Signal(object)  # the checked value, or ... for "back to the default"
    refused = Signal(str)  # the broken rule; empty when what stands there is right again
    finished = Signal()  # this visit to the field is over: a later edit is a step of its own
    tall = False
    """Whether it may be several lines high, so that its word stands beside the first."""

    def __init__(self, param: Param, check: Check | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.param = param
        self._check = check or param.check
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(4)

    def show_value(self, value: Any) -> None:
        """Put a stored value in the editor without telling anyone."""
        raise NotImplementedError

    def renew(self) -> None:
        """Forget what was typed or met for another owner; `show_value` follows."""

    def submit(self, entered: Any) -> None:
        """Check what was entered; tell the value, or the rule that it breaks."""
        try:
            value = self._check(entered)
        except WorkbenchError as error:
            self.refused.emit(error.rule)
            return
        self.refused.emit("")
        self.edited.emit(value)

    def adopt(self, editor: QWidget, stretch: int = 1) -> None:
        """Take an editor into the row; the focus and the accessible name go to it."""
        self.row.addWidget(editor, stretch)
        if self.focusProxy() is None:
            self.setFocusProxy(editor)
        editor.setAccessibleName(self.param.title)
        editor.setObjectName(f"field_{self.param.name}")
