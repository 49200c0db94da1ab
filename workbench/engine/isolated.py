"""A run in a process of its own: `python -m workbench.engine.isolated PROJECT RUN [--resume]`, or a spare that waits.

Its events are in `live.jsonl`, its orders come through `control.jsonl`, its words are in `process.log`.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import json
import logging
import os
import signal
import sys
import threading
from pathlib import Path

from workbench.core import events, files
from workbench.core.control import RunControl
from workbench.core.errors import WorkbenchError
from workbench.project.model import TrainPlan
from workbench.runs import isolated, live, process, store

log = logging.getLogger(__name__)

ORDERS_S = 0.02
"""How often orders are looked for."""
NICENESS = 5
"""As much behind the window as a training in its thread."""


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
        WorkbenchError: There is no such run.
    """
    plan = store.load_plan(folder, run)
    path = store.run_folder(folder, run)
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


def _keep_words(path: Path) -> None:
    """Let what this process says go to its run's folder."""
    with files.appending(path / isolated.LOG_FILE) as file:
        for number in (1, 2):
            os.dup2(file.fileno(), number)


def _wait_for_work() -> argparse.Namespace | None:
    """Be a spare: TensorFlow is loaded, and what to train comes as one line; none comes when its starter ends."""
    from workbench.engine import runtime
    from workbench.engine import trainer as _trainer  # noqa: F401  loaded while there is time

    runtime.start()
    line = sys.stdin.readline()
    if not line.strip():
        return None
    order = json.loads(line)
    return argparse.Namespace(project=Path(order["project"]), run=order["run"], resume=bool(order["resume"]))


def main(arguments: list[str] | None = None) -> int:
    """Carry out one run; the exit status is 0 whatever became of it, as long as it was told."""
    parser = argparse.ArgumentParser(prog="workbench.engine.isolated", description=__doc__)
    parser.add_argument("project", type=Path, nargs="?")
    parser.add_argument("run", nargs="?")
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--spare", action="store_true")
    choices: argparse.Namespace | None = parser.parse_args(arguments)
    assert choices is not None, "argparse answers"
    if hasattr(os, "nice"):
        with contextlib.suppress(OSError):
            os.nice(NICENESS)
    if choices.spare:
        choices = _wait_for_work()
        if choices is None:
            return 0
        _keep_words(store.run_folder(choices.project, choices.run))
    elif choices.project is None or choices.run is None:
        parser.error("PROJECT and RUN are needed")
    faulthandler.enable()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        carry_out(choices.project, choices.run, resume=choices.resume)
    except WorkbenchError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    status = main()
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    # The run is told and on the disk; what TensorFlow would do while Python ends can only go wrong.
    os._exit(status)
