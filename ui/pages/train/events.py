"""The events of the runs that are looked at: the live one's as they come, the others' read from their folders."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from ui.pages.train.progress import RunProgress
from ui.session import Session
from ui.training import Training
from workbench.core.events import Event
from workbench.runs import store


class RunEvents(QObject):
    """Keeps what is known of each run of the open project; reading is done off the GUI thread.

    `ready` tells that all runs last asked for are at hand; `came` carries the live run's new events.
    """

    ready = Signal()
    came = Signal(list)

    def __init__(self, session: Session, training: Training, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.training = training
        self._events: dict[str, list[Event]] = {}
        self._progress: dict[str, RunProgress] = {}
        self._wanted: tuple[str, ...] = ()
        self._request = 0
        self._folder: Path | None = None
        training.begun.connect(self._forget)
        training.events.connect(self._take)

    @property
    def wanted(self) -> tuple[str, ...]:
        """The runs last asked for."""
        return self._wanted

    def events(self, run: str) -> list[Event]:
        """What is known of a run, oldest first."""
        return self._events.get(run, [])

    def progress(self, run: str) -> RunProgress:
        """How far a run is, or was when it ended."""
        return self._progress.get(run, RunProgress())

    def want(self, runs: Sequence[str]) -> None:
        """Ask for runs; `ready` is told at once where all are at hand, else when they have been read."""
        self._follow_folder()
        self._wanted = tuple(runs)
        self._request += 1
        missing = [run for run in runs if run not in self._events and run != self._live]
        folder = self.session.folder
        if not missing or folder is None:
            self.ready.emit()
            return
        request = self._request

        def work(token: object, progress: object) -> dict[str, list[Event]]:
            return {run: store.load_events(folder, run) for run in missing}

        def answered(found: dict[str, list[Event]]) -> None:
            if folder != self.session.folder:
                return
            for run, events in found.items():
                self._keep(run, events)
            if request == self._request:
                self.ready.emit()

        self.session.run_task(self.tr("Reading runs"), work, answered, visible=False)

    def _follow_folder(self) -> None:
        """Drop what is known of another project's runs."""
        if self._folder != self.session.folder:
            self._folder = self.session.folder
            self._events, self._progress = {}, {}

    def _forget(self, run: str) -> None:
        """Drop what is known of a run whose events come anew."""
        self._events.pop(run, None)
        self._progress.pop(run, None)

    @property
    def _live(self) -> str | None:
        training = self.training
        return training.run if training.is_busy and training.folder == self.session.folder else None

    def _keep(self, run: str, events: list[Event]) -> None:
        self._events[run] = events
        progress = self._progress[run] = RunProgress()
        for event in events:
            progress.read(event)

    def _take(self, events: list[Event]) -> None:
        if self.training.folder != self.session.folder:
            return
        self._follow_folder()
        for event in events:
            self._events.setdefault(event.run, []).append(event)
            self._progress.setdefault(event.run, RunProgress()).read(event)
        self.came.emit(events)
