"""The way of a run's events from the training thread to the window: a queue, drained by a timer, one list a tick."""

from __future__ import annotations

import queue
import time

from PySide6.QtCore import QObject, QTimer, Signal

from workbench.core.events import Event

TICK_MS = 33
BUDGET_S = 0.008


class Pump(QObject):
    """Collects events from any thread (`put`) and tells them on the GUI thread (`events`, one list a tick)."""

    events = Signal(list)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.drain)

    def put(self, event: Event) -> None:
        """Add an event; safe from any thread, never blocks."""
        self._queue.put(event)

    def start(self) -> None:
        """Begin to tell."""
        self._timer.start()

    def stop(self) -> None:
        """Tell what is left and end."""
        self._timer.stop()
        self.drain()

    def drain(self) -> None:
        """Tell what has come, for at most a few milliseconds of collecting."""
        deadline = time.perf_counter() + BUDGET_S
        batch: list[Event] = []
        while time.perf_counter() < deadline:
            try:
                batch.append(self._queue.get_nowait())
            except queue.Empty:
                break
        if batch:
            self.events.emit(batch)
