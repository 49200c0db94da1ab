"""The settings while the window is open: read once, written at each change."""

from __future__ import annotations

import logging
from typing import Any

from PySide6.QtCore import QObject, Signal

from workbench.core.errors import FileError
from workbench.core.settings import Settings, load_settings, save_settings

log = logging.getLogger(__name__)


class Preferences(QObject):
    """Holds the settings; `changed` is told after each change."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = load_settings()

    def set(self, settings: Settings) -> None:
        """Take and write other settings; a disk that refuses costs only their being remembered."""
        if settings == self.settings:
            return
        self.settings = settings
        try:
            save_settings(settings)
        except FileError as error:
            log.warning("Settings were not saved: %s", error)
        self.changed.emit()

    def update(self, **values: Any) -> None:
        """Change some settings."""
        self.set(self.settings.model_copy(update=values))
