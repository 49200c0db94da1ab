"""What can be done with runs: named, starred, trained again, copied, shown in their folder, deleted and restored."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from ui.session import Session
from ui.training import Training
from workbench.core.errors import WorkbenchError
from workbench.core.events import Finding
from workbench.diagnosis.healing import healed
from workbench.project.model import Project
from workbench.runs import checkpoints, notes, store, trash


@dataclasses.dataclass(frozen=True)
class GoingOn:
    """How a run can go on.

    Args:
        outcome: What became of it.
        epochs: How many epochs are behind it.
        saved: Whether it has a state to go on from.
        kept: After which epochs its state is kept, to branch from.
    """

    outcome: str
    epochs: int
    saved: bool
    kept: tuple[int, ...] = ()

    @property
    def can_resume(self) -> bool:
        """Whether it ended before its time and has a state to go on from."""
        return self.outcome in ("stopped", "failed", "interrupted") and self.saved

    @property
    def can_extend(self) -> bool:
        """Whether it came to its end and has a state to go on from."""
        return self.outcome == "done" and self.saved


class RunDeeds(QObject):
    """Carries out what the table and the actions ask for; what goes wrong is told as a notice."""

    def __init__(self, session: Session, training: Training, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.training = training

    def note(self, run: str, what: str, value: object) -> None:
        """Change one of a run's notes: "title", "tags", "note" or "starred"."""
        folder = self.session.folder
        if folder is not None:
            self._do(lambda: notes.change_notes(folder, run, **{what: value}))  # type: ignore[arg-type]
            self.training.look_again()

    def toggle_star(self, runs: Sequence[str]) -> None:
        """Star these runs, or no longer where all of them are."""
        folder = self.session.folder
        if folder is not None:
            starred = not all(notes.load_notes(folder, run).starred for run in runs)
            for run in runs:
                self._do(functools.partial(notes.change_notes, folder, run, starred=starred))
            self.training.look_again()

    def delete(self, runs: Sequence[str]) -> None:
        """Move runs to the trash; undo brings them back."""
        folder = self.session.folder
        if folder is None:
            return
        gone = [run for run in runs if self._do(functools.partial(trash.delete_run, folder, run))]
        self.training.look_again()
        if not gone:
            return

        def restore() -> None:
            for run in gone:
                self._do(functools.partial(trash.restore_run, folder, run))
            self.training.look_again()

        named = ", ".join(gone)
        self.session.offer_takeback(
            self.tr("Delete {run}").format(run=named), self.tr("Deleted {run}.").format(run=named), restore
        )

    def train_again(self, run: str) -> None:
        """Do a run once more, with the changes made on its way; while another is at work its plan waits behind that."""
        folder = self.session.folder
        if folder is None:
            return
        if not self.training.is_busy:
            self.training.redo(run)
            return
        try:
            self.training.enqueue(store.load_plan(folder, run).project)
        except WorkbenchError as error:
            self.session.tell("error", error)

    def going_on(self, run: str) -> GoingOn:
        """How a run can go on: how it ended, how many epochs it has, and the states it can branch from."""
        folder = self.session.folder
        if folder is None:
            return GoingOn("", 0, saved=False)
        try:
            record = store.load_record(folder, run)
        except WorkbenchError:
            return GoingOn("", 0, saved=False)
        saved = checkpoints.any_kept(folder, run)
        return GoingOn(record.outcome, record.epochs, saved, tuple(checkpoints.epochs(folder, run)))

    def take_plan(self, run: str) -> None:
        """Make a run's settings the open project's, as an edit."""
        folder = self.session.folder
        if folder is None:
            return
        try:
            settings = store.load_plan(folder, run).project.training
        except WorkbenchError as error:
            self.session.tell("error", error)
            return
        label = self.tr("Take the plan of {run}").format(run=run)
        self.session.do(label, lambda project: project.model_copy(update={"training": settings}))

    def heal(self, finding: Finding) -> None:
        """Make the run's plan, with a finding's remedy, the open project's by one edit, and train it."""
        folder, remedy = self.session.folder, finding.remedy
        if folder is None or remedy is None:
            return
        try:
            planned = store.load_plan(folder, finding.run).project
        except WorkbenchError as error:
            self.session.tell("error", error)
            return

        def edit(project: Project) -> Project:
            return healed(planned.model_copy(update={"name": project.name}), remedy)

        if self.session.do(str(remedy.get("label", "")), edit):
            if self.training.is_busy:
                self.training.enqueue()
            else:
                self.training.start()

    def reveal(self, run: str) -> None:
        """Show a run's folder."""
        folder = self.session.folder
        if folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(store.run_folder(folder, run))))

    def _do(self, deed: Callable[[], object]) -> bool:
        try:
            deed()
        except WorkbenchError as error:
            self.session.tell("error", error)
            return False
        return True
