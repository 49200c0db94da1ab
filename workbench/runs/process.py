"""Which process carries out a run, and whether it lives: a run that says "running" without one was interrupted."""

from __future__ import annotations

import contextlib
import dataclasses
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import psutil

from workbench.core import files
from workbench.core.errors import FileError

PROCESS_FILE = "process.json"
TOLERANCE_S = 2.0
"""A start told twice may differ by this much: the system counts it from a clock that may be set."""

Executor = Literal["thread", "process"]


@dataclasses.dataclass(frozen=True, slots=True)
class Owner:
    """Who carries out a run.

    Args:
        pid: The process's number.
        started: When it started, in seconds since 1970, so that a number given out again is not believed.
        executor: "thread" inside a program that does more than that, or a "process" of the run's own.
    """

    pid: int
    started: float
    executor: Executor = "thread"

    @property
    def alive(self) -> bool:
        """Whether that very process still runs; one that ended and waits to be buried does not."""
        try:
            process = psutil.Process(self.pid)
            recycled = abs(process.create_time() - self.started) > TOLERANCE_S
            return not recycled and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False
        except psutil.AccessDenied:
            return True


def owner_of(path: Path) -> Owner | None:
    """Who claimed the run whose folder `path` is; None where nobody did, or the claim cannot be read."""
    try:
        record: Any = files.read_json(path / PROCESS_FILE)
        return Owner(int(record["pid"]), float(record["started"]), record["executor"])
    except (FileError, KeyError, TypeError, ValueError):
        return None


def claim(path: Path, executor: Executor = "thread", pid: int | None = None) -> Owner | None:
    """Note that a process carries out the run whose folder `path` is; None where it has ended already.

    Args:
        path: The run's folder.
        executor: How it is carried out.
        pid: The process; this one when None.

    Raises:
        FileError: It could not be written.
    """
    pid = os.getpid() if pid is None else pid
    try:
        owner = Owner(pid, psutil.Process(pid).create_time(), executor)
    except psutil.NoSuchProcess:
        return None
    files.write_json(path / PROCESS_FILE, owner)
    return owner


def release(path: Path) -> None:
    """Take a claim back; the run has ended."""
    with contextlib.suppress(OSError):
        (path / PROCESS_FILE).unlink(missing_ok=True)


@contextlib.contextmanager
def claimed(path: Path) -> Iterator[None]:
    """Hold the claim of this program while a thread of it carries a run out; a process of the run's own keeps its own.

    A disk that refuses it is no reason not to train: the training says so itself.
    """
    owner = owner_of(path)
    if owner is None or owner.pid != os.getpid():
        with contextlib.suppress(FileError):
            owner = claim(path)
    try:
        yield
    finally:
        if owner is None or owner.executor == "thread":
            release(path)
