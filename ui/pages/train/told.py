"""What was seen, as a card: an icon for how grave it is, why it matters, where the rule is from, and its evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from ui.plots.evidence import EvidenceView
from ui.theme import S2, S3, pixmap, theme, tokens
from ui.widgets import Caption, Card, FlowLayout, Text, column

ICON = 20


class StateIcon(QLabel):
    """An icon in a colour of the look.

    Args:
        glyph: The icon's Lucide name.
        color: The name of a token.
        words: What it means, for screen readers and on hover.
    """

    def __init__(self, glyph: str, color: str, words: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._glyph, self._color = glyph, color
        self.setFixedWidth(ICON)
        self.setAccessibleName(words)
        self.setToolTip(words)
        theme().changed.connect(self._paint)
        self._paint()

    def _paint(self) -> None:
        self.setPixmap(pixmap(self._glyph, getattr(tokens(), self._color), ICON, self.devicePixelRatioF()))


class ToldCard(Card):
    """One thing that was seen; `tell` fills the card, once."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=S3)

    def minimumSizeHint(self) -> QSize:
        # Else its height would be asked for at the width that it would like, where there is less.
        return QSize(0, super().minimumSizeHint().height())

    def tell(
        self,
        icon: StateIcon,
        head: str,
        words: Sequence[str],
        source: str,
        evidence: Mapping[str, Any],
        buttons: Sequence[QPushButton] = (),
    ) -> None:
        """Say what was seen.

        Args:
            icon: How grave it is.
            head: The first words, strong.
            words: What follows, muted.
            source: Where the rule is from, and when it was seen.
            evidence: Named series to draw; none where empty.
            buttons: What can be done about it.
        """
        self.setAccessibleName(head)
        self.setAccessibleDescription(" ".join(words))
        first = Text(head, "strong")
        first.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        lines = column(first, *(Text(said, "muted") for said in words if said), spacing=S2)
        if source:
            lines.addWidget(Caption(source))
        if buttons:
            deeds = FlowLayout(spacing=S2)
            for button in buttons:
                deeds.addWidget(button)
            lines.addLayout(deeds)
        lines.addStretch(1)
        line = QHBoxLayout()
        line.setSpacing(S3)
        line.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(lines, 1)
        if evidence:
            line.addWidget(EvidenceView(evidence), 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(line)
