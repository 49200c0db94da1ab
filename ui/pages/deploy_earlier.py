"""The exports that this project has made, as cards at the side; a click shows one's certificate and code again."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.pages.deploy_certificate import bytes_in_words
from ui.pages.deploy_facts import ExportFacts
from ui.pages.train.runs import started
from ui.theme import S2, S3, S4
from ui.widgets import Caption, Card, ElidedLabel, Heading, Panel, Scroll


class EarlierExports(Panel):
    """A list of exports, newest first."""

    chosen = Signal(object)  # ExportFacts

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=0)
        self.count = 0
        self._none = Caption(self.tr("What you export is listed here."))
        self._scroll = Scroll(margin=S4, spacing=S2)
        self._scroll.body.addWidget(Heading(self.tr("Exports")))
        self._scroll.body.addWidget(self._none)
        self._scroll.body.addStretch(1)
        self._cards: list[Card] = []
        self.body.addWidget(self._scroll)

    @property
    def cards(self) -> list[Card]:
        """One card an export."""
        return list(self._cards)

    def show_exports(self, exports: list[ExportFacts]) -> None:
        """List these exports."""
        for card in self._cards:
            card.hide()
            self._scroll.body.removeWidget(card)
            card.deleteLater()
        self._cards = [self._card(facts) for facts in exports]
        self.count = len(exports)
        self._none.setVisible(not exports)
        for place, card in enumerate(self._cards):
            self._scroll.body.insertWidget(2 + place, card)

    def _card(self, facts: ExportFacts) -> Card:
        card = Card(clickable=True, margin=S3)
        card.setAccessibleName(str(facts.path))
        name = ElidedLabel(facts.path.name, "strong")
        card.body.setSpacing(0)
        card.body.addWidget(name)
        parts = (facts.form.title, facts.run, bytes_in_words(facts.size), started(facts.created))
        card.body.addWidget(Caption(" · ".join(parts)))
        card.setToolTip(str(facts.path))
        card.clicked.connect(lambda: self.chosen.emit(facts))
        return card
