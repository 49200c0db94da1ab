"""A question that must be answered: one sentence, what follows from it, and buttons named by what they do."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from ui.theme import S2, S4, S5
from ui.widgets import DangerButton, Heading, PrimaryButton, QuietButton, Text, column, row

Choice = tuple[str, str, str]  # what is answered, the button's words, its kind: "primary", "danger" or "quiet"


class Question(QDialog):
    """A modal question. Escape answers with the last choice, Enter with the primary one."""

    def __init__(self, parent: QWidget | None, title: str, text: str, choices: Sequence[Choice]) -> None:
        super().__init__(parent)
        self.setObjectName("question")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.setMinimumWidth(420)
        self.answer = choices[-1][0]
        makers = {"primary": PrimaryButton, "danger": DangerButton, "quiet": QuietButton}
        buttons = []
        for key, words, kind in choices:
            button = makers[kind](words, parent=self)
            button.setObjectName(f"answer_{key}")
            button.clicked.connect(lambda _checked=False, key=key: self._choose(key))
            if kind == "primary":
                button.setDefault(True)
                button.setFocus(Qt.FocusReason.OtherFocusReason)
            buttons.append(button)
        first = [button for button in buttons if isinstance(button, DangerButton)]
        rest = [button for button in buttons if not isinstance(button, DangerButton)]
        line = row(*first, None, *reversed(rest), spacing=S2)
        body = column(Heading(title, self), Text(text, "muted", self), spacing=S2)
        body.addSpacing(S4)
        body.addLayout(line)
        body.setContentsMargins(S5, S5, S5, S4)
        self.setLayout(body)

    def _choose(self, key: str) -> None:
        self.answer = key
        self.accept()


def ask(parent: QWidget | None, title: str, text: str, choices: Sequence[Choice]) -> str:
    """Ask and wait; the answer's key."""
    question = Question(parent, title, text, choices)
    try:
        question.exec()
        return question.answer
    finally:
        question.deleteLater()
