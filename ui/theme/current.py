"""Which look is on, and how it changes while the window is open."""

from __future__ import annotations

from functools import cache
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from ui.theme.palette import palette
from ui.theme.stylesheet import stylesheet
from ui.theme.tokens import BODY, DARK, LIGHT, Tokens

Mode = Literal["system", "light", "dark"]


class Theme(QObject):
    """The look in use; `changed` is told after palette and style sheet are in place."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.tokens: Tokens = LIGHT
        self.mode: Mode = "system"
        self._following: QApplication | None = None

    def apply(self, app: QApplication, mode: Mode) -> None:
        """Put a look on the application; "system" follows the desktop's, also when that changes later."""
        self.mode = mode
        schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
        app.styleHints().setColorScheme(schemes.get(mode, Qt.ColorScheme.Unknown))
        if self._following is not app:
            self._following = app
            app.setStyle("Fusion")
            font = QFont(app.font())
            font.setPixelSize(BODY)
            font.setFeature(QFont.Tag("tnum"), 1)
            app.setFont(font)
            app.styleHints().colorSchemeChanged.connect(self._follow)
        self._wear(app)

    def _follow(self) -> None:
        if self._following is not None:
            self._wear(self._following)

    def _wear(self, app: QApplication) -> None:
        dark = app.styleHints().colorScheme() == Qt.ColorScheme.Dark if self.mode == "system" else self.mode == "dark"
        wanted = DARK if dark else LIGHT
        if wanted is self.tokens and app.styleSheet():
            return
        self.tokens = wanted
        app.setPalette(palette(wanted))
        app.setStyleSheet(stylesheet(wanted))
        self.changed.emit()


@cache
def theme() -> Theme:
    """The one theme of the process."""
    return Theme()


def tokens() -> Tokens:
    """The colours in use now; ask again when `theme().changed` is told."""
    return theme().tokens


def apply_theme(app: QApplication, mode: Mode = "system") -> None:
    """Put a look on the application."""
    theme().apply(app, mode)
