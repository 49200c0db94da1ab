"""Dropping a folder or a file anywhere on the window: a project opens, anything else is picked as data."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from ui.theme import S4


def dropped_path(data: QMimeData) -> Path | None:
    """The one local file or folder that is dragged, if that is what it is."""
    urls = data.urls() if data.hasUrls() else []
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    return Path(urls[0].toLocalFile())


class DropVeil(QFrame):
    """What covers the window while something that can be dropped is over it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("drop_veil")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._window = window
        self._words = QLabel(self)
        self._words.setObjectName("drop_words")
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.addWidget(self._words)
        self.hide()

    def offer(self, words: str) -> None:
        """Cover the window and say what a drop would do."""
        self._words.setText(words)
        self.setGeometry(self._window.rect().adjusted(S4, S4, -S4, -S4))
        self.show()
        self.raise_()
