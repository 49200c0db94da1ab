"""The one door for every edit: the open project, its history, and what is known about it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from ui.autosaving import Autosaver
from ui.checking import Checker
from ui.loading import DataLoader
from ui.takebacks import Takebacks
from ui.tasks import Task, Work
from ui.yielding import give_way
from workbench.core.errors import WorkbenchError
from workbench.core.history import History
from workbench.data.spec import DatasetInfo, DatasetSpec
from workbench.graph.model import Graph
from workbench.project import store
from workbench.project.model import Project
from workbench.project.outputs import with_graph

if TYPE_CHECKING:
    from workbench.data.dataset import Dataset
    from workbench.engine.check import CheckReport


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
    loading_changed = Signal()  # `loading` began or ended
    engine_changed = Signal()  # `engine_state` is new
    noticed = Signal(str, str, str)  # level ("info", "warning", "error"), words, hint
    takeback_offered = Signal(str, object)  # words of what was done outside the document, and what takes it back
    task_started = Signal(object)  # Task, for the status bar
    layer_wanted = Signal(str)  # the name of a layer to be shown on the Model page
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
        self._takebacks = Takebacks(self.state_changed.emit)
        self._tasks: list[Task] = []
        self._engine_task: Task | None = None
        self._checker = Checker(self)
        self._loader = DataLoader(self)
        self._autosaver = Autosaver(self)

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
        return self._takebacks.label or self._history.undo_label

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
        return self.do(label, lambda project: with_graph(project, edit(project.graph)), merge)

    def offer_takeback(self, label: str, words: str, deed: Callable[[], object]) -> None:
        """Let the next undo take back what was done outside the document, until something else is edited.

        Args:
            label: What was done, as the undo entry says it.
            words: What was done, as a notice.
            deed: Takes it back.
        """
        once = self._takebacks.add(label, deed)
        self.state_changed.emit()
        self.takeback_offered.emit(words, once)

    def undo(self) -> None:
        if self._takebacks.take_last():
            return
        step = self._history.undo()
        if step is not None:
            self._after_change(step.after)

    def redo(self) -> None:
        step = self._history.redo()
        if step is not None:
            self._after_change(step.before)

    def _after_change(self, before: Project) -> None:
        after = self.project
        self._takebacks.forget()
        if before.graph != after.graph or before.info != after.info or before.training != after.training:
            self._checker.ask()
        if before.dataset != after.dataset:
            self._loader.follow(after.dataset)
        self._autosaver.ask()
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
        self._checker.ask()
        self._loader.follow(project.dataset)

    def new_draft(self, project: Project | None = None) -> bool:
        """Begin a project among the drafts, empty unless one is given."""
        project = project or Project()
        try:
            folder = store.new_draft(project)
        except WorkbenchError as error:
            self.tell("error", error)
            return False
        self.start(project, folder, draft=True)
        return True

    def quickstart(self, name: str) -> bool:
        """Begin with a whole project that is shipped with the program."""
        from workbench.project.presets import preset

        return self.new_draft(preset(name).project)

    def open(self, folder: Path, *, recover: bool = False) -> bool:
        """Open the project in a folder; what is wrong with it is told as a notice.

        Args:
            folder: The project's folder, or its project.json.
            recover: Put what was autosaved and never saved on top, as one edit that can be undone.
        """
        folder = store.project_folder(folder).absolute()
        try:
            project = store.load(folder)
        except WorkbenchError as error:
            self.tell("error", error)
            return False
        rescued = store.recovered(folder) if recover else None
        self.start(project, folder, draft=store.is_draft(folder))
        if rescued is not None:
            self.do(self.tr("Restore unsaved work"), lambda _: rescued)
        return True

    def save(self) -> bool:
        """Write the project to its folder."""
        if self.folder is None:
            return False
        self._autosaver.stop()
        try:
            store.save(self.project, self.folder)
        except WorkbenchError as error:
            self._autosaver.ask()
            self.tell("error", error)
            return False
        self._history.mark_saved()
        self.state_changed.emit()
        return True

    def save_as(self, folder: Path) -> bool:
        """Write the project, its runs with it, to another folder and go on there."""
        if self.folder is None:
            return False
        self._autosaver.stop()
        try:
            project = store.save_as(self.project, self.folder, folder)
        except WorkbenchError as error:
            self._autosaver.ask()
            self.tell("error", error)
            return False
        if self.is_draft:
            store.discard_draft(self.folder)
        before = self.project
        self.folder, self.is_draft = folder, False
        self._history.amend(lambda document: document.model_copy(update={"name": project.name}))
        self._history.mark_saved()
        self.changed.emit(before, self.project)
        self.state_changed.emit()
        return True

    def shut(self) -> None:
        """Put the open project away without writing anything; no project is open then."""
        self._forget_work()
        self.folder, self.is_draft = None, False
        self._history = History(Project())
        self.report, self.dataset = None, None
        self.opened.emit()
        self.state_changed.emit()

    def forget_changes(self) -> None:
        """Give up what was not saved; for closing without saving."""
        self._autosaver.stop()
        if self.folder is not None:
            store.discard_autosave(self.folder)
        self._history.mark_saved()
        self.state_changed.emit()

    def autosave(self) -> None:
        """Keep the unsaved document where a crash cannot reach it, now."""
        self._autosaver.write()

    # Work in the background

    def run_task(
        self,
        title: str,
        work: Work,
        succeeded: Callable[[Any], None] | None = None,
        failed: Callable[[WorkbenchError], None] | None = None,
        *,
        visible: bool = True,
        can_cancel: bool = True,
    ) -> Task:
        """Do work on a thread; its answer comes on the GUI thread. Without `failed`, a failure becomes a notice."""
        task = Task(title, work, self, can_cancel=can_cancel)
        if succeeded is not None:
            task.succeeded.connect(succeeded)
        task.failed.connect(failed if failed is not None else self._tell_failure)
        self._tasks.append(task)
        task.ended.connect(lambda: self._drop(task))
        if visible:
            self.task_started.emit(task)
        return task.start()

    @property
    def busy(self) -> bool:
        """Whether any work is going on in the background."""
        return bool(self._tasks)

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
            # TensorFlow's own threads are started here and inherit it.
            give_way()
            from workbench.engine import runtime

            runtime.start()
            return runtime.device_in_use().title

        title = self.tr("Loading TensorFlow")
        self._engine_task = self.run_task(title, work, self._engine_ready, self._engine_failed, can_cancel=False)

    def _engine_ready(self, device: str) -> None:
        self.engine_state, self.device = "ready", device
        self.engine_changed.emit()
        self._checker.ask()

    def _engine_failed(self, error: WorkbenchError) -> None:
        self.engine_state, self.engine_error = "failed", error
        self.engine_changed.emit()
        self.tell("error", error)

    # Data

    @property
    def loading(self) -> Task | None:
        """The reading of data in progress."""
        return self._loader.task

    def pick(self, source: str | Path, target: str | int | None = None) -> None:
        """Take a built-in dataset, a folder or a file as the project's data; begins a project where none is open."""
        if self.is_open or self.new_draft():
            self._loader.pick(source, target)

    def set_spec(self, spec: DatasetSpec, label: str = "", merge: str | None = None) -> None:
        """Take data as specified: read them behind the window, then set them and fit the model's head, in one edit.

        Args:
            spec: What is picked, and every choice about it.
            label: What the edit is called; "Pick ..." when not told.
            merge: Edits of the same key, one after the other, are one step to undo.
        """
        if self.is_open or self.new_draft():
            self._loader.set_spec(spec, label, merge)

    def load_dataset(self) -> None:
        """Read the project's data again, after what was wrong with them was mended."""
        self.dataset = None
        self._loader.follow(self.project.dataset)

    def learn(self, spec: DatasetSpec, info: DatasetInfo) -> None:
        """Note what was found in the project's data; that is no edit, so it leaves no step to undo.

        A drawing that never met its data (a shipped one, say) takes its end from them.
        """
        from workbench.project.presets import with_data

        before = self.project

        def noted(document: Project) -> Project:
            if document.dataset != spec:
                return document
            if document.info is None:
                return with_data(document, spec, info)
            return document.model_copy(update={"info": info})

        if before.dataset == spec and before.info != info:
            self._history.amend(noted)
            self._checker.ask()
            self.changed.emit(before, self.project)
            self.state_changed.emit()

    def set_dataset(self, dataset: Dataset | None) -> None:
        """Take data that were read, or none."""
        if dataset is not self.dataset:
            self.dataset = dataset
            self.dataset_changed.emit()

    def adopt(self, dataset: Dataset, label: str, edit: Callable[[Project], Project], merge: str | None = None) -> None:
        """Take data that were read and make them the project's, in one edit."""
        before, self.dataset = self.dataset, dataset
        self.do(label, edit, merge)
        if self.project.dataset != dataset.spec:
            self.dataset = before
        else:
            self.dataset_changed.emit()

    def _forget_work(self) -> None:
        self._takebacks.forget()
        self._checker.forget()
        self._autosaver.stop()
        self._loader.cancel()
        for task in list(self._tasks):
            if task is not self._engine_task:
                task.cancel()

    def close(self) -> None:
        """End the background work; for closing the window."""
        self.autosave()
        self._forget_work()
        for task in list(self._tasks):
            task.cancel()
            task.wait()
            # What was asked for is not told any more: who would hear it may be gone.
            task.blockSignals(True)
