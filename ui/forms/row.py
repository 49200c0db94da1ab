"""One row of a form: the setting's word, its editor, its help, the broken rule, and the way back to the default."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from ui.forms.field import Field
from ui.theme import S1, S2
from ui.widgets import IconButton

LABEL_WIDTH = 112


class FormRow(QWidget):
    """A field with its label.

    Args:
        field: The editor.
        explained: Whether the one-sentence help stands under the editor; it is the tooltip either way.
    """

    edited = Signal(object)  # the checked value, or ...
    finished = Signal()

    def __init__(self, field: Field, *, explained: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.param = field.param
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(S2)
        grid.setVerticalSpacing(S1)
        grid.setColumnStretch(1, 1)
        help_text = self.param.doc.strip().split("\n\n")[0]
        self.setToolTip(f"<b>{self.param.name.split('.')[-1]}</b><br>{help_text}" if help_text else self.param.name)

        label = QLabel(self.param.title)
        label.setProperty("role", "muted")
        label.setWordWrap(True)
        label.setFixedWidth(LABEL_WIDTH)
        label.setBuddy(field)
        nested = self.param.kind == "layer"
        side = Qt.AlignmentFlag.AlignTop if field.tall else Qt.AlignmentFlag.AlignVCenter
        grid.addWidget(label, 0, 0, side)
        grid.addWidget(field, 1 if nested else 0, 0 if nested else 1, 1, 3 if nested else 1)

        self.reset = IconButton("rotate-ccw", self.tr("Back to the default"), size=16)
        self.reset.setObjectName(f"reset_{self.param.name}")
        self.reset.clicked.connect(self._reset)
        policy = self.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(policy)
        grid.addWidget(self.reset, 0, 2, side)

        self.message = QLabel()
        self.message.setProperty("role", "danger")
        self.message.setObjectName(f"message_{self.param.name}")
        self.message.setWordWrap(True)
        self.message.hide()
        grid.addWidget(self.message, 2, 1, 1, 2)
        if explained and help_text:
            caption = QLabel(help_text)
            caption.setProperty("role", "caption")
            caption.setWordWrap(True)
            grid.addWidget(caption, 3, 0, 1, 3)
        field.edited.connect(self.edited)
        field.refused.connect(self._refused)
        field.finished.connect(self.finished)

    def show_value(self, value: Any, *, is_set: bool) -> None:
        """Show a stored value; `is_set` says whether there is something to go back from."""
        self._refused("")
        self.field.show_value(value)
        self.reset.setVisible(is_set)

    def _reset(self) -> None:
        self.edited.emit(...)
        self.finished.emit()

    def _refused(self, rule: str) -> None:
        self.message.setText(rule)
        self.message.setVisible(bool(rule))
        editor = self.field.focusProxy()
        if editor is not None and bool(editor.property("invalid")) != bool(rule):
            editor.setProperty("invalid", "true" if rule else None)
            editor.style().unpolish(editor)
            editor.style().polish(editor)
