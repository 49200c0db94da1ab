"""How work behind the window lets the window go first on a machine whose cores are all busy."""

from __future__ import annotations

import contextlib
import os
import sys
import threading

from workbench.core.garbage import collect_seldom
from workbench.runs.launching import NICENESS

SWITCH_S = 0.001
"""How long a thread keeps the interpreter when the window's wants it; Python's own 5 ms are felt while one traces."""


def give_way() -> None:
    """Put the calling thread, and those that it starts from now on, behind the window's thread.

    Only Linux has a priority for each thread that those it starts inherit; elsewhere nothing changes.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


def go_first() -> None:
    """Let the window have the interpreter soon whenever it wants it, and hold it seldom by a search for garbage."""
    sys.setswitchinterval(SWITCH_S)
    collect_seldom()
