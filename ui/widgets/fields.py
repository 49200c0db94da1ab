"""One field of a form: its name, its editor, one sentence of help, and what is wrong with what was typed."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme import S1, S2
from ui.widgets.text import Caption, Text


class Field(QWidget):
    """A labelled editor.

    Args:
        label: The field's name.
        editor: Any editor; it gets the label as its accessible name.
        help_text: One sentence; shown below, and on hover.
        unit: Muted words behind the editor ("px", "%").
        beside: Put the label beside the editor rather than above it.
    """

    def __init__(
        self,
        label: str,
        editor: QWidget,
        help_text: str = "",
        *,
        unit: str = "",
        beside: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.editor = editor
        self.label = Text(label, parent=self, wrap=False)
        self.label.setBuddy(editor)
        editor.setAccessibleName(label)
        self._help = Caption(help_text, self)
        self._help.setVisible(bool(help_text))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(S1)
        line = QHBoxLayout()
        line.setSpacing(S2)
        if beside:
            line.addWidget(self.label, 1)
            line.addWidget(editor)
        else:
            outer.addWidget(self.label)
            line.addWidget(editor, 1)
        if unit:
            line.addWidget(Text(unit, "muted", self, wrap=False))
        outer.addLayout(line)
        outer.addWidget(self._help)
