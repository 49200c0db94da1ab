"""Data behind the window: a pick is read first and set second, and the picked data follow the document."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from workbench.core.errors import WorkbenchError
from workbench.data.spec import DatasetSpec
from workbench.project.model import Project

if TYPE_CHECKING:
    from ui.session import Session
    from ui.tasks import Task, Work
    from workbench.data.dataset import Dataset


class DataLoader(QObject):
    """Reads data for a session, one thing at a time; a load that is no longer wanted is cancelled."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self.task: Task | None = None

    def pick(self, source: str | Path, target: str | int | None = None) -> None:
        """Find out what a source is, read it, and make it the project's data by one command."""

        def work(token: Any, progress: Any) -> Dataset:
            from workbench.data.dataset import detect, open_dataset

            return open_dataset(detect(source, target), progress=progress, cancel=token)

        self._load(self._title(str(source)), work, self._picked, self._failed)

    def set_spec(self, spec: DatasetSpec, label: str = "", merge: str | None = None) -> None:
        """Read data as specified, and make them the project's by one command."""

        def picked(dataset: Dataset) -> None:
            self._picked(dataset, label, merge)

        self._load(self._title(spec.location), _reading(spec), picked, self._failed)

    def follow(self, spec: DatasetSpec | None) -> None:
        """Have in memory what the document names; called whenever that changes (undo, opening)."""
        session = self._session
        if spec is None:
            self.cancel()
            session.set_dataset(None)
        elif session.dataset is None or session.dataset.spec != spec:
            session.set_dataset(None)
            self._load(self._title(spec.location), _reading(spec), self._followed, self._failed)

    def cancel(self) -> None:
        """Give up what is being read."""
        if self.task is not None:
            self.task.cancel()
            self.task = None
            self._session.loading_changed.emit()

    def _title(self, location: str) -> str:
        return self.tr("Reading {name}").format(name=Path(location).name or location)

    def _load(self, title: str, work: Work, succeeded: Any, failed: Any) -> None:
        self.cancel()
        session = self._session
        task = session.run_task(
            title,
            work,
            lambda dataset: succeeded(dataset) if self.task is task else None,
            lambda error: failed(error) if self.task is task else None,
        )
        self.task = task
        task.ended.connect(lambda: self._ended(task))
        session.loading_changed.emit()

    def _ended(self, task: Task) -> None:
        if self.task is task:
            self.task = None
            self._session.loading_changed.emit()

    def _picked(self, dataset: Dataset, label: str = "", merge: str | None = None) -> None:
        from workbench.project.presets import with_data
        from workbench.project.suggest import suggested_project

        def edit(project: Project) -> Project:
            if len(project.graph.nodes) <= 2:
                return suggested_project(project, dataset.spec, dataset.info)
            return with_data(project, dataset.spec, dataset.info)

        label = label or self.tr("Pick {name}").format(name=dataset.info.title)
        self._session.adopt(dataset, label, edit, merge)

    def _followed(self, dataset: Dataset) -> None:
        session = self._session
        if session.project.dataset == dataset.spec:
            session.learn(dataset.spec, dataset.info)
            session.set_dataset(dataset)

    def _failed(self, error: WorkbenchError) -> None:
        self._session.dataset_failed.emit(error)


def _reading(spec: DatasetSpec) -> Work:
    def work(token: Any, progress: Any) -> Dataset:
        from workbench.data.dataset import open_dataset

        return open_dataset(spec, progress=progress, cancel=token)

    return work
