"""How seldom Python looks for garbage: a look at all that a window holds stalls it for a tenth of a second."""

from __future__ import annotations

import gc

THRESHOLDS = (10_000, 5, 200)
"""How many new objects the collector waits for, and how seldom it looks at older ones."""


def collect_seldom() -> None:
    """Look at what is new now and then, and hardly ever at everything."""
    gc.set_threshold(*THRESHOLDS)
