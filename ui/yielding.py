"""How work behind the window lets the window go first on a machine whose cores are all busy."""

from __future__ import annotations

import contextlib
import os
import sys
import threading

# As much as the window needs; the lowest priority would starve a training beside any other program.
NICENESS = 5


def give_way() -> None:
    """Put the calling thread, and those that it starts from now on, behind the window's thread.

    Only Linux has a priority for each thread that those it starts inherit; elsewhere nothing changes.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
