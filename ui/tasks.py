"""Short jobs off the GUI thread: a function, what to do with its answer, and how it can be cancelled."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from workbench.core.cancel import CancelToken
from workbench.core.errors import Cancelled, WorkbenchError

log = logging.getLogger(__name__)

Work = Callable[[CancelToken, Callable[[float | None, str], None]], Any]


class Task(QObject):
    """One job on a thread of its own.

    The work is called with a cancel token and a `progress(fraction or None, words)` function. Every signal is delivered
    on the thread that made the task; exactly one of `succeeded`, `failed` and `cancelled` is, and then `ended`.
    """

    progressed = Signal(object, str)
    succeeded = Signal(object)
    failed = Signal(object)  # a WorkbenchError
    cancelled = Signal()
    ended = Signal()

    _finished = Signal(str, object)
    _progress_made = Signal(object, str)

    def __init__(self, title: str, work: Work, parent: QObject | None = None, *, can_cancel: bool = True) -> None:
        super().__init__(parent)
        self.title = title
        self.can_cancel = can_cancel
        self.token = CancelToken()
        self._work = work
        self._thread = threading.Thread(target=self._run, name=f"task: {title}", daemon=True)
        # Bound methods of this object are called on its own thread, whichever thread emits.
        self._finished.connect(self._deliver)
        self._progress_made.connect(self._deliver_progress)

    def start(self) -> Task:
        """Begin; returns the task itself."""
        self._thread.start()
        return self

    def cancel(self) -> None:
        """Ask for the end."""
        self.token.stop()

    def wait(self, seconds: float = 10.0) -> bool:
        """Wait for the thread to end (for closing and tests); returns whether it did."""
        if self._thread.is_alive():
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        outcome, value = "succeeded", None
        try:
            value = self._work(self.token, self._progress)
        except Cancelled:
            outcome = "cancelled"
        except WorkbenchError as error:
            outcome, value = "failed", error
        except Exception as error:
            log.exception("Task %r failed unexpectedly", self.title)
            outcome, value = (
                "failed",
                WorkbenchError(
                    f"{self.title} did not work.", f"{type(error).__name__}: {error}", "The log file has the details."
                ),
            )
        self._say(self._finished, outcome, value)

    def _progress(self, fraction: float | None, words: str) -> None:
        self.token.raise_if_stopped()
        self._say(self._progress_made, fraction, words)

    def _say(self, signal: Any, *values: object) -> None:
        try:
            signal.emit(*values)
        except RuntimeError:
            # The window closed and took this object with it; nobody listens any more.
            log.debug("Task %r ended after its window", self.title)

    def _deliver_progress(self, fraction: object, words: str) -> None:
        self.progressed.emit(fraction, words)

    def _deliver(self, outcome: str, value: object) -> None:
        # The thread emits as its last act, so this join is short; after it no thread outlives its task.
        self._thread.join()
        if outcome == "cancelled":
            self.cancelled.emit()
        else:
            getattr(self, outcome).emit(value)
        self.ended.emit()
