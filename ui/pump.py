"""The way of a run's events from the training thread to the window: a queue, emptied once a tick while events come."""

from __future__ import annotations

import contextlib
import queue
import time

from PySide6.QtCore import QObject, Qt, Signal

from ui.moments import later
from workbench.core.events import Event

TICK_MS = 33
BUDGET_S = 0.008


class Pump(QObject):
    """Collects events from any thread (`put`) and tells them on the GUI thread (`events`, one list a tick).

    While nothing comes, nothing wakes: each waking takes from a training on a machine whose cores are all busy.
    """

    events = Signal(list)

    _came = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._awaited = False
        self._tick = later(self.drain, TICK_MS, self)
        self._came.connect(self._tick.start, Qt.ConnectionType.QueuedConnection)

    def put(self, event: Event) -> None:
        """Add an event; safe from any thread, never blocks."""
        self._queue.put(event)
        if not self._awaited:
            self._awaited = True
            with contextlib.suppress(RuntimeError):  # the window may be gone before a run is
                self._came.emit()

    def stop(self) -> None:
        """Tell all that is left."""
        self._tick.stop()
        while not self._queue.empty():
            self.drain()

    def drain(self) -> None:
        """Tell what has come, for at most a few milliseconds of collecting."""
        self._awaited = False  # before the first look: what comes after the last one asks anew
        deadline = time.perf_counter() + BUDGET_S
        batch: list[Event] = []
        while time.perf_counter() < deadline:
            try:
                batch.append(self._queue.get_nowait())
            except queue.Empty:
                break
        else:
            self._tick.start()
        if batch:
            self.events.emit(batch)
