"""How one thread asks another to end its work."""

from __future__ import annotations

import threading

from workbench.core.errors import Cancelled


class CancelToken:
    """Two wishes that long work looks at: stop now, or finish the current round.

    `stop` ends training after the current batch and any other work at its next look; `finish` ends training after the
    current epoch.
    """

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._finish = threading.Event()

    def stop(self) -> None:
        """Ask for the end as soon as possible."""
        self._stop.set()

    def finish(self) -> None:
        """Ask for the end after the current epoch."""
        self._finish.set()

    @property
    def stop_requested(self) -> bool:
        return self._stop.is_set()

    @property
    def finish_requested(self) -> bool:
        return self._finish.is_set() or self._stop.is_set()

    def raise_if_stopped(self) -> None:
        """Raise `Cancelled` when the end was asked for."""
        if self._stop.is_set():
            raise Cancelled
