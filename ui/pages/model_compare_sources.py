"""What the drawing can be compared with: an architecture, the drawing of a run, another project, a Keras model."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QWidget

from ui.dialogs import paths
from ui.dialogs.import_model import choose_model
from ui.pages.model_presets import suited
from ui.session import Session
from workbench.core.cancel import CancelToken
from workbench.core.errors import WorkbenchError
from workbench.data.work import Progress
from workbench.graph.model import Graph
from workbench.importing import Imported, import_model
from workbench.project import store
from workbench.project.model import RunRecord
from workbench.project.presets import Preset, with_architecture
from workbench.runs.store import list_runs, load_plan


@dataclasses.dataclass(frozen=True)
class Other:
    """A drawing to compare with.

    Args:
        title: What it is, for people.
        graph: Its layers and links.
    """

    title: str
    graph: Graph


class Sources(QObject):
    """Reads what is chosen and tells it; what cannot be read is a notice."""

    chosen = Signal(object)  # Other

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._parent = session, parent

    def fill(self, menu: QMenu) -> None:
        """Offer everything that there is at this moment."""
        menu.clear()
        drawn = menu.addMenu(self.tr("An architecture"))
        for preset in suited(self._session):
            drawn.addAction(preset.title, partial(self.take_preset, preset))
        drawn.setEnabled(bool(drawn.actions()))
        records = self.runs()
        runs = menu.addMenu(self.tr("The drawing of a run") if records else self.tr("The drawing of a run (none yet)"))
        for record in reversed(records):
            runs.addAction(record.run, partial(self.take_run, record.run))
        runs.setEnabled(bool(records))
        menu.addSeparator()
        menu.addAction(self.tr("Another project…"), self._choose_project)
        menu.addAction(self.tr("A Keras model…"), self._choose_model)

    def runs(self) -> list[RunRecord]:
        """The open project's runs, oldest first."""
        folder = self._session.folder
        return list_runs(folder) if folder is not None else []

    def take_preset(self, preset: Preset) -> None:
        """Compare with an architecture as it would be on the project's own data."""
        self._take(preset.title, lambda: with_architecture(self._session.project, preset).graph)

    def take_run(self, run: str) -> None:
        """Compare with what a run trained."""
        folder = self._session.folder
        if folder is not None:
            self._take(run, lambda: load_plan(folder, run).project.graph)

    def take_project(self, folder: Path) -> None:
        """Compare with another project's drawing."""
        folder = store.project_folder(folder)
        self._take(folder.name, lambda: store.load(folder).graph)

    def take_model(self, path: Path) -> None:
        """Compare with a Keras model, looked at in the background."""

        def work(token: CancelToken, progress: Progress) -> Imported:
            with tempfile.TemporaryDirectory(prefix="workbench-compare-") as scratch:
                return import_model(path, weights=False, into=Path(scratch), progress=progress, cancel=token)

        def answered(found: Imported) -> None:
            self.chosen.emit(Other(path.name, found.graph))

        self._session.run_task(self.tr("Reading %1").replace("%1", path.name), work, answered)

    def _take(self, title: str, read: Callable[[], Graph]) -> None:
        try:
            graph = read()
        except WorkbenchError as error:
            self._session.tell("error", error)
        else:
            self.chosen.emit(Other(title, graph))

    def _choose_project(self) -> None:
        folder = paths.choose_project(self._parent.window())
        if folder is not None:
            self.take_project(folder)

    def _choose_model(self) -> None:
        path = choose_model(self._parent.window())
        if path is not None:
            self.take_model(path)
