"""The preferences: few, each with one sentence, at work at once."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QWidget

from ui.preferences import Preferences
from ui.theme import S4, S5
from ui.widgets import Caption, Field, QuietButton, Title, column, row


class PreferencesDialog(QDialog):
    """Look and motion."""

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("preferences")
        self.setWindowTitle(self.tr("Preferences"))
        settings = preferences.settings
        self.theme = QComboBox(self)
        for mode, words in (
            ("system", self.tr("As the desktop")),
            ("light", self.tr("Light")),
            ("dark", self.tr("Dark")),
        ):
            self.theme.addItem(words, mode)
        self.theme.setCurrentIndex(self.theme.findData(settings.theme))
        self.theme.currentIndexChanged.connect(lambda: preferences.update(theme=self.theme.currentData()))
        self.motion = QCheckBox(self.tr("Show changes without motion"), self)
        self.motion.setChecked(settings.reduced_motion)
        self.motion.toggled.connect(lambda on: preferences.update(reduced_motion=on))
        close = QuietButton(self.tr("Close"), parent=self)
        close.clicked.connect(self.accept)
        close.setDefault(True)
        body = column(
            Title(self.tr("Preferences"), self),
            Field(self.tr("Look"), self.theme, self.tr("Light, dark, or whatever the desktop is at the time.")),
            self.motion,
            Caption(self.tr("Changes are at work at once and kept for the next time."), self),
            spacing=S4,
        )
        body.addLayout(row(None, close))
        body.setContentsMargins(S5, S5, S5, S4)
        self.setLayout(body)
        self.setMinimumWidth(400)
