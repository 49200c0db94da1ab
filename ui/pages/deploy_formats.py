"""The export formats as cards: what each is for and what it can't take; one of them is chosen."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.theme import S3
from ui.widgets import Caption, Card, Heading, Text
from workbench.catalog.formats import FORMATS, FormatSpec


class FormatCard(Card):
    """One format; a click, Enter or Space chooses it."""

    def __init__(self, spec: FormatSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent, clickable=True)
        self.spec = spec
        self.setObjectName(f"format_{spec.name}")
        self.setAccessibleName(spec.title)
        self.setAccessibleDescription(f"{spec.doc} {spec.limits}")
        self.body.addWidget(Heading(spec.title))
        self.body.addWidget(Text(spec.doc))
        self.body.addWidget(Caption(spec.limits))
        self.body.addStretch(1)


class FormatCards(QWidget):
    """All formats side by side."""

    chosen_changed = Signal(object)  # FormatSpec

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chosen: FormatSpec = FORMATS[0]
        self.cards = {spec.name: FormatCard(spec) for spec in FORMATS}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(S3)
        for card in self.cards.values():
            card.clicked.connect(lambda spec=card.spec: self.choose(spec))
            layout.addWidget(card, 1)
        self.choose(self.chosen)

    def choose(self, spec: FormatSpec) -> None:
        """Take a format."""
        self.chosen = spec
        for card in self.cards.values():
            card.set_selected(card.spec == spec)
        self.chosen_changed.emit(spec)
