"""Real runs in processes of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from workbench.core import events
from workbench.core.errors import TrainingError
from workbench.project import presets
from workbench.runs import isolated, live, process, store

LONG = {"epochs": 100_000, "early_stopping": {"enabled": False}}


class Runs:
    """Starts runs, and ends those that a test leaves."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.leave = threading.Event()
        self._made: list[str] = []

    def make(self, **settings: Any) -> str:
        project = presets.preset("digits-mlp").project
        training = project.training.model_validate({**project.training.model_dump(), **settings})
        run = store.new_run(self.folder, project.model_copy(update={"training": training})).run
        self._made.append(run)
        return run

    def start(self, **settings: Any) -> str:
        run = self.make(**settings)
        isolated.start(self.folder, run)
        return run

    def path(self, run: str) -> Path:
        return store.run_folder(self.folder, run)

    def pid(self, run: str) -> int:
        owner = process.owner_of(self.path(run))
        assert owner is not None
        return owner.pid

    def follow(self, run: str, at: Callable[[events.Event], None] = lambda event: None) -> list[events.Event]:
        told: list[events.Event] = []

        def emit(event: events.Event) -> None:
            told.append(event)
            at(event)

        isolated.follow(self.folder, run, emit, self.leave)
        return told

    def close(self) -> None:
        for run in self._made:
            owner = process.owner_of(self.path(run))
            if owner is not None and owner.alive and owner.pid != os.getpid():
                os.kill(owner.pid, signal.SIGKILL)
        for child in isolated._children.values():
            child.wait(10)
        isolated.bury()
        isolated._children.clear()


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Runs]:
    made = Runs(tmp_path)
    yield made
    made.close()


def figures(told: list[events.Event]) -> list[dict[str, float]]:
    return [dict(event.metrics) for event in told if isinstance(event, events.EpochEnded)]


def test_that_thread_and_process_give_the_same_curve_bit_for_bit(runs: Runs) -> None:
    from workbench.core.control import RunControl
    from workbench.engine.trainer import train

    run = runs.start(epochs=3)
    told = runs.follow(run)
    here: list[events.Event] = []
    other = runs.make(epochs=3)
    train(runs.folder, store.load_plan(runs.folder, other), here.append, RunControl())
    assert len(figures(told)) == 3
    assert figures(told) == figures(here)
    kinds = [[event.event for event in side if event.event not in ("batch", "notice")] for side in (told, here)]
    assert kinds[0] == kinds[1]
    assert store.load_record(runs.folder, run).outcome == "done"
    left = {path.name for path in runs.path(run).iterdir()}
    assert not left & {live.LIVE_FILE, live.CONTROL_FILE}
    assert not isolated._children, "the process is gone"


def test_that_a_stop_is_obeyed_at_once_and_a_run_is_not_started_twice(runs: Runs) -> None:
    run = runs.start(**LONG)
    asked: list[float] = []
    control = isolated.RemoteControl(runs.path(run))

    def at(event: events.Event) -> None:
        if isinstance(event, events.EpochEnded) and not asked:
            with pytest.raises(TrainingError, match="at work"):
                isolated.start(runs.folder, run)
            asked.append(time.time())
            control.stop()

    told = runs.follow(run, at)
    ended = told[-1]
    assert isinstance(ended, events.RunEnded)
    assert ended.outcome == "stopped"
    assert (runs.path(run) / store.RECORD_FILE).stat().st_mtime - asked[0] < 1.0
    assert isolated.at_work(runs.folder) == []


def test_that_a_killed_process_is_told_within_a_second_as_failed(runs: Runs) -> None:
    run = runs.start(**LONG)
    killed: list[float] = []

    def at(event: events.Event) -> None:
        if isinstance(event, events.EpochEnded) and not killed:
            assert isolated.at_work(runs.folder) == [run]
            os.kill(runs.pid(run), signal.SIGKILL)
            killed.append(time.monotonic())

    told = runs.follow(run, at)
    assert time.monotonic() - killed[0] < 1.0
    ended = told[-1]
    assert isinstance(ended, events.RunEnded)
    assert (ended.outcome, "SIGKILL" in ended.message) == ("failed", True)
    assert "Resume" in ended.hint
    record = store.load_record(runs.folder, run)
    assert (record.outcome, record.message) == ("failed", ended.message)
    assert record.epochs >= 1
    assert record.device


def test_that_a_run_outlives_its_starter_and_can_be_joined_from_its_beginning(runs: Runs) -> None:
    run = runs.make(**LONG)
    process.release(runs.path(run))
    program = f"""
import os, sys
from pathlib import Path
from workbench.runs import isolated
isolated.start(Path({str(runs.folder)!r}), {run!r})
os._exit(0)
"""
    with (runs.folder / "secret").open("w") as file:
        os.set_inheritable(file.fileno(), True)
        subprocess.run([sys.executable, "-c", program], check=True, timeout=60, close_fds=False)
        pid = runs.pid(run)
        assert os.getsid(pid) == pid
        if sys.platform == "linux":
            opened = {os.path.realpath(path) for path in Path(f"/proc/{pid}/fd").iterdir()}
            assert str(runs.folder / "secret") not in opened

    def at(event: events.Event) -> None:
        if isinstance(event, events.EpochEnded) and event.epoch == 3:
            runs.leave.set()

    assert isinstance(runs.follow(run, at)[0], events.Notice | events.RunStarted)
    runs.leave.clear()
    isolated.RemoteControl(runs.path(run)).stop()
    told = runs.follow(run)
    assert isinstance(told[-1], events.RunEnded)
    epochs = [event.epoch for event in told if isinstance(event, events.EpochEnded)]
    assert epochs[:3] == [1, 2, 3], "from its beginning"
    assert len(set(epochs)) == len(epochs), "each once"


def test_that_a_crash_is_told_in_words(runs: Runs) -> None:
    run = runs.make()
    path = runs.path(run)
    child = subprocess.Popen([sys.executable, "-c", "import sys; sys.exit(3)"])
    isolated.adopt(child)
    (path / process.PROCESS_FILE).write_text(json.dumps({"pid": child.pid, "started": 1, "executor": "process"}))
    (path / isolated.LOG_FILE).write_text("Traceback\nImportError: no such thing\n")
    child.wait(20)
    ended = isolated.last_word(runs.folder, run)
    assert "(status 3)" in ended.message
    assert ended.resumable
    assert store.load_record(runs.folder, run).resumable
    assert isolated.last_word(runs.folder, run) == ended, "as its record says from then on"
    assert "ImportError: no such thing" in ended.message
    (path / isolated.LOG_FILE).write_text("Fatal Python error: Segmentation fault\n\nThread 0x1\n")
    assert "SIGSEGV" in isolated.crash_words(path)[0]
