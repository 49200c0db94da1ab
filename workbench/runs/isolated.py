"""A run in a process of its own, as others see it: started, followed, steered, and told how it ended where it can't."""

from __future__ import annotations

import logging
import os
import subprocess
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from workbench.core import events, files
from workbench.core.control import RunControl
from workbench.core.errors import FileError, TrainingError, WorkbenchError
from workbench.project.model import RunRecord
from workbench.runs import launching, live, process, spare, store

PROGRAM = "workbench.engine.isolated"
LOG_FILE = "process.log"
LOOK_S = 0.02
"""How often a follower looks for events."""
LIFE_S = 0.25
"""How often it looks whether the process lives."""
GOODBYE_S = 10.0
"""How long a process may take to be gone after its last word."""
RESUME_HINT = "Resume it to go on from where it was last saved."

log = logging.getLogger(__name__)
_children: dict[int, subprocess.Popen[bytes]] = {}
"""Those that this program started and has not buried yet."""


class RemoteControl(RunControl):
    """Steers an isolated run as a thread's is steered: each wish is also written where the process reads it.

    Args:
        path: The run's folder.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    def stop(self) -> None:
        super().stop()
        try:
            self._send("stop")
        except FileError:
            # On a full disk the signal still arrives.
            owner = process.owner_of(self._path)
            if owner is None or not owner.alive:
                raise
            os.kill(owner.pid, 15)

    def finish(self) -> None:
        super().finish()
        self._send("finish")

    def pause(self) -> None:
        super().pause()
        self._send("pause")

    def resume(self) -> None:
        super().resume()
        self._send("resume")

    def set_learning_rate(self, value: float) -> None:
        self._send("learning_rate", value)

    def set_epochs(self, value: int) -> None:
        self._send("epochs", value)

    def _send(self, do: str, value: float | None = None) -> None:
        live.send(self._path / live.CONTROL_FILE, {"do": do} if value is None else {"do": do, "value": value})


def obey(command: dict[str, Any], control: RunControl) -> None:
    """Do what one line of `control.jsonl` says; what is not understood is passed over."""
    match command:
        case {"do": "stop"}:
            control.stop()
        case {"do": "finish"}:
            control.finish()
        case {"do": "pause"}:
            control.pause()
        case {"do": "resume"}:
            control.resume()
        case {"do": "learning_rate", "value": float() | int() as value}:
            control.set_learning_rate(float(value))
        case {"do": "epochs", "value": int() as value}:
            control.set_epochs(value)


def start(folder: Path, run: str, *, resume: bool = False) -> None:
    """Start the process of a run that `store.new_run` made, or that broke off; a spare one takes it where one is kept.

    Args:
        folder: The project's folder.
        run: The run's name.
        resume: Whether it goes on from its last checkpoint.

    Raises:
        TrainingError: It is carried out already, or the system started no process.
        FileError: Its folder could not be written to.
    """
    path = store.run_folder(folder, run)
    # Its process waits until this is over, and then finds itself named.
    with process.held(path):
        prepared(folder, run)
        child = spare.given(folder, run, resume=resume) or _fresh(folder, run, path, resume=resume)
        adopt(child)
        process.claim(path, "process", child.pid)


def _fresh(folder: Path, run: str, path: Path, *, resume: bool) -> subprocess.Popen[bytes]:
    words = [str(folder.absolute()), run, *(["--resume"] if resume else [])]
    with files.appending(path / LOG_FILE) as words_of_it:
        try:
            return subprocess.Popen(
                launching.command(PROGRAM, *words),
                stdin=subprocess.DEVNULL,
                stdout=words_of_it,
                stderr=subprocess.STDOUT,
                env=launching.environment(),
                **launching.detached(),
            )
        except OSError as error:
            raise TrainingError("The run's process could not be started.", str(error), "Train in a thread.") from error


def prepared(folder: Path, run: str) -> Path:
    """The folder of a run that is to be started, rid of what another attempt left.

    Raises:
        TrainingError: It is carried out already.
    """
    path = store.run_folder(folder, run)
    owner = process.owner_of(path)
    if owner is not None and owner.alive and owner.pid != os.getpid():
        raise TrainingError(
            "A run is carried out once at a time.", f"{run} is at work in process {owner.pid}", "Stop it first."
        )
    for name in (live.CONTROL_FILE, live.LIVE_FILE, LOG_FILE):
        (path / name).unlink(missing_ok=True)
    return path


def adopt(child: subprocess.Popen[bytes]) -> None:
    """Remember a process that was started here, so that it is buried when it ends."""
    _children[child.pid] = child


def bury() -> None:
    """Bury the processes started here that have ended."""
    for pid, child in list(_children.items()):
        if child.poll() is not None and child.returncode == 0:
            del _children[pid]


def at_work(folder: Path, records: Iterable[RunRecord] | None = None) -> list[str]:
    """The project's runs that live in processes of their own, oldest first.

    Args:
        folder: The project's folder.
        records: Its runs, where they are read already.
    """
    return [
        record.run
        for record in (store.list_runs(folder) if records is None else records)
        if (owner := process.owner_of(store.run_folder(folder, record.run))) is not None
        and owner.executor == "process"
        and owner.alive
    ]


def follow(folder: Path, run: str, emit: events.Emit, leave: threading.Event) -> events.RunEnded | None:
    """Tell an isolated run's events from its beginning, until it has ended or `leave` is set.

    A process that ended without a last word is given one: the run "failed", and its record says so.

    Args:
        folder: The project's folder.
        run: The run's name.
        emit: Told every event, on this thread.
        leave: Set by who no longer wants to follow; the run goes on.

    Returns:
        The last word; None where it was left.
    """
    path = store.run_folder(folder, run)
    tail = live.EventTail(path / live.LIVE_FILE, path / store.METRICS_FILE)
    look_again = 0.0
    try:
        while not leave.is_set():
            gone = False
            if time.monotonic() >= look_again:
                look_again = time.monotonic() + LIFE_S
                gone = _gone(path)
            # Looked for after that: all that a process wrote before it was gone is read.
            for event in tail.read():
                emit(event)
            if tail.ended is not None:
                _see_off(path, leave)
                return tail.ended
            if gone:
                ended = last_word(folder, run)
                emit(ended)
                return ended
            leave.wait(LOOK_S)
        return None
    finally:
        tail.close()
        bury()


def _gone(path: Path) -> bool:
    owner = process.owner_of(path)
    if owner is None:
        return True
    # One of ours is gone only when all its threads are, and its memory with them.
    child = _children.get(owner.pid)
    return child.poll() is not None if child is not None else not owner.alive


def _see_off(path: Path, leave: threading.Event) -> None:
    """Wait for the process to be gone after its last word, its memory with it."""
    deadline = time.monotonic() + GOODBYE_S
    while not _gone(path) and time.monotonic() < deadline and not leave.is_set():
        leave.wait(LOOK_S)


def last_word(folder: Path, run: str) -> events.RunEnded:
    """How a run ended whose process is gone; one that could not say so itself has failed, and its record says it."""
    record = store.load_record(folder, run)
    path = store.run_folder(folder, run)
    told = live.recorded(path / store.METRICS_FILE)
    if record.outcome not in ("running", "interrupted"):
        metrics = {name: float("nan") if value is None else value for name, value in record.metrics.items()}
        return events.RunEnded(
            run,
            _outcome(record.outcome),
            record.message,
            record.best_epoch,
            metrics,
            record.seconds,
            record.hint,
            record.resumable,
        )
    epochs = [event for event in told if isinstance(event, events.EpochEnded)]
    message, hint = crash_words(path)
    seconds = sum(event.seconds for event in epochs)
    last = epochs[-1].metrics if epochs else {}
    ended = events.RunEnded(run, "failed", message, None, last, seconds, hint, resumable=True)
    became = {"outcome": "failed", "message": message, "hint": hint, "resumable": True}
    record = record.model_copy(update={**became, "epochs": len(epochs), "seconds": seconds})
    try:
        store.write_record(folder, record)
        store.RunLog(folder, run).emit(ended)
    except WorkbenchError:
        log.warning("The end of run %s could not be written", run, exc_info=True)
    process.release(path)
    return ended


def _outcome(name: str) -> events.Outcome:
    return "done" if name == "done" else "stopped" if name == "stopped" else "failed"


def crash_words(path: Path) -> tuple[str, str]:
    """Why the process whose run's folder is `path` ended without a last word, and what to do."""
    owner = process.owner_of(path)
    child = _children.pop(owner.pid, None) if owner is not None else None
    status = child.poll() if child is not None else None
    words = _log_words(path / LOG_FILE)
    if status in (-9, 137):
        return (
            "The system ended the training's process, most likely for lack of memory (SIGKILL).",
            f"Try a smaller batch size, or close other programs. {RESUME_HINT}",
        )
    if "Segmentation fault" in words or status in (-11, 139):
        return "The training's process crashed (SIGSEGV).", RESUME_HINT
    told = f" It said: {words.splitlines()[-1].strip()}" if words else ""
    by = f" (status {status})" if status is not None else ""
    return f"The training's process ended without a last word{by}.{told}", f"{RESUME_HINT} Its words are in {LOG_FILE}."


def _log_words(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")[-4000:].strip()
    except OSError:
        return ""
