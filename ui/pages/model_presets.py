"""Architectures to begin with, those that suit the data, as cards that put one on the canvas."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.session import Session
from ui.theme import S2, S3
from ui.widgets import Caption, Card, Text
from workbench.core.errors import WorkbenchError
from workbench.project.presets import Preset, architectures, with_architecture


def suited(session: Session) -> tuple[Preset, ...]:
    """The architectures for the open project's data; all of them while there are none."""
    return architectures(session.project.info)


def apply_preset(session: Session, preset: Preset) -> bool:
    """Put a preset's drawing and settings in the project, as one step that can be undone."""
    try:
        project = with_architecture(session.project, preset)
    except WorkbenchError as error:
        session.tell("warning", error)
        return False
    label = QCoreApplication.translate("PresetCards", "Architecture %1").replace("%1", preset.title)
    return session.do(label, lambda _: project)


class PresetCards(QWidget):
    """One card an architecture.

    Args:
        session: The open project.
        most: How many are shown; None for all.
    """

    applied = Signal()

    def __init__(self, session: Session, most: int | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._most = most
        self._shown: tuple[str, ...] | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(S2)
        self.cards: dict[str, Card] = {}

    def refresh(self) -> None:
        """Show the cards that suit the data."""
        presets = suited(self.session)[: self._most]
        names = tuple(preset.name for preset in presets)
        if names == self._shown:
            return
        self._shown = names
        for card in self.cards.values():
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = {preset.name: self._card(preset) for preset in presets}
        for card in self.cards.values():
            self._column.addWidget(card)

    def _card(self, preset: Preset) -> Card:
        card = Card(clickable=True, margin=S3)
        card.body.setSpacing(2)
        card.setObjectName(f"preset_{preset.name}")
        card.setAccessibleName(preset.title)
        card.body.addWidget(Text(preset.title, "strong"))
        card.body.addWidget(Caption(preset.description))
        card.setToolTip(self.tr("Put it in place of the drawing; undo brings the drawing back."))
        card.clicked.connect(lambda: self._apply(preset))
        return card

    def _apply(self, preset: Preset) -> None:
        if apply_preset(self.session, preset):
            self.applied.emit()
