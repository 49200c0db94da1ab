"""A spare process: it has imported the engine and waits for an isolated run, which then begins seconds sooner.

Nothing of a run is decided in it beforehand, and it computes nothing: its order comes as one line of JSON on its
standard input. Should that end without one, because whoever keeps it ends or dies, it ends too.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import subprocess
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from workbench.runs import launching

PROGRAM = "workbench.cli.spare"
END_S = 10.0

log = logging.getLogger(__name__)
_lock = threading.Lock()
_kept: Spare | None = None


class Spare:
    """One spare process, begun where this is made.

    Raises:
        OSError: The system started none.
    """

    def __init__(self) -> None:
        self._around = _around()
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  open until it has its order
        try:
            self.process = subprocess.Popen(
                launching.command(PROGRAM),
                stdin=subprocess.PIPE,
                stdout=self._said,
                stderr=subprocess.DEVNULL,
                env=launching.environment(),
                **launching.detached(),
            )
        except OSError:
            self._said.close()
            raise

    @property
    def warm(self) -> bool:
        """Whether it has imported the engine."""
        return self.fit and os.fstat(self._said.fileno()).st_size > 0

    @property
    def fit(self) -> bool:
        """Whether it lives, and is what a process started now would be: the same environment and working directory."""
        return self.process.poll() is None and self._around == _around()

    def give(self, folder: Path, run: str, *, resume: bool) -> subprocess.Popen[bytes] | None:
        """Give it its run, which no longer depends on who kept it; None where it is not fit for it, and ended."""
        order = {"project": str(folder.absolute()), "run": run, "resume": resume}
        stdin = self.process.stdin
        assert stdin is not None, "it was started with one"
        if self.fit:
            try:
                stdin.write(json.dumps(order).encode() + b"\n")
                stdin.close()
            except OSError:
                log.warning("The spare process took no order", exc_info=True)
            else:
                self._said.close()
                return self.process
        self.end()
        return None

    def end(self) -> None:
        """End it, and wait until it has."""
        if (status := self.process.poll()) is not None:
            log.warning("The spare process had ended by itself (status %s)", status)
        self.process.kill()  # it holds nothing that could be lost
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(END_S)
        if self.process.stdin is not None:
            with contextlib.suppress(OSError):
                self.process.stdin.close()
        self._said.close()


def _around() -> object:
    return launching.command(PROGRAM), launching.environment(), Path.cwd()


def keep(wanted: Callable[[], bool]) -> None:
    """Have one spare process ready where it is wanted, and none where it isn't.

    Args:
        wanted: Asked when it is this call's turn, so that the newest wish counts.
    """
    global _kept
    with _lock:
        if _kept is not None and not (wanted() and _kept.fit):
            _kept.end()
            _kept = None
        if _kept is None and wanted():
            try:
                _kept = Spare()
            except OSError:
                log.warning("There is no spare process", exc_info=True)


def drop() -> None:
    """Have none."""
    keep(lambda: False)


def kept() -> Spare | None:
    """The spare process that is kept."""
    return _kept


def given(folder: Path, run: str, *, resume: bool) -> subprocess.Popen[bytes] | None:
    """The spare process with a run as its order; None where none is kept that is fit for it."""
    global _kept
    with _lock:
        spare, _kept = _kept, None
    return spare.give(folder, run, resume=resume) if spare is not None else None
