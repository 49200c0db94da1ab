"""Something done a moment after it was last asked for, or seldom however often it is asked for."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


def later(deed: Callable[[], object], milliseconds: int, parent: QObject) -> QTimer:
    """A timer that does it once for each `start()` that no other one follows in time; `stop()` forgets it."""
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(deed)
    return timer


class Seldom(QObject):
    """A deed that is done at most once in a time; what is asked for meanwhile is done once, at that time's end."""

    def __init__(self, deed: Callable[[], object], milliseconds: int, parent: QObject) -> None:
        super().__init__(parent)
        self._deed, self._least = deed, milliseconds
        self._at = 0.0
        self._later = later(self.now, milliseconds, self)

    def soon(self) -> None:
        """Do it now, or as soon as enough time has passed."""
        waited = 1000 * (time.monotonic() - self._at)
        if waited >= self._least:
            self.now()
        elif not self._later.isActive():
            self._later.start(round(self._least - waited))

    def now(self) -> None:
        """Do it at once."""
        self._at = time.monotonic()
        self._later.stop()
        self._deed()
