"""The one door for every edit: the open project, its history, and what is known about it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from ui.tasks import Task, Work
from workbench.core.errors import WorkbenchError
from workbench.core.history import History
from workbench.graph.model import Graph
from workbench.project import store
from workbench.project.model import Project

if TYPE_CHECKING:
    from workbench.data.dataset import Dataset
    from workbench.engine.check import CheckReport

CHECK_DELAY_MS = 150
AUTOSAVE_DELAY_MS = 1000


class Session(QObject):
    """The open project and everything the pages share.

    Every edit goes through `do`; pages listen to `changed` and redraw what differs. Background answers that are
    no longer about the present document are dropped.
    """

    changed = Signal(object, object)  # before, after: Project
    opened = Signal()  # another project is in place
    state_changed = Signal()  # dirty mark, undo labels, path
    report_changed = Signal()  # `report` is new
    dataset_changed = Signal()  # `dataset` is new
    dataset_failed = Signal(object)  # WorkbenchError
    engine_changed = Signal()  # `engine_state` is new
    noticed = Signal(str, str, str)  # level ("info", "warning", "error"), words, hint
    task_started = Signal(object)  # Task, for the status bar
    page_wanted = Signal(str)  # "start", "data", "model", "train", "evaluate", "deploy"

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder: Path | None = None
        self.is_draft = False
        self.report: CheckReport | None = None
        self.dataset: Dataset | None = None
        self.engine_state = "waiting"  # waiting, loading, ready, failed
        self.engine_error: WorkbenchError | None = None
        self.device = ""
        self._history: History[Project] = History(Project())
        self._tasks: list[Task] = []
        self._check_id = 0
        self._data_task: Task | None = None
        self._check_timer = self._single_shot(CHECK_DELAY_MS, self._check)
        self._autosave_timer = self._single_shot(AUTOSAVE_DELAY_MS, self.autosave)

    # The document

    @property
    def project(self) -> Project:
        return self._history.document

    @property
    def is_open(self) -> bool:
        return self.folder is not None

    @property
    def dirty(self) -> bool:
        return self._history.dirty

    @property
    def undo_label(self) -> str | None:
        return self._history.undo_label

    @property
    def redo_label(self) -> str | None:
        return self._history.redo_label

    def do(self, label: str, edit: Callable[[Project], Project], merge: str | None = None) -> bool:
        """Carry out an edit and record it; an edit that breaks a rule is told as a notice and changes nothing."""
        before = self.project
        try:
            after = edit(before)
        except WorkbenchError as error:
            self.tell("warning", error)
            return False
        if not self._history.push(label, after, merge):
            return False
        self._after_change(before)
        return True

    def edit_graph(self, label: str, edit: Callable[[Graph], Graph], merge: str | None = None) -> bool:
        """Carry out an edit of the drawing."""
        return self.do(label, lambda project: project.model_copy(update={"graph": edit(project.graph)}), merge)

    def undo(self) -> None:
        step = self._history.undo()
        if step is not None:
            self._after_change(step.after)

    def redo(self) -> None:
        step = self._history.redo()
        if step is not None:
            self._after_change(step.before)

    def _after_change(self, before: Project) -> None:
        after = self.project
        if before.graph != after.graph or before.info != after.info or before.training != after.training:
            self._check_timer.start()
        if before.dataset != after.dataset:
            self.load_dataset()
        self._autosave_timer.start()
        self.changed.emit(before, after)
        self.state_changed.emit()

    # Opening and saving

    def start(self, project: Project, folder: Path, *, draft: bool) -> None:
        """Take another project in place of the open one."""
        self._forget_work()
        self.folder, self.is_draft = folder, draft
        self._history = History(project)
        self.report, self.dataset = None, None
        self.opened.emit()
        self.state_changed.emit()
        self._check_timer.start()
        if project.dataset is not None:
            self.load_dataset()

    def open(self, folder: Path) -> bool:
        """Open the project in a folder; what is wrong with it is told as a notice."""
        try:
            project = store.load(folder)
        except WorkbenchError as error:
            self.tell("error", error)
            return False
        self.start(project, folder, draft=store.is_draft(folder))
        return True

    def save(self) -> bool:
        """Write the project to its folder."""
        if self.folder is None:
            return False
        try:
            store.save(self.project, self.folder)
        except WorkbenchError as error:
            self.tell("error", error)
            return False
        self._autosave_timer.stop()
        self._history.mark_saved()
        self.state_changed.emit()
        return True

    def save_as(self, folder: Path) -> bool:
        """Write the project, its runs with it, to another folder and go on there."""
        if self.folder is None:
            return False
        try:
            project = store.save_as(self.project, self.folder, folder)
        except WorkbenchError as error:
            self.tell("error", error)
            return False
        if self.is_draft:
            store.discard_draft(self.folder)
        before = self.project
        self.folder, self.is_draft = folder, False
        self._history.push("Save as", project)
        self._history.mark_saved()
        self.changed.emit(before, project)
        self.state_changed.emit()
        return True

    def autosave(self) -> None:
        """Keep the unsaved document where a crash cannot reach it."""
        if self.folder is None or not self.dirty:
            return
        try:
            store.autosave(self.project, self.folder)
        except WorkbenchError as error:
            self.tell("warning", error)

    # Work in the background

    def run_task(
        self,
        title: str,
        work: Work,
        succeeded: Callable[[Any], None] | None = None,
        failed: Callable[[WorkbenchError], None] | None = None,
        *,
        visible: bool = True,
    ) -> Task:
        """Do work on a thread; its answer comes on the GUI thread. Without `failed`, a failure becomes a notice."""
        task = Task(title, work, self)
        if succeeded is not None:
            task.succeeded.connect(succeeded)
        task.failed.connect(failed if failed is not None else self._tell_failure)
        self._tasks.append(task)
        task.ended.connect(lambda: self._drop(task))
        if visible:
            self.task_started.emit(task)
        return task.start()

    def _drop(self, task: Task) -> None:
        if task in self._tasks:
            self._tasks.remove(task)
        task.deleteLater()

    def _tell_failure(self, error: WorkbenchError) -> None:
        self.tell("error", error)

    def tell(self, level: str, error: WorkbenchError) -> None:
        """Show an error's words."""
        words = error.rule + (f" Received: {error.received}." if error.received else "")
        self.noticed.emit(level, words, error.hint)

    def load_engine(self) -> None:
        """Import TensorFlow behind the window."""
        if self.engine_state in ("loading", "ready"):
            return
        self.engine_state = "loading"
        self.engine_changed.emit()

        def work(token: object, progress: object) -> str:
            from workbench.engine import runtime

            runtime.start()
            return runtime.device_in_use().title

        self.run_task("Loading TensorFlow", work, self._engine_ready, self._engine_failed)

    def _engine_ready(self, device: str) -> None:
        self.engine_state, self.device = "ready", device
        self.engine_changed.emit()
        self._check_timer.start()

    def _engine_failed(self, error: WorkbenchError) -> None:
        self.engine_state, self.engine_error = "failed", error
        self.engine_changed.emit()
        self.tell("error", error)

    def load_dataset(self) -> None:
        """Read the picked data behind the window; a load that is no longer wanted is cancelled."""
        if self._data_task is not None:
            self._data_task.cancel()
            self._data_task = None
        spec = self.project.dataset
        if spec is None:
            self._set_dataset(None)
            return
        if self.dataset is not None and self.dataset.spec == spec:
            return

        def work(token: Any, progress: Any) -> Dataset:
            from workbench.data.dataset import open_dataset

            return open_dataset(spec, progress=progress, cancel=token)

        def loaded(dataset: Dataset) -> None:
            if self.project.dataset == spec:
                self._set_dataset(dataset)

        def failed(error: WorkbenchError) -> None:
            if self.project.dataset == spec:
                self._set_dataset(None)
                self.dataset_failed.emit(error)

        task = self._data_task = self.run_task("Reading the data", work, loaded, failed)
        task.ended.connect(lambda: self._data_task_ended(task))

    def _data_task_ended(self, task: Task) -> None:
        if self._data_task is task:
            self._data_task = None

    def _set_dataset(self, dataset: Dataset | None) -> None:
        self.dataset = dataset
        self.dataset_changed.emit()

    def _check(self) -> None:
        if self.engine_state != "ready" or not self.is_open:
            return
        self._check_id += 1
        current, project = self._check_id, self.project

        def work(token: object, progress: object) -> CheckReport:
            from workbench.engine.check import check

            return check(project)

        def answered(report: CheckReport) -> None:
            if current == self._check_id:
                self.report = report
                self.report_changed.emit()

        self.run_task("Checking the model", work, answered, visible=False)

    def _forget_work(self) -> None:
        self._check_id += 1
        self._check_timer.stop()
        self._autosave_timer.stop()
        for task in list(self._tasks):
            if task.title != "Loading TensorFlow":
                task.cancel()

    def close(self) -> None:
        """End the background work; for closing the window."""
        self.autosave()
        self._forget_work()
        for task in list(self._tasks):
            task.cancel()
            task.wait()

    def _single_shot(self, delay: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(delay)
        timer.timeout.connect(slot)
        return timer
