"""What a page or panel shows when it has nothing to show: why, what to do next, and a button that goes there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.theme import S2, S3, S5, pixmap, theme, tokens
from ui.widgets.buttons import PrimaryButton
from ui.widgets.text import Heading, Text


class EmptyState(QWidget):
    """An icon, a heading, a sentence and at most one button, in the middle of the room there is."""

    def __init__(
        self,
        icon: str,
        title: str,
        text: str,
        button_text: str | None = None,
        on_click: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._name = icon
        self._icon = QLabel(self)
        self._icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.title = Heading(title, self)
        self.text = Text(text, "muted", self)
        self.button: PrimaryButton | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(S5, S5, S5, S5)
        layout.setSpacing(S2)
        layout.addStretch(2)
        layout.addWidget(self._icon)
        layout.addSpacing(S3)
        for label in (self.title, self.text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setMaximumWidth(420)
            # An aligned label would be given its narrow size hint, too low for its wrapped lines.
            line = QHBoxLayout()
            line.addStretch(1)
            line.addWidget(label, 100)
            line.addStretch(1)
            layout.addLayout(line)
        if button_text is not None:
            self.button = PrimaryButton(button_text, parent=self)
            if on_click is not None:
                self.button.clicked.connect(lambda: on_click())
            layout.addSpacing(S3)
            layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self._paint()
        theme().changed.connect(self._paint)

    def set(self, title: str, text: str, icon: str | None = None) -> None:
        """Say something else."""
        self.title.setText(title)
        self.text.setText(text)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        if icon is not None:
            self._name = icon
            self._paint()

    def _paint(self) -> None:
        self._icon.setPixmap(pixmap(self._name, tokens().faint, 40, self.devicePixelRatioF()))
