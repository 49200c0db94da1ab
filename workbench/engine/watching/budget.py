"""How much of a run's time those who look on may take."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

GRANT_S = 0.1
"""What each may take at once, so that short runs are looked at too."""


class Budget:
    """Work that may take a share of the time that goes by.

    Args:
        share: Of all time, from 0 to 1.
        grant: Seconds that may be taken beyond it, once.
    """

    def __init__(self, share: float, grant: float = GRANT_S) -> None:
        self.spent = 0.0
        self._share, self._grant = share, grant
        self._last = 0.0
        self._began = time.perf_counter()

    def allows(self, expected: float | None = None) -> bool:
        """Whether there is time for it now.

        Args:
            expected: How long it will take, in seconds; as long as the last time where that is not known.
        """
        elapsed = time.perf_counter() - self._began
        cost = self._last if expected is None else expected
        return self.spent + cost <= self._grant + self._share * elapsed

    @contextmanager
    def work(self) -> Iterator[None]:
        """Count the time of what is done inside."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self._last = time.perf_counter() - began
            self.spent += self._last
