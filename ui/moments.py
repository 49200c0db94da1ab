"""Something done a moment after it was last asked for."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


def later(deed: Callable[[], object], milliseconds: int, parent: QObject) -> QTimer:
    """A timer that does it once for each `start()` that no other one follows in time; `stop()` forgets it."""
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(deed)
    return timer
