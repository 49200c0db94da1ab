"""One of the trials to choose from: what it tells, a button that makes it, and what it last found in a word."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import S2, S3
from ui.widgets import Badge, Card, Heading, QuietButton, Text, row, set_icon, set_reason


class TrialChoice(Card):
    """A card that shows its answer on a click; `start` and `stop` by its button."""

    start = Signal()
    stop = Signal()

    def __init__(self, title: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, clickable=True, margin=S3)
        self.setAccessibleName(title)
        self.setAccessibleDescription(words)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._title = title
        self._working = False
        self.heading = Heading(title)
        self.badge = Badge("")
        self.badge.hide()
        self.button = QuietButton(self.tr("Start"), "play")
        self.button.setToolTip(words)
        self.button.clicked.connect(lambda: (self.stop if self._working else self.start).emit())
        self.body.addWidget(self.heading)
        self.body.addWidget(Text(words, "muted"))
        self.body.addStretch(1)
        self.body.addLayout(row(self.button, self.badge, None, spacing=S2))

    def show_state(self, *, working: bool, tried: bool, reason: str | None) -> None:
        """Say how it stands.

        Args:
            working: Whether it is being made.
            tried: Whether it has an answer.
            reason: Why it cannot be made now, or None.
        """
        self._working = working
        words, glyph = (self.tr("Again"), "rotate-ccw") if tried else (self.tr("Start"), "play")
        if working:
            words, glyph = self.tr("Cancel"), "x"
        self.button.setText(words)
        self.button.setAccessibleName(f"{words}: {self._title}")
        set_icon(self.button, glyph)
        set_reason(self.button, None if working else reason)

    def show_answer(self, words: str, kind: str) -> None:
        """Say what was found, in a badge; nothing where empty."""
        self.badge.setVisible(bool(words))
        self.badge.set(words, kind)
