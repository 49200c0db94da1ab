"""Architectures to begin with, those that suit the data, as cards that put one on the canvas."""

from __future__ import annotations

import html

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.canvas.words import count_words, short_count
from ui.session import Session
from ui.theme import S2, S3
from ui.widgets import Caption, Card, SectionHeader, Text, row
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
        """Show the cards that suit the data: those to try first, then those as they were published."""
        presets = suited(self.session)[: self._most]
        names = tuple(preset.name for preset in presets)
        if names == self._shown:
            return
        self._shown = names
        while (item := self._column.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        self.cards = {preset.name: self._card(preset) for preset in presets}
        begun = False
        for preset in presets:
            if preset.as_published and not begun:
                begun = True
                self._column.addWidget(SectionHeader(self.tr("As published: large")))
            self._column.addWidget(self.cards[preset.name])

    def _card(self, preset: Preset) -> Card:
        card = Card(clickable=True, margin=S3)
        card.body.setSpacing(2)
        card.setObjectName(f"preset_{preset.name}")
        card.setAccessibleName(preset.title)
        title = row(Text(preset.title, "strong"), self._size(preset), spacing=S2)
        title.setStretch(0, 1)
        card.body.addLayout(title)
        card.body.addWidget(Caption(preset.description))
        card.setToolTip("".join(f"<p>{html.escape(words)}</p>" for words in self._told(preset)))
        card.clicked.connect(lambda: self._apply(preset))
        return card

    def _size(self, preset: Preset) -> Caption:
        size = Caption(short_count(preset.parameters or 0))
        size.setWordWrap(False)
        shape = "×".join(str(length) for length in preset.reference_input)
        exact = self.tr("%1 parameters, counted on samples of %2").replace("%1", count_words(preset.parameters or 0))
        size.setToolTip(exact.replace("%2", shape))
        return size

    def _told(self, preset: Preset) -> list[str]:
        """The tooltip's paragraphs."""
        told = [self.tr("Put it in place of the drawing; undo brings the drawing back.")]
        if preset.paper is not None:
            told.insert(0, preset.paper.cited)
        if preset.note:
            told.insert(-1, preset.note)
        return told

    def _apply(self, preset: Preset) -> None:
        if apply_preset(self.session, preset):
            self.applied.emit()
