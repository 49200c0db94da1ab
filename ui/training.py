"""One training at a time: started, found again, stopped and finished from the window, told through the pump."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, Signal

from ui.executors import Job, job_at_work, job_for
from ui.pump import Pump
from ui.yielding import give_way
from workbench.core.errors import WorkbenchError
from workbench.core.events import Event, RunEnded
from workbench.project.model import Project, RunRecord, TrainPlan
from workbench.runs import again, queue, store

if TYPE_CHECKING:
    from ui.session import Session

log = logging.getLogger(__name__)

State = Literal["idle", "running", "stopping"]
JOIN_S = 60


class Training(QObject):
    """The run in progress and the runs that are kept.

    `state` is "idle" again only once the thread has ended, so a new run never meets the remains of an old one. A run in
    a process of its own goes on when the window lets go of it, and is found again when its project is opened.
    `run` and `folder` name the run in progress, or the last one started here.
    """

    begun = Signal(str)  # a run whose events now come from its beginning
    broken_off = Signal(str, str, str)  # a run that can be resumed, what happened, and what helps
    events = Signal(list)  # of Event, one list a tick
    state_changed = Signal()
    runs_changed = Signal()

    _thread_ended = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.state: State = "idle"
        self.run: str | None = None
        self.folder: Path | None = None
        self.finishing = False
        self._job: Job | None = None
        self._thread: threading.Thread | None = None
        self._pump = Pump(self)
        self._pump.events.connect(self._tell)
        self._thread_ended.connect(self._end)
        self._runs: list[RunRecord] | None = None
        self._runs_folder: Path | None = None
        session.opened.connect(self._project_opened)
        session.state_changed.connect(self._follow_folder)

    @property
    def is_busy(self) -> bool:
        """Whether a run is in progress."""
        return self.state != "idle"

    def start(self, project: Project | None = None) -> None:
        """Make a run and train it; what stands in the way is told as a notice.

        Args:
            project: What to train; the open project, which is saved first, when not told.
        """
        session = self.session
        if self.is_busy or session.folder is None or not (project is not None or session.save()):
            return
        folder = session.folder
        self._start_made(lambda: store.new_run(folder, project or session.project))

    def enqueue(self, project: Project | None = None) -> None:
        """Let a run wait until those before it have ended; one that nothing is before begins at once.

        Args:
            project: What to train; the open project, which is saved first, when not told.
        """
        session = self.session
        if session.folder is None or not (project is not None or session.save()):
            return
        try:
            queue.enqueue(session.folder, project or session.project)
        except WorkbenchError as error:
            session.tell("error", error)
            return
        self._forget_runs()
        self.start_next()

    def start_next(self) -> None:
        """Begin with the run that waits first, where none is at work."""
        folder = self.session.folder
        if self.is_busy or folder is None:
            return
        try:
            waiting = queue.queued(folder, self.runs())
            plan = queue.take(folder, waiting[0]) if waiting else None
        except WorkbenchError as error:
            self.session.tell("error", error)
            return
        if plan is not None:
            self._carry_out(folder, plan)

    def resume(self, run: str, epochs: int | None = None) -> None:
        """Go on with a run that has ended, from its newest checkpoint.

        Args:
            run: The run's name.
            epochs: How many epochs there are to be in all; as planned when not told.
        """
        folder = self.session.folder
        if folder is not None:
            made = lambda: store.load_plan(folder, again.resumable(folder, run).run)  # noqa: E731
            self._start_made(made, resume=True, epochs=epochs)

    def branch(self, run: str, epoch: int) -> None:
        """Train the open project, which is saved first, from what a run had learnt after an epoch."""
        session = self.session
        folder = session.folder
        if folder is not None and not self.is_busy and session.save():
            self._start_made(lambda: again.branch(folder, session.project, run, epoch))

    def redo(self, run: str) -> None:
        """Do a run again by its plan, with the changes made on its way."""
        folder = self.session.folder
        if folder is not None:
            self._start_made(lambda: again.redo(folder, run))

    def _start_made(self, make: Callable[[], TrainPlan], *, resume: bool = False, epochs: int | None = None) -> None:
        folder = self.session.folder
        if self.is_busy or folder is None:
            return
        try:
            plan = make()
        except WorkbenchError as error:
            self.session.tell("error", error)
            return
        self._carry_out(folder, plan, resume=resume, epochs=epochs)

    def _carry_out(self, folder: Path, plan: TrainPlan, *, resume: bool = False, epochs: int | None = None) -> None:
        dataset = self.session.dataset
        if dataset is not None and dataset.spec != plan.project.dataset:
            dataset = None
        self._begin(job_for(folder, plan, dataset, resume=resume, epochs=epochs))

    def _begin(self, job: Job) -> None:
        self._job, self.run, self.folder = job, job.run, job.folder
        self.finishing = False
        self._thread = threading.Thread(target=self._work, args=(job,), name="train", daemon=True)
        self.begun.emit(job.run)
        self._set_state("running")
        self._forget_runs()
        self._thread.start()

    def stop(self) -> None:
        """End after the batch in progress; the model is kept."""
        if self._job is not None and self._steered(self._job.control.stop):
            self._set_state("stopping")

    def finish(self) -> None:
        """End after the epoch in progress."""
        if self._job is not None and self.state == "running" and self._steered(self._job.control.finish):
            self.finishing = True
            self.state_changed.emit()

    @property
    def paused(self) -> bool:
        """Whether the run in progress is held, or about to be."""
        return self._job is not None and self._job.control.paused

    def pause(self) -> None:
        """Hold the run after the batch in progress."""
        if self._job is not None and self.state == "running" and self._steered(self._job.control.pause):
            self.state_changed.emit()

    def go_on(self) -> None:
        """Let a held run go on."""
        if self._job is not None and self._steered(self._job.control.resume):
            self.state_changed.emit()

    def set_learning_rate(self, value: float) -> None:
        """Train with another learning rate from the next batch on."""
        if self._job is not None:
            control = self._job.control
            self._steered(lambda: control.set_learning_rate(value))

    def set_epochs(self, value: int) -> None:
        """End after so many epochs in all."""
        if self._job is not None:
            control = self._job.control
            self._steered(lambda: control.set_epochs(value))

    def _steered(self, wish: Callable[[], None]) -> bool:
        try:
            wish()
        except WorkbenchError as error:  # the disk may refuse what a process was to read
            self.session.tell("error", error)
            return False
        return True

    @property
    def survives(self) -> bool:
        """Whether the run in progress goes on without this window."""
        return self._job is not None and self._job.leave is not None

    def runs(self) -> list[RunRecord]:
        """The project's runs, newest last."""
        folder = self.session.folder
        if folder is None:
            return []
        if self._runs is None:
            self._runs = store.list_runs(folder)
        return list(self._runs)

    def close(self, *, for_good: bool = False) -> None:
        """Let go of the run and wait for its thread; for closing the window.

        Args:
            for_good: End one in a process of its own too, as where its folder is to be deleted.
        """
        thread, job = self._thread, self._job
        if thread is None or job is None:
            return
        if job.leave is None or for_good:
            self._steered(job.control.stop)
        else:
            job.leave.set()
        thread.join(JOIN_S)
        if thread.is_alive():
            log.error("Run %s did not end within %d s", self.run, JOIN_S)
        else:
            self._settle()

    def _work(self, job: Job) -> None:
        give_way()
        told = False

        def emit(event: Event) -> None:
            nonlocal told
            told = told or isinstance(event, RunEnded)
            self._pump.put(event)

        try:
            job.work(emit)
        except Exception as error:
            log.exception("Run %s ended unexpectedly", job.run)
            if not told:
                emit(_broken(job, error))
        try:
            self._thread_ended.emit()
        except RuntimeError:
            log.debug("Run %s ended after its window", job.run)

    def _tell(self, events: list[Event]) -> None:
        ends = [event for event in events if isinstance(event, RunEnded)]
        if ends:
            self._runs = None
        self.events.emit(events)
        for event in ends:
            if event.resumable:
                self.broken_off.emit(event.run, event.message, event.hint)

    def _end(self) -> None:
        if self._thread is not None:
            self._settle()
            self._find()
            if self.folder == self.session.folder:
                self.start_next()

    def _settle(self) -> None:
        thread = self._thread
        if thread is None:
            return
        # The signal is the thread's last act, so this join is short.
        thread.join()
        self._thread = self._job = None
        self._pump.stop()
        self.finishing = False
        self._set_state("idle")
        self._forget_runs()

    def _set_state(self, state: State) -> None:
        self.state = state
        self.state_changed.emit()

    def look_again(self) -> None:
        """Read the runs anew, after some were deleted, restored or put in another order."""
        self._forget_runs()

    def _forget_runs(self) -> None:
        self._runs, self._runs_folder = None, self.session.folder
        self.runs_changed.emit()

    def _project_opened(self) -> None:
        if self.folder != self.session.folder and self._job is not None:
            if self._job.leave is not None:
                self._job.leave.set()
            else:
                self.stop()
        self._forget_runs()
        self._find()
        newest = self.runs()[-1:]
        if newest and newest[0].outcome == "interrupted" and not self.is_busy:
            self.broken_off.emit(newest[0].run, newest[0].message, newest[0].hint)

    def _find(self) -> None:
        """Go on showing a run of the open project that is at work in a process of its own."""
        folder = self.session.folder
        job = job_at_work(folder, self.runs()) if folder is not None and self._job is None else None
        if job is not None:
            self._begin(job)

    def _follow_folder(self) -> None:
        if self._runs_folder != self.session.folder:
            self._forget_runs()


def _broken(job: Job, error: Exception) -> RunEnded:
    """The last word of a run that could not even begin, kept in its record too."""
    if isinstance(error, WorkbenchError):
        words = error.rule + (f" Received: {error.received}." if error.received else "")
        hint = error.hint
    else:
        words = f"The training ended unexpectedly: {type(error).__name__}: {error}"
        hint = "The log file has the details."
    try:
        record = store.load_record(job.folder, job.run)
        told = {"outcome": "failed", "message": words, "hint": hint}
        store.write_record(job.folder, record.model_copy(update=told))
    except WorkbenchError:
        log.exception("The record of %s could not be written", job.run)
    return RunEnded(job.run, "failed", words, None, {}, 0.0, hint)
