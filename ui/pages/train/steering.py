"""The ways to steer a run: its rate and epochs while it works, more epochs when it has ended, a branch from a state."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from ui.pages.train.progress import RunProgress
from ui.pages.train.run_deeds import RunDeeds
from ui.plots.marks import Mark
from ui.theme import icon
from ui.training import Training
from ui.widgets.number_popup import Asked, NumberPopup

MOST_EPOCHS = 100_000
MOST_RATE = 100.0
SMALLEST_RATE = 1e-12
FURTHER = 10
"""How many epochs more are offered to a run that has ended."""


class Steering(QObject):
    """Opens what asks, and hands the answers to the training."""

    def __init__(self, training: Training, deeds: RunDeeds, window: QWidget) -> None:
        super().__init__(window)
        self.training = training
        self.deeds = deeds
        self._window = window

    def ask_change(self, progress: RunProgress, place: QPoint) -> NumberPopup:
        """Ask for another learning rate and another number of epochs of the run at work."""
        asked = []
        if progress.learning_rate is not None:
            rate = Asked("rate", self.tr("Learning rate"), progress.learning_rate, SMALLEST_RATE, MOST_RATE)
            asked.append(rate)
        least = max(1, progress.epoch)
        asked.append(Asked("epochs", self.tr("Epochs in all"), progress.epochs, least, MOST_EPOCHS, whole=True))
        note = self.tr("Takes effect with the next batch. The curves show where.")
        popup = NumberPopup(self.tr("Change the run"), asked, self.tr("Change"), self._change, note, self._window)
        popup.open_at(place)
        return popup

    def _change(self, answers: Mapping[str, float]) -> None:
        if "rate" in answers:
            self.training.set_learning_rate(answers["rate"])
        if "epochs" in answers:
            self.training.set_epochs(int(answers["epochs"]))

    def ask_extend(self, run: str, place: QPoint) -> NumberPopup:
        """Ask how many epochs a run that has ended is to go on for."""
        behind = self.deeds.going_on(run).epochs
        asked = [Asked("total", self.tr("Epochs in all"), behind + FURTHER, behind + 1, MOST_EPOCHS, whole=True)]
        note = self.tr("{run} has {count} epochs and goes on from its last state.").format(run=run, count=behind)

        def extend(answers: Mapping[str, float]) -> None:
            self.training.resume(run, int(answers["total"]))

        popup = NumberPopup(self.tr("Extend the run"), asked, self.tr("Extend"), extend, note, self._window)
        popup.open_at(place)
        return popup

    def mark_menu(self, mark: Mark, blocked: str | None) -> QMenu:
        """What can be done at a mark on the curves.

        Args:
            mark: The mark.
            blocked: Why nothing can be trained now, or None.
        """
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        menu.addAction(mark.words).setEnabled(False)
        menu.addSeparator()
        kept = mark.epoch in self.deeds.going_on(mark.run).kept
        gone = None if kept else self.tr("The state after this epoch is not kept: see Checkpoints in the plan.")
        words = self.tr("Branch a new run from epoch {epoch}").format(epoch=mark.epoch)
        branch = menu.addAction(icon("git-branch", size=16), words)
        branch.setEnabled(not (gone or blocked))
        branch.setToolTip(gone or blocked or "")
        branch.triggered.connect(lambda: self.training.branch(mark.run, mark.epoch))
        return menu
