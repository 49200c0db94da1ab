"""Try before training: three short trials to choose from, the one at work, and what each of them found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from ui.pages.train.trial_checks import ChecksView
from ui.pages.train.trial_choice import TrialChoice
from ui.pages.train.trial_found import BatchView, RateView
from ui.pages.train.trying import Kind, Trials, Tried
from ui.theme import S3, S5
from ui.widgets import Caption, Heading, IconButton, Note, ProgressRow, Text, column, row


class TrialsPanel(QWidget):
    """Shows the trials and starts them; `closed` asks for what was shown before."""

    closed = Signal()

    def __init__(self, trials: Trials, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.trials = trials
        self.chosen: Kind = "preflight"
        self._told: dict[Kind, Tried] = {}
        self.close_button = IconButton("x", self.tr("Back to the runs"), size=16)
        self.close_button.clicked.connect(self.closed)
        self.choices: dict[Kind, TrialChoice] = {
            "preflight": TrialChoice(
                self.tr("Pre-flight check"), self.tr("Looks for what would spoil the run: in data, network and plan.")
            ),
            "rate": TrialChoice(
                self.tr("Find a learning rate"),
                self.tr("Tries rates from tiny to huge, and sees where the loss falls."),
            ),
            "batch": TrialChoice(
                self.tr("Find a batch size"), self.tr("Times each size, and tells what it needs of the memory.")
            ),
        }
        cards = QHBoxLayout()
        cards.setSpacing(S3)
        for kind, choice in self.choices.items():
            choice.setObjectName(f"try_{kind}")
            choice.clicked.connect(lambda kind=kind: self.choose(kind))
            choice.start.connect(lambda kind=kind: self.start(kind))
            choice.stop.connect(trials.cancel)
            cards.addWidget(choice, 1)
        self._progress_room = column()
        self.progress: ProgressRow | None = None
        self.stale = Note("", "warning")
        self.stale.hide()
        self.nothing = Text("", "muted")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.failed = Note("", "danger")
        self.checks, self.rates, self.batches = ChecksView(), RateView(), BatchView()
        self.answers = QStackedWidget()
        room = QWidget()
        room.setLayout(column(self.nothing, self.failed, None))
        for view in (room, self.checks, self.rates, self.batches):
            self.answers.addWidget(view)
        self._views: dict[Kind, ChecksView | RateView | BatchView] = {
            "preflight": self.checks,
            "rate": self.rates,
            "batch": self.batches,
        }
        for answer in self._views.values():
            answer.wanted.connect(self._take)
        title = Heading(self.tr("Try before training"))
        caption = Caption(self.tr("On a network that is thrown away: runs and plan stay as they are."))
        for words in (title, caption):
            words.setWordWrap(False)
        head = row(title, caption, None, self.close_button, spacing=S3)
        layout = column(head, cards, self._progress_room, self.stale, spacing=S3)
        layout.addWidget(self.answers, 1)
        layout.setContentsMargins(S5, 0, S5, S5)
        self.setLayout(layout)
        trials.changed.connect(self.refresh)
        self.refresh()

    def start(self, kind: Kind) -> None:
        """Make a trial, and look at it."""
        self.choose(kind)
        self.trials.start(kind)

    def _take(self, remedy: Mapping[str, Any]) -> None:
        self.trials.take(remedy)
        # Its own button is disabled now, and the keyboard would pass to anywhere.
        self.choices[self.chosen].button.setFocus()

    def choose(self, kind: Kind) -> None:
        """Look at a trial's answer."""
        self.chosen = kind
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        """Follow the trials."""
        trials, reason = self.trials, self.trials.why_not()
        for kind, choice in self.choices.items():
            working = trials.at_work and trials.kind == kind
            choice.show_state(working=working, tried=kind in trials.tried, reason=reason)
            choice.set_selected(kind == self.chosen)
            choice.show_answer(*self._answer(kind))
        self._follow_work()
        self._show()

    def _follow_work(self) -> None:
        """Show how far the one at work is."""
        task = self.trials.task
        if self.progress is not None and task is None:
            self.progress.hide()
            self._progress_room.removeWidget(self.progress)
            self.progress.deleteLater()
            self.progress = None
        elif self.progress is None and task is not None:
            self.progress = ProgressRow(task.title, can_cancel=False)  # by the button that has started it
            self.progress.setObjectName("trial_progress")
            self._progress_room.addWidget(self.progress)
            self.progress.follow(task)

    def _answer(self, kind: Kind) -> tuple[str, str]:
        """What a trial found, in a word, and the look of its badge."""
        tried = self.trials.tried.get(kind)
        if tried is None:
            return "", "neutral"
        if tried.error is not None:
            return self.tr("failed"), "danger"
        if kind == "preflight":
            return self._counted([item.state for item in tried.found.items])
        suggested = tried.found.suggested
        return (f"{suggested:g}", "good") if suggested is not None else (self.tr("none found"), "warning")

    def _counted(self, states: list[str]) -> tuple[str, str]:
        for state, words, kind in (
            ("failed", self.tr("{count} failed"), "danger"),
            ("warned", self.tr("{count} to look at"), "warning"),
        ):
            if state in states:
                return words.format(count=states.count(state)), kind
        return self.tr("all fine"), "good"

    def _show(self) -> None:
        kind, tried = self.chosen, self.trials.tried.get(self.chosen)
        if tried is None or tried.error is not None:
            self._show_none(tried)
            return
        view = self._views[kind]
        if self._told.get(kind) is not tried:
            self._told[kind] = tried
            view.tell(tried.found)  # each takes what its own trial finds
        self.answers.setCurrentWidget(view)
        self._follow()

    def _show_none(self, tried: Tried | None) -> None:
        error = tried.error if tried is not None else None
        self.failed.setVisible(error is not None)
        if error is not None:
            received = self.tr("Received: {what}.").format(what=error.received) if error.received else ""
            self.failed.set(" ".join(part for part in (error.rule, received, error.hint) if part))
        working = self.trials.at_work and self.trials.kind == self.chosen
        self.nothing.setVisible(error is None and not working)
        self.nothing.setText(self.trials.why_not() or self.tr("Not tried yet. It takes a few seconds."))
        self.stale.hide()
        self.answers.setCurrentIndex(0)

    def _follow(self) -> None:
        """Say whether the answer that is shown is still about the open project, and what of it can be taken."""
        kind = self.chosen
        tried = self.trials.tried.get(kind)
        if tried is None or tried.error is not None or not self.isVisible():
            return
        self.stale.setVisible(self.trials.is_stale(kind))
        self.stale.set(self.tr("The plan, the network or the data changed since. Try again to know."))

        def reason(remedy: Mapping[str, Any]) -> str | None:
            return self.trials.why_not_take(kind, remedy)

        self._views[kind].set_reasons(reason)
