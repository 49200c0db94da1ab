"""A run in a process of its own: `python -m workbench.engine.isolated PROJECT RUN [--resume]`.

Its events are in `live.jsonl`, its orders come through `control.jsonl`, its words are in `process.log`.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import logging
import os
import signal
import sys
import threading
from pathlib import Path
from typing import NoReturn

from workbench.core import events
from workbench.core.control import RunControl
from workbench.core.errors import WorkbenchError
from workbench.project.model import TrainPlan
from workbench.runs import isolated, launching, live, process, store

log = logging.getLogger(__name__)

ORDERS_S = 0.02
"""How often orders are looked for."""


class _Orders:
    """Reads a run's orders on a thread of its own and hands them to its control."""

    def __init__(self, path: Path, control: RunControl) -> None:
        self._tail, self._control = live.Tail(path / live.CONTROL_FILE), control
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._read, name="orders", daemon=True)
        self._thread.start()

    def _read(self) -> None:
        while not self._over.wait(ORDERS_S):
            for command in self._tail.read():
                isolated.obey(command, self._control)

    def end(self) -> None:
        self._over.set()
        self._thread.join()
        self._tail.close()


def carry_out(folder: Path, run: str, *, resume: bool = False) -> events.RunEnded:
    """Train a run here, tell it in its folder, and leave nothing there but its record.

    Args:
        folder: The project's folder.
        run: A run that `runs.store.new_run` made.
        resume: Whether it goes on from its last checkpoint.

    Raises:
        WorkbenchError: There is no such run, or another process carries it out.
    """
    plan = store.load_plan(folder, run)
    path = store.run_folder(folder, run)
    with process.held(path, process.PATIENCE_S):
        return _carried_out(folder, plan, path, resume=resume)


def _carried_out(folder: Path, plan: TrainPlan, path: Path, *, resume: bool) -> events.RunEnded:
    control = RunControl()
    signal.signal(signal.SIGTERM, lambda number, frame: control.stop())
    process.claim(path, "process")
    orders = _Orders(path, control)
    told = live.LiveWriter(path / live.LIVE_FILE, path / store.METRICS_FILE)
    try:
        ended = _train(folder, plan, told, control, resume)
    finally:
        orders.end()
        told.close()
    for name in (live.LIVE_FILE, live.CONTROL_FILE):
        with contextlib.suppress(OSError):  # Windows removes no file that a follower has open
            (path / name).unlink(missing_ok=True)
    return ended


def _train(folder: Path, plan: TrainPlan, told: live.LiveWriter, control: RunControl, resume: bool) -> events.RunEnded:
    from workbench.engine.trainer import train

    return train(folder, plan, told.emit, control, resume=resume)


def told(project: Path, run: str, *, resume: bool) -> int:
    """Carry out one run; the exit status is 0 whatever became of it, as long as it was told."""
    faulthandler.enable()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        carry_out(project, run, resume=resume)
    except WorkbenchError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def leave(status: int) -> NoReturn:
    """End this process, whose run is told and on the disk."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    # What TensorFlow would do while Python ends can only go wrong.
    os._exit(status)


def main(arguments: list[str] | None = None) -> int:
    """Carry out the run that the command line names."""
    parser = argparse.ArgumentParser(prog="workbench.engine.isolated", description=__doc__)
    parser.add_argument("project", type=Path)
    parser.add_argument("run")
    parser.add_argument("--resume", action="store_true")
    choices = parser.parse_args(arguments)
    launching.give_way()
    return told(choices.project, choices.run, resume=choices.resume)


if __name__ == "__main__":
    leave(main())
