"""How an isolated run's process is started: its command line, what is around it, and how it outlives its starter."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import workbench

NICENESS = 5
"""How far a training stands behind the window, in a thread or a process; the lowest priority would starve it."""


def command(module: str, *words: str) -> list[str]:
    """The command line of a process of ours."""
    # Safe path: a file in the working directory must not take the place of a module.
    return [sys.executable, "-P", "-m", module, *words]


def give_way() -> None:
    """Put this process behind the window, unless who started it has done so."""
    if hasattr(os, "nice"):
        with contextlib.suppress(OSError):
            os.nice(max(0, NICENESS - os.nice(0)))


def environment() -> dict[str, str]:
    """What an isolated run's process finds in its environment."""
    paths = [str(Path(workbench.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    return {
        **os.environ,
        "KERAS_BACKEND": "tensorflow",
        "PYTHONIOENCODING": "utf-8",
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
    }


def detached() -> dict[str, Any]:
    """How a process is started that outlives this one: in a session of its own, without our files."""
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.DETACHED_PROCESS
        return {"creationflags": flags, "close_fds": True}
    return {"start_new_session": True, "close_fds": True}
