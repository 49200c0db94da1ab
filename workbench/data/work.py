"""What long data work is given: someone to tell how far it is, and a wish to stop that it looks at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy.typing as npt

from workbench.core.cancel import CancelToken

Array = npt.NDArray[Any]
Progress = Callable[[float | None, str], None]


class Work:
    """Progress and cancel in one; either may be missing.

    Args:
        progress: Called with the part done (0 to 1, or None when unknown) and words.
        cancel: Looked at on each `tell` and `look`.
    """

    def __init__(self, progress: Progress | None = None, cancel: CancelToken | None = None) -> None:
        self._progress = progress
        self._cancel = cancel

    def look(self) -> None:
        """Raise `Cancelled` when the user asked for the end."""
        if self._cancel is not None:
            self._cancel.raise_if_stopped()

    def tell(self, fraction: float | None, words: str) -> None:
        """Say how far the work is; also looks for the wish to stop."""
        self.look()
        if self._progress is not None:
            self._progress(fraction, words)
