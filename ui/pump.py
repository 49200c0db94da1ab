"""The way of a run's events from the training thread to the window: a queue, emptied once a tick while events come."""

from __future__ import annotations

import contextlib
import queue
import time

from PySide6.QtCore import QObject, Qt, Signal

from ui.moments import later
from workbench.core.events import BatchEnded, EpochEnded, Event, Load, Predictions, Saved, Statistics

TICK_MS = 33
PATIENCE_MS = 800
"""How often at most is told what can wait; whatever else comes is told at the next tick."""
PATIENT = (BatchEnded, EpochEnded, Load, Predictions, Saved, Statistics)
"""What comes by itself all the time; the rest tells of a beginning, an end, or what somebody has done."""
BUDGET_S = 0.008


class Pump(QObject):
    """Collects events from any thread (`put`) and tells them on the GUI thread (`events`, one list a tick).

    The window is woken seldom: while it works, the threads of a training wait for the one whose core it has taken.
    """

    events = Signal(list)

    _came = Signal(bool)  # whether it can wait

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._awaited = {True: False, False: False}
        self._told = 0.0
        self._tick = later(self.drain, TICK_MS, self)
        self._came.connect(self._await, Qt.ConnectionType.QueuedConnection)

    def put(self, event: Event) -> None:
        """Add an event; safe from any thread, never blocks."""
        self._queue.put(event)
        patient = isinstance(event, PATIENT)
        if not self._awaited[patient]:
            self._awaited[patient] = True
            with contextlib.suppress(RuntimeError):  # the window may be gone before a run is
                self._came.emit(patient)

    def _await(self, patient: bool) -> None:
        since = 1000 * (time.monotonic() - self._told)
        wait = max(TICK_MS, round(PATIENCE_MS - since)) if patient else TICK_MS
        if not self._tick.isActive() or wait < self._tick.remainingTime():
            self._tick.start(wait)

    def stop(self) -> None:
        """Tell all that is left."""
        self._tick.stop()
        self.drain()  # even of nothing: a tick that is stopped unasked for anew would be waited for ever after
        while not self._queue.empty():
            self.drain()

    def drain(self) -> None:
        """Tell what has come, for at most a few milliseconds of collecting."""
        self._awaited.update({True: False, False: False})  # before the first look: what comes after it asks anew
        deadline = time.perf_counter() + BUDGET_S
        batch: list[Event] = []
        while time.perf_counter() < deadline:
            try:
                batch.append(self._queue.get_nowait())
            except queue.Empty:
                break
        else:
            self._tick.start(TICK_MS)
        if any(isinstance(event, PATIENT) for event in batch):
            self._told = time.monotonic()
        if batch:
            self.events.emit(batch)
