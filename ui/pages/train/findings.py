"""What the doctor found in a run: each finding with its reason, its source, its evidence, and a button that heals."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from ui.pages.train.told import StateIcon, ToldCard
from ui.theme import S2, S3, S4
from ui.widgets import LinkButton, QuietButton, Scroll, Text, row, set_reason
from workbench.core.events import BatchEnded, Event, Finding, RunEnded

ICONS = {"error": "circle-alert", "warning": "triangle-alert", "info": "info"}
COLORS = {"error": "danger", "warning": "warning", "info": "accent"}
RANK = ("error", "warning", "info")


class FindingCard(ToldCard):
    """One finding. `heal` asks to clone the run with the remedy, `look` to see the layer that it is about."""

    heal = Signal()
    look = Signal()

    def __init__(self, finding: Finding, begun: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.finding = finding
        self.button: QuietButton | None = None
        buttons: list[QPushButton] = []
        if finding.remedy is not None:
            self.button = QuietButton(str(finding.remedy.get("label", "")), "heart-pulse")
            self.button.setToolTip(self.tr("Train a new run by this one's plan with this change; undo takes it back"))
            self.button.clicked.connect(self.heal)
            buttons.append(self.button)
        if finding.layer:
            layer = LinkButton(self.tr("Show “{layer}”").format(layer=finding.layer))
            layer.clicked.connect(self.look)
            buttons.append(layer)
        first = self.tr("in the first epoch") if begun else self.tr("before the run")
        where = self.tr("after epoch {epoch}").format(epoch=finding.epoch) if finding.epoch else first
        source = " · ".join(part for part in (where, finding.source) if part)
        icon = StateIcon(ICONS[finding.severity], COLORS[finding.severity])
        self.tell(icon, finding.message, (finding.hint,), source, finding.evidence, buttons)


class FindingsPanel(QWidget):
    """The findings of one run, the gravest first; `healed` asks for the remedy of one, `layer_wanted` for a layer."""

    healed = Signal(object)  # Finding
    layer_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: list[FindingCard] = []
        self._shown: tuple[tuple[Finding, bool], ...] | None = None
        self._reason: str | None = None
        self.words = Text("", "muted")
        self.area = Scroll(spacing=S3)
        self.area.body.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, S2, 0, 0)
        layout.setSpacing(S4)
        layout.addLayout(row(self.words))
        layout.addWidget(self.area, 1)
        self.show_events(())

    @property
    def accusing(self) -> int:
        """How many of the findings accuse the run of something."""
        return sum(card.finding.severity != "info" for card in self.cards)

    def show_events(self, events: Iterable[Event]) -> None:
        """Show the findings among a run's events."""
        events = list(events)
        found: dict[tuple[str, str], tuple[Finding, bool]] = {}
        begun = False
        for event in events:
            begun = begun or isinstance(event, BatchEnded)
            if isinstance(event, Finding):
                found[event.rule, event.layer] = event, begun  # told again where it has grown worse
        told = tuple(sorted(found.values(), key=lambda one: RANK.index(one[0].severity)))
        ended = any(isinstance(event, RunEnded) for event in events)
        if told:
            self.words.hide()
        else:
            self.words.show()
            well = self.tr("The doctor found nothing to complain about.") if ended else ""
            self.words.setText(well or self.tr("Nothing is found so far. The doctor looks while a run is at work."))
        if told != self._shown:
            self._shown = told
            self._fill(told)

    def set_reason(self, reason: str | None) -> None:
        """Say why nothing can be healed now, or that it can."""
        self._reason = reason
        for card in self.cards:
            if card.button is not None:
                set_reason(card.button, reason)

    def _fill(self, findings: tuple[tuple[Finding, bool], ...]) -> None:
        for card in self.cards:
            card.hide()
            self.area.body.removeWidget(card)
            card.deleteLater()
        self.cards = []
        for place, (finding, begun) in enumerate(findings):
            card = FindingCard(finding, begun)
            card.heal.connect(lambda finding=finding: self.healed.emit(finding))
            card.look.connect(lambda finding=finding: self.layer_wanted.emit(finding.layer))
            self.area.body.insertWidget(place, card)
            self.cards.append(card)
        self.set_reason(self._reason)
