"""The trials before a training: carried out one at a time behind the window, and what each of them found."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, Literal

from PySide6.QtCore import QObject, Signal

from ui.session import Session
from ui.tasks import Task, Work
from ui.yielding import give_way
from workbench.core.cancel import CancelToken
from workbench.core.errors import WorkbenchError
from workbench.data.dataset import Dataset
from workbench.data.work import Progress
from workbench.diagnosis.healing import healed
from workbench.graph.diff import compare
from workbench.project.model import Project

Kind = Literal["preflight", "rate", "batch"]
KINDS: tuple[Kind, ...] = ("preflight", "rate", "batch")
UNTOUCHED: Mapping[Kind, frozenset[str]] = {
    "preflight": frozenset(),
    "rate": frozenset({"learning_rate", "schedule", "epochs"}),
    "batch": frozenset({"batch_size", "learning_rate", "schedule", "epochs"}),
}
"""The settings that a trial's answer does not hang on."""


@dataclasses.dataclass(frozen=True)
class Tried:
    """How a trial ended.

    Args:
        project: What was tried.
        found: The engine's answer; None where it failed.
        error: Why it failed.
    """

    project: Project
    found: Any = None
    error: WorkbenchError | None = None


class Trials(QObject):
    """Carries out trials of the open project.

    Args:
        session: The open project.
        blocked: Why none can be made now, or None.
    """

    changed = Signal()  # a trial began or ended, or what was found is of another project

    def __init__(self, session: Session, blocked: Callable[[], str | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.task: Task | None = None
        self.kind: Kind = "preflight"
        self.tried: dict[Kind, Tried] = {}
        self._blocked = blocked
        session.opened.connect(self._forget)

    @property
    def at_work(self) -> bool:
        """Whether one is being made; until its thread has ended."""
        return self.task is not None

    def why_not(self) -> str | None:
        """Why none can be made now, or None."""
        if self.at_work:
            return self.tr("A trial is at work.")
        return self._blocked()

    def start(self, kind: Kind) -> None:
        """Make one, where that can be done now."""
        session, dataset = self.session, self.session.dataset
        if self.why_not() is not None or dataset is None:
            return
        project = session.project

        def done(found: Any = None, error: WorkbenchError | None = None) -> None:
            if self.task is not None and not self.task.token.stop_requested:
                self.tried[kind] = Tried(project, found, error)

        titles = {
            "preflight": self.tr("Pre-flight check"),
            "rate": self.tr("Finding a learning rate"),
            "batch": self.tr("Finding a batch size"),
        }
        self.kind = kind
        self.tried.pop(kind, None)
        self.task = session.run_task(titles[kind], _work(kind, project, dataset), done, lambda error: done(None, error))
        self.task.ended.connect(self._ended)
        self.changed.emit()

    def cancel(self) -> None:
        """End the one at work."""
        if self.task is not None:
            self.task.cancel()

    def is_stale(self, kind: Kind) -> bool:
        """Whether what was found is about something else than what is open now."""
        before, now = self.tried[kind].project, self.session.project
        if before is now:
            return False
        old, new = (project.training.model_dump(exclude=set(UNTOUCHED[kind])) for project in (before, now))
        return old != new or before.dataset != now.dataset or bool(compare(before.graph, now.graph))

    def why_not_take(self, kind: Kind, remedy: Mapping[str, Any]) -> str | None:
        """Why a remedy cannot be taken into the plan, or None."""
        if remedy.get("repairs") and self.is_stale(kind):
            return self.tr("The plan changed since: check again.")
        project = self.session.project
        try:
            same = healed(project, remedy) == project
        except WorkbenchError as error:
            return error.rule
        return self.tr("The plan has it already.") if same else None

    def take(self, remedy: Mapping[str, Any]) -> None:
        """Take a remedy into the plan, by one edit."""
        self.session.do(str(remedy["label"]), lambda project: healed(project, remedy))

    def _ended(self) -> None:
        self.task = None
        self.changed.emit()

    def _forget(self) -> None:
        self.cancel()
        self.tried = {}
        self.changed.emit()


def _work(kind: Kind, project: Project, dataset: Dataset) -> Work:
    def work(token: CancelToken, progress: Progress) -> Any:
        # TensorFlow's own threads that it starts from here inherit it.
        give_way()
        if kind == "preflight":
            from workbench.engine.trying.preflight import preflight

            return preflight(project, dataset, token, progress)
        if kind == "rate":
            from workbench.engine.trying.rates import find_rate

            return find_rate(project, dataset, token, progress)
        from workbench.engine.trying.batches import find_batch

        return find_batch(project, dataset, token, progress)

    return work
