"""Which process carries out a run, and whether it lives: a run that says "running" without one was interrupted."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import psutil

from workbench.core import files, locks
from workbench.core.errors import FileError, TrainingError

PROCESS_FILE = "process.json"
LOCKED_FILE = "plan.json"
"""The file of a run that who carries it out has locked: it is there from the beginning and never changes."""
TOLERANCE_S = 2.0
"""A start told twice may differ by this much: the system rounds it."""
PATIENCE_S = 10.0
"""So long a run's own process waits for who started it to note that."""

Executor = Literal["thread", "process"]


class Taken(TrainingError):
    """Another thread or process carries a run out."""


@dataclasses.dataclass(frozen=True, slots=True)
class Owner:
    """Who carries out a run.

    Args:
        pid: The process's number.
        started: When it started, in seconds since 1970, so that a number given out again is not believed. Where `boot`
            is told, in seconds since then: the system's clock may be set.
        executor: "thread" inside a program that does more than that, or a "process" of the run's own.
        boot: Which start of the system that was; empty where it has no name.
    """

    pid: int
    started: float
    executor: Executor = "thread"
    boot: str = ""

    @property
    def alive(self) -> bool:
        """Whether that very process still runs; one that ended and waits to be buried does not."""
        try:
            process = psutil.Process(self.pid)
            boot, started = _start(process)
            recycled = boot != self.boot or abs(started - self.started) > TOLERANCE_S
            return not recycled and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False
        except psutil.AccessDenied:
            return True


def _start(process: psutil.Process) -> tuple[str, float]:
    """Which start of the system a process belongs to, and when it started itself."""
    if sys.platform != "linux":
        return "", process.create_time()
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return "", process.create_time()
    # Both follow the clock, so that what lies between them does not.
    return boot, process.create_time() - psutil.boot_time()


def owner_of(path: Path) -> Owner | None:
    """Who claimed the run whose folder `path` is; None where nobody did, or the claim cannot be read."""
    try:
        record: Any = files.read_json(path / PROCESS_FILE)
        return Owner(int(record["pid"]), float(record["started"]), record["executor"], str(record.get("boot", "")))
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
        boot, started = _start(psutil.Process(pid))
        owner = Owner(pid, started, executor, boot)
    except psutil.NoSuchProcess:
        return None
    files.write_json(path / PROCESS_FILE, owner)
    return owner


def release(path: Path) -> None:
    """Take a claim back; the run has ended."""
    with contextlib.suppress(OSError):
        (path / PROCESS_FILE).unlink(missing_ok=True)


_holders: dict[Path, int] = {}
"""Which thread of this process holds a run, by the run's folder."""


@contextlib.contextmanager
def held(path: Path, patience_s: float = 0.0) -> Iterator[None]:
    """Be the only one, in all processes, who starts or carries out the run whose folder `path` is.

    Args:
        path: The run's folder.
        patience_s: How long another one is waited for.

    Raises:
        Taken: Another one does.
    """
    path, me = path.absolute(), threading.get_ident()
    if _holders.get(path) == me:
        yield
        return
    with locks.held(path / LOCKED_FILE, patience_s) as alone:
        owner = owner_of(path)
        # A process of the run's own that was started, but is still importing.
        begins = owner is not None and owner.executor == "process" and owner.pid != os.getpid() and owner.alive
        if not alone or begins:
            at = f"{path.name} is at work" + (f" in process {owner.pid}" if owner is not None else "")
            raise Taken("A run is carried out once at a time.", at, "Stop it first, or attach to it.")
        _holders[path] = me
        try:
            yield
        finally:
            del _holders[path]


@contextlib.contextmanager
def claimed(path: Path) -> Iterator[None]:
    """Hold a run for this program while a thread of it carries it out; a process of the run's own keeps its own claim.

    A disk that refuses the claim is no reason not to train: the training says so itself.

    Raises:
        Taken: Another one carries it out.
    """
    with held(path):
        owner = owner_of(path)
        if owner is None or owner.pid != os.getpid():
            with contextlib.suppress(FileError):
                owner = claim(path)
        try:
            yield
        finally:
            if owner is None or owner.executor == "thread":
                release(path)
