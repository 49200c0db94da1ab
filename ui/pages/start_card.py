"""One quickstart on the Start page: a picture drawn from real samples, a title and a sentence."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ui.pages.start_thumbnail import Thumbnail
from ui.theme import S4
from ui.widgets import Caption, Card, Heading, column


class QuickstartCard(Card):
    """A card that begins something; click, Enter or Space."""

    def __init__(self, kind: str, title: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, clickable=True, margin=1)
        self.setObjectName(f"quickstart_{kind}")
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.thumbnail = Thumbnail(kind, self)
        heading = Heading(title, self)
        words = Caption(text, self)
        words.setAlignment(Qt.AlignmentFlag.AlignTop)
        inner = column(heading, words, None, spacing=4)
        inner.setContentsMargins(S4, S4 - 4, S4, S4)
        self.body.setSpacing(0)
        self.body.addWidget(self.thumbnail)
        self.body.addLayout(inner, 1)
        self.setMinimumWidth(180)
