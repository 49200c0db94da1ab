"""The Data page: pick a source, see the real samples, and decide what is predicted and how they are parted."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QFrame, QMenu, QStackedWidget, QVBoxLayout, QWidget

from ui.actions import Action
from ui.moments import later
from ui.pages.base import Page
from ui.pages.data_found import FoundPanel
from ui.pages.data_preview import Preview
from ui.pages.data_sources import SourcesPanel
from ui.pages.data_states import FailedState, WorkingState
from ui.pages.evaluate_words import error_words
from ui.theme import S3, S4
from ui.widgets import EmptyState, LinkButton, Note, QuietButton
from workbench.core.errors import WorkbenchError
from workbench.data.catalogue import find_dataset
from workbench.data.spec import DatasetSpec
from workbench.project.model import Project

if TYPE_CHECKING:
    from ui.session import Session
    from ui.tasks import Task
    from workbench.data.dataset import Dataset


SLOW_MS = 400


class DataPage(Page):
    """Sources at the left, real samples in the middle, what was found and the choices at the right."""

    name = "data"
    title = "Data"
    icon = "database"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._task: Task | None = None
        self._picking: str | None = None
        self._shown: Dataset | None = None
        self._error: WorkbenchError | None = None
        self._again: Callable[[], None] | None = None
        self._asked = False
        self._slow = later(self._refresh, SLOW_MS, self)
        self.sources = SourcesPanel()
        self.sources.picked.connect(self.pick)
        self.sources.cancelled.connect(self.cancel)
        self.menu = self._menu()
        self.preview = Preview(session)
        self.found = FoundPanel()
        self.found.spec_wanted.connect(self._want_spec)
        self.found.class_chosen.connect(self.preview.filter_class)
        self.preview.class_chosen.connect(self.found.balance.choose)
        self.working = WorkingState()
        self.working.cancelled.connect(self.cancel)
        self.failed = FailedState()
        self.empty = EmptyState(
            "database",
            self.tr("What should the network learn from?"),
            self.tr(
                "Pick a dataset at the left, or drop a folder of pictures, a CSV, an .npz or a .zip on this window."
            ),
            self.tr("Pick data"),
            self.offer,
        )
        if self.empty.button is not None:
            self.empty.button.setObjectName("pick_data_button")
        self.other = QuietButton(self.tr("Pick other data"))
        self.other.clicked.connect(self.offer)
        self.failed.add_button(self.other)
        self.note = Note("", "danger")
        self.note.setObjectName("data_note")
        dismiss = LinkButton(self.tr("Dismiss"))
        dismiss.clicked.connect(self._dismiss)
        self.note.add_button(dismiss)
        loaded = QWidget()
        box = QVBoxLayout(loaded)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        self._note_room = QFrame()
        self._note_room.setProperty("kind", "panel")
        room = QVBoxLayout(self._note_room)
        room.setContentsMargins(S4, S3, S4, S3)
        room.addWidget(self.note)
        box.addWidget(self._note_room)
        box.addWidget(self.preview, 1)
        self._loaded = loaded
        self.views = QStackedWidget()
        for view in (self.empty, self.working, self.failed, loaded):
            self.views.addWidget(view)
        self.set_panels(self.sources, self.views, self.found)
        session.loading_changed.connect(self._loading_changed)
        session.dataset_changed.connect(self._refresh)
        session.dataset_failed.connect(self._failed)
        session.changed.connect(self._document_changed)
        session.opened.connect(self._project_opened)
        self._loading_changed()

    # Picking

    def pick(self, source: str) -> None:
        """Take a built-in dataset, a folder or a file."""
        self._picking = source
        self._again = lambda: self.pick(source)
        self._ask(lambda: self.session.pick(source))

    def cancel(self) -> None:
        """Give up what is being read."""
        if self.session.loading is not None:
            self.session.loading.cancel()

    def offer(self) -> None:
        """Offer every way to pick data, under the button that asked."""
        button = self.sender()
        place = button.mapToGlobal(button.rect().bottomLeft()) if isinstance(button, QWidget) else QCursor.pos()
        self.menu.popup(place)

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setObjectName("pick_menu")
        menu.addAction(self.tr("A folder of pictures…"), self.sources.ask_folder)
        menu.addAction(self.tr("A file: CSV, .npz or .zip…"), self.sources.ask_file)
        menu.addSeparator()
        for name, row in self.sources.rows.items():
            menu.addAction(row.entry.title, partial(self.pick, name))
        return menu

    def _want_spec(self, spec: DatasetSpec, label: str, merge: str | None) -> None:
        self._picking = None
        self._again = lambda: self._want_spec(spec, label, merge)
        # The next choice, made before these data are read, builds upon this one.
        self.found.expect(spec)
        self._ask(lambda: self.session.set_spec(spec, label, merge))

    def _ask(self, load: Callable[[], None]) -> None:
        """Begin a load that this page wants; what the session tells meanwhile is not somebody else's load."""
        self._error = None
        self._asked = True
        load()
        self._asked = False

    # Following the session

    def _document_changed(self, before: Project, after: Project) -> None:
        self._refresh()

    def _project_opened(self) -> None:
        self._error, self._shown = None, None
        if not self._asked:
            self._picking, self._again = None, None
        self.preview.clear()
        self._loading_changed()

    def _loading_changed(self) -> None:
        task = self.session.loading
        if task is not self._task:
            self._task = task
            if task is not None:
                self._error = None
                if not self._asked:
                    self._picking, self._again = None, None
                self._slow.start()
                task.progressed.connect(lambda fraction, words: self._progress(task, fraction, words))
                self.working.begin(task.title)
                self.preview.show_busy(True)
                if self._picking is not None:
                    self.sources.show_progress(self._picking)
        if task is None and not self._asked:
            self._picking = None
            self._slow.stop()
            self.sources.show_progress(None)
            self.preview.show_busy(False)
        self._refresh()

    def _progress(self, task: Task, fraction: float | None, words: str) -> None:
        if task is self._task:
            self.working.show_progress(fraction, words)
            if self._picking is not None:
                self.sources.show_progress(self._picking, fraction, words)

    def _failed(self, error: WorkbenchError) -> None:
        self._error = error
        self._refresh()

    def _dismiss(self) -> None:
        self._error = None
        self._refresh()

    def _known(self) -> Dataset | None:
        """The data to show: those in use, or while they are read anew the last ones of the same source."""
        session, spec = self.session, self.session.project.dataset
        if session.dataset is not None:
            return session.dataset
        if spec is not None and self._shown is not None and session.loading is not None:
            return self._shown if self._shown.spec.location == spec.location else None
        return None

    def _refresh(self) -> None:
        session, project = self.session, self.session.project
        dataset = self._known()
        self._mark_source(project.dataset)
        self.found.setVisible(dataset is not None)
        fetching = self._picking is not None and self._is_download(self._picking)
        elsewhere = self._picking is not None and not fetching
        self._note_room.setVisible(dataset is not None and self._error is not None)
        slow = session.loading is not None and not self._slow.isActive()
        if dataset is None or (elsewhere and slow):
            self._show_state()
        else:
            if dataset is not self._shown:
                self._shown = dataset
                self.preview.show_dataset(dataset)
            if session.loading is None and project.info is not None and project.dataset is not None:
                self.found.show_found(project.info, project.dataset)
            if self._error is not None:
                self.note.set(error_words(self._error))
            self.views.setCurrentWidget(self._loaded)
        self._set_dot(dataset)

    def _show_state(self) -> None:
        if self.session.loading is not None:
            self.views.setCurrentWidget(self.working)
        elif self._error is not None:
            again = self._again or (self.session.load_dataset if self.session.project.dataset is not None else None)
            self.other.setVisible(again is not None)
            if again is not None:
                self.failed.show_error(self._error, self.tr("Try again"), again)
            else:
                self.failed.show_error(self._error, self.tr("Pick other data"), self.offer)
            self.views.setCurrentWidget(self.failed)
        else:
            self.views.setCurrentWidget(self.empty)

    def _set_dot(self, dataset: Dataset | None) -> None:
        if self.session.loading is not None:
            self.set_dot("running")
        elif self._error is not None or (
            dataset is not None and any(problem.severity == "error" for problem in dataset.info.problems)
        ):
            self.set_dot("attention")
        else:
            self.set_dot("none" if dataset is None else "ready")

    def _mark_source(self, spec: DatasetSpec | None) -> None:
        named = spec is not None and spec.source in ("builtin", "download")
        self.sources.mark(spec.location if named and spec is not None else None)
        own = spec is not None and not named
        self.sources.show_own(Path(spec.location) if own and spec is not None else None)

    def _is_download(self, source: str) -> bool:
        entry = find_dataset(source)
        return entry is not None and entry.download

    def actions_here(self) -> list[Action]:
        """What the command palette and the menu offer."""
        return [
            Action(
                "data.folder",
                self.tr("Pick a folder of pictures…"),
                self.sources.ask_folder,
                "data",
                icon="folder-open",
            ),
            Action("data.file", self.tr("Pick a file of data…"), self.sources.ask_file, "data", icon="file"),
            *(
                Action(
                    f"data.pick.{name}",
                    self.tr("Pick data: {title}").format(title=row.entry.title),
                    partial(self.pick, name),
                    "data",
                    icon="database",
                    words=row.entry.description,
                    group=1,
                )
                for name, row in self.sources.rows.items()
            ),
        ]
