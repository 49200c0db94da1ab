"""What the pre-flight found: what wants a look first, each with its reason, evidence and remedy; then what is fine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from ui.pages.train.told import StateIcon, ToldCard
from ui.theme import S2, S3
from ui.widgets import Card, QuietButton, Scroll, Text, column, row, set_reason

if TYPE_CHECKING:
    from workbench.engine.trying.preflight import Item, Preflight

LOOKS = {
    "failed": ("circle-x", "danger"),
    "warned": ("triangle-alert", "warning"),
    "passed": ("circle-check", "good"),
}
TITLE_WIDTH = 132


class CheckCard(ToldCard):
    """One thing that was looked at, and its remedy where there is one."""

    take = Signal()

    def __init__(self, item: Item, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.item = item
        self.button: QuietButton | None = None
        buttons: list[QPushButton] = []
        if item.remedy is not None and item.state != "passed":
            self.button = QuietButton(str(item.remedy["label"]), "heart-pulse")
            self.button.setToolTip(self.tr("Change the plan so; undo takes it back"))
            self.button.clicked.connect(self.take)
            buttons.append(self.button)
        icon = StateIcon(*LOOKS[item.state], words)
        head = f"{item.title}: {words}"
        self.tell(icon, head, (item.message, item.hint), item.source, item.evidence, buttons)


class ChecksView(Scroll):
    """All checks of a pre-flight; `wanted` asks for a remedy."""

    wanted = Signal(object)  # Remedy

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, spacing=S3)
        self.cards: list[CheckCard] = []
        self._parts: list[QWidget] = []
        self.body.addStretch(1)

    def tell(self, found: Preflight) -> None:
        """Show what a pre-flight found."""
        for part in self._parts:
            part.hide()
            self.body.removeWidget(part)
            part.deleteLater()
        order = list(LOOKS)
        told = [item for item in found.items if item.state != "passed" or item.evidence]
        self.cards = [
            CheckCard(item, self.verdict(item.state)) for item in sorted(told, key=lambda one: order.index(one.state))
        ]
        for card in self.cards:
            card.take.connect(lambda card=card: self.wanted.emit(card.item.remedy))
        self._parts = list(self.cards)
        fine = [item for item in found.items if item not in told]
        if fine:
            self._parts.append(self._fine(fine))
        for place, part in enumerate(self._parts):
            self.body.insertWidget(place, part)

    def verdict(self, state: str) -> str:
        """How a check stands, in a word or two."""
        words = {"failed": self.tr("failed"), "warned": self.tr("look at this"), "passed": self.tr("fine")}
        return words[state]

    def _fine(self, items: list[Item]) -> Card:
        card = Card(margin=S3)
        lines = []
        for item in items:
            title = Text(item.title, "strong")
            title.setFixedWidth(TITLE_WIDTH)
            line = row(spacing=S3)
            line.addWidget(StateIcon(*LOOKS["passed"], self.verdict("passed")), 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(title, 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(Text(item.message, "muted"), 1)
            lines.append(line)
        card.body.addLayout(column(*lines, spacing=S2))
        card.setAccessibleName(self.tr("What is fine"))
        return card

    def set_reasons(self, reason: Callable[[Mapping[str, Any]], str | None]) -> None:
        """Ask, for each remedy, why it cannot be taken now."""
        for card in self.cards:
            if card.button is not None and card.item.remedy is not None:
                set_reason(card.button, reason(card.item.remedy))
