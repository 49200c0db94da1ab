"""The Train page: the plan at the right, the curves of the runs in the middle, how far it is above, the runs below."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from ui.actions import Action
from ui.moments import Seldom
from ui.pages.base import Page
from ui.pages.train.actions import train_actions
from ui.pages.train.bar import TrainBar
from ui.pages.train.curves import TrainCurves
from ui.pages.train.events import RunEvents
from ui.pages.train.message import RunMessage
from ui.pages.train.plan import PlanPanel
from ui.pages.train.queue import QueuePanel
from ui.pages.train.readiness import Blocker, first_blocker
from ui.pages.train.run_deeds import GoingOn, RunDeeds
from ui.pages.train.run_menu import run_menu
from ui.pages.train.runs_table import RunsTable
from ui.pages.train.status import RunStatus
from ui.pages.train.steering import Steering
from ui.pages.train.tabs import RunTabs
from ui.pages.train.trials import TrialsPanel
from ui.pages.train.trying import Kind, Trials
from ui.session import Session
from ui.theme import S1, S3, S4, S5
from ui.training import Training
from ui.widgets import EmptyState, column
from workbench.core.errors import WorkbenchError
from workbench.core.events import (
    Changed,
    Event,
    Finding,
    Notice,
    Paused,
    Predictions,
    RunEnded,
    RunStarted,
    Statistics,
)

CURVES_SHARE, RUNS_SHARE = 5, 2
LEAST_BELOW = 192
"""The height of the tables below the plots in the smallest window."""
STATUS_MS, ROW_MS = 700, 700
"""How often at most the figures above the plots and the run's row follow it: a little more often than the pump tells of
batches, so that all of the page is painted at once."""


class TrainPage(Page):
    """Starts and ends runs and shows them, the one at work live.

    What is shown follows the table's selection: the first selected run fills the figures above, all of them the plots.
    """

    name = "train"
    title = "Train"
    icon = "activity"

    def __init__(self, session: Session, training: Training) -> None:
        super().__init__(session)
        self.training = training
        self.data_error: WorkbenchError | None = None
        self._follow_status = Seldom(self._show_status, STATUS_MS, self)
        self._follow_row = Seldom(self._show_row, ROW_MS, self)
        self._goes_on: dict[str, GoingOn] = {}
        self.bar = TrainBar()
        self.status = RunStatus()
        self.message = RunMessage()
        self.curves = TrainCurves(session)
        self.deeds = RunDeeds(session, training, self)
        self.table = RunsTable(training)
        self.queue = QueuePanel(training, self.deeds)
        self.tabs = RunTabs(session, self.table, self.queue)
        self.findings, self.samples = self.tabs.findings, self.tabs.samples
        self.layers, self.compared = self.tabs.layers, self.tabs.compared
        self.plan = PlanPanel(session)
        self.run_events = RunEvents(session, training, self)
        self.steering = Steering(training, self.deeds, self)
        self.trials = Trials(session, self.why_not_try, self)
        self.trying = TrialsPanel(self.trials)
        self.empty = EmptyState("activity", self.tr("Nothing is trained yet"), "", " ", self._go_to_fix)
        self._lay_out()
        self._connect()
        self._runs_changed()

    def _lay_out(self) -> None:
        self.runs = runs = QSplitter(Qt.Orientation.Vertical)
        runs.setHandleWidth(1)
        runs.addWidget(self.curves)
        below = QWidget()
        room = column(self.tabs, spacing=0)
        room.setContentsMargins(S5, S1, S5, S3)
        below.setLayout(room)
        below.setMinimumHeight(LEAST_BELOW)
        runs.addWidget(below)
        runs.setStretchFactor(0, CURVES_SHARE)
        runs.setStretchFactor(1, RUNS_SHARE)
        runs.setChildrenCollapsible(False)
        self.middle = QStackedWidget()
        self.middle.addWidget(self.empty)
        self.middle.addWidget(runs)
        self.middle.addWidget(self.trying)
        self.about_run = QWidget()
        self.about_run.setLayout(column(self.status, self.message, spacing=S4))
        top = column(self.bar, self.about_run, spacing=S4)
        top.setContentsMargins(S5, S4, S5, S3)
        work = QWidget()
        body = column(top, spacing=0)
        body.addWidget(self.middle, 1)
        work.setLayout(body)
        self.set_panels(None, work, self.plan)

    def _connect(self) -> None:
        session, training = self.session, self.training
        for signal in (session.state_changed, session.report_changed, session.engine_changed):
            signal.connect(self.refresh)
        session.opened.connect(self._data_read)
        session.dataset_changed.connect(self._data_read)
        session.dataset_failed.connect(self._data_failed)
        training.state_changed.connect(self.refresh)
        training.runs_changed.connect(self._runs_changed)
        self.bar.train_wanted.connect(self.train)
        self.bar.stop_wanted.connect(training.stop)
        self.bar.finish_wanted.connect(training.finish)
        self.bar.page_wanted.connect(session.page_wanted)
        self.bar.queue_wanted.connect(self.enqueue)
        self.bar.pause_wanted.connect(self.toggle_pause)
        self.bar.change_wanted.connect(self.change)
        self.bar.go_on_wanted.connect(self.go_on)
        self.bar.try_wanted.connect(self.show_trials)
        self.trying.closed.connect(lambda: self.show_trials(False))
        self.trials.changed.connect(self.refresh)
        training.begun.connect(self._run_begun)
        self.curves.mark_chosen.connect(
            lambda mark, place: self.steering.mark_menu(mark, self.why_not_train()).popup(place)
        )
        self.findings.healed.connect(self.deeds.heal)
        self.findings.layer_wanted.connect(session.layer_wanted)
        self.layers.layer_wanted.connect(session.layer_wanted)
        self.tabs.currentChanged.connect(self._show_watched)
        self.tabs.grown.connect(lambda grown: self.curves.setVisible(not grown))
        self.table.selected.connect(self.run_events.want)
        self.table.starred.connect(self.deeds.toggle_star)
        self.table.delete_wanted.connect(self.deeds.delete)
        self.table.menu_wanted.connect(self._open_run_menu)
        # Later, since it makes the rows anew: the editor that the name was typed in must be closed by then.
        self.table.model.edited.connect(self.deeds.note, Qt.ConnectionType.QueuedConnection)
        self.run_events.ready.connect(self._show_wanted)
        self.run_events.came.connect(self._take)

    # What stands in the way, and which state the run is in

    @property
    def blocker(self) -> Blocker | None:
        """What keeps the project from being trained."""
        if self.trials.at_work:
            return Blocker(self.tr("A trial is at work: wait for it, or cancel it."), waiting=True)
        return first_blocker(self.session, self.data_error)

    def refresh(self) -> None:
        """Follow the session's and the run's state."""
        training, blocker = self.training, self.blocker
        has_runs, trying = self.table.model.rowCount() > 0, self.bar.try_first.isChecked()
        if training.is_busy:
            stopping = training.state == "stopping"
            self.bar.show_running(
                training.run or "",
                finishing=training.finishing,
                stopping=stopping,
                paused=training.paused,
                blocked=self.why_not_plan(),
                told=training.run is not None and self.run_events.progress(training.run).started is not None,
            )
        else:
            self.bar.show_idle(blocker, told=not (has_runs or trying), going_on=self._going_on())
        self.findings.set_reason(blocker.words if blocker and self.trials.at_work else None)
        self.plan.set_running(training.run if training.is_busy else None)
        self.middle.setCurrentWidget(self.trying if trying else self.runs if has_runs else self.empty)
        self.about_run.setVisible(has_runs and (training.is_busy or not trying))
        self.trying.refresh()
        if not has_runs:
            self._show_empty(blocker)
        self._follow_status.now()
        self._mark()

    def _going_on(self) -> str:
        """What the button says that goes on with the selected run, or nothing."""
        chosen = self.table.chosen()
        if len(chosen) != 1:
            return ""
        if chosen[0] not in self._goes_on:  # each edit asks again, and the answer is on the disk
            self._goes_on[chosen[0]] = self.deeds.going_on(chosen[0])
        state = self._goes_on[chosen[0]]
        if not (state.can_resume or state.can_extend):
            return ""
        words = self.tr("Resume {run}") if state.can_resume else self.tr("Extend {run}…")
        return words.format(run=self.table.model.title_of(chosen[0]))

    def train(self) -> None:
        """Train the plan, unless what stands in one of its fields is none of it."""
        if self.plan.is_whole():
            self.training.start()

    def enqueue(self) -> None:
        """Let the plan be trained after the run at work, unless what stands in one of its fields is none of it."""
        if self.plan.is_whole():
            self.training.enqueue()

    def go_on(self, place: QPoint | None = None) -> None:
        """Go on with the selected run: at once where it ended before its time, else ask for how long."""
        run = self.table.chosen()[0]
        if self.deeds.going_on(run).can_resume:
            self.training.resume(run)
        else:
            self.steering.ask_extend(run, place or self._under_the_bar())

    def change(self, place: QPoint | None = None) -> None:
        """Ask for another learning rate, or other epochs, of the run at work."""
        if self.training.run is not None:
            self.steering.ask_change(self.run_events.progress(self.training.run), place or self._under_the_bar())

    def toggle_pause(self) -> None:
        """Hold the run at work, or let it go on."""
        if self.training.paused:
            self.training.go_on()
        else:
            self.training.pause()

    def _under_the_bar(self) -> QPoint:
        return self.bar.mapToGlobal(QPoint(self.bar.width() // 2, self.bar.height()))

    def _mark(self) -> None:
        newest = self.table.model.records[0] if self.table.model.records else None
        if self.training.is_busy:
            self.set_dot("running")
        elif newest is None:
            self.set_dot("none")
        else:
            self.set_dot("attention" if newest.outcome == "failed" else "ready")

    def _show_empty(self, blocker: Blocker | None) -> None:
        if blocker is None:
            words = self.tr(
                "Press Train: loss and metrics are drawn here while the network learns. "
                "Not sure about the plan? Press Try first."
            )
            self.empty.set(self.tr("Ready to train"), words)
        else:
            self.empty.set(self.tr("Nothing is trained yet"), blocker.words)
        button = self.empty.button
        if button is not None:
            button.setText(blocker.button if blocker else "")
            button.setVisible(bool(blocker and blocker.page))

    def _go_to_fix(self) -> None:
        blocker = self.blocker
        if blocker is not None and blocker.page:
            self.session.page_wanted.emit(blocker.page)

    def _data_read(self) -> None:
        self.data_error = None
        self.refresh()

    def _data_failed(self, error: WorkbenchError) -> None:
        self.data_error = error
        self.refresh()

    # Runs

    def _runs_changed(self) -> None:
        training = self.training
        self._goes_on = {}
        here = training.folder == self.session.folder
        live = training.run if training.is_busy and here else None
        self.table.refresh(live)
        self.tabs.show_queue()
        self._follow_row.now()
        self.refresh()

    def _show_wanted(self) -> None:
        runs = self.run_events.wanted
        names = {run: self.table.model.title_of(run) for run in runs}
        self.curves.show_runs({run: self.run_events.events(run) for run in runs}, names)
        self.bar.say(self.message.tell(self._first_events()))
        self.tabs.show_findings(self._first_events())
        self._show_watched()
        self.refresh()

    def _show_row(self) -> None:
        live = self.table.model.live
        if live is not None and self.isVisible():
            self.table.model.follow(self.run_events.progress(live), paused=self.training.paused)

    def _take(self, events: list[Event]) -> None:
        turned = any(isinstance(event, RunStarted | Paused) for event in events)
        if turned:
            self._follow_row.now()
        else:
            self._follow_row.soon()
        if not any(event.run in self.run_events.wanted for event in events):
            return
        self.curves.add_events(events)
        if any(isinstance(event, RunEnded | Notice) for event in events):
            self.bar.say(self.message.tell(self._first_events()))
        if turned:
            self.refresh()
        if any(isinstance(event, Predictions | Statistics) for event in events):
            self._show_watched()
        if any(isinstance(event, RunEnded | Finding) for event in events):
            self.tabs.show_findings(self._first_events())
        if self.isVisible():
            self.curves.flush(now=any(isinstance(event, RunEnded) for event in events))
            if turned or any(isinstance(event, Changed | RunEnded) for event in events):
                self._follow_status.now()
            else:
                self._follow_status.soon()

    def shown(self) -> None:
        """Draw what came while another page was looked at."""
        super().shown()
        self.curves.flush(now=True)
        self._show_watched()
        self._follow_row.now()
        self._follow_status.now()

    def _show_status(self) -> None:
        runs = self.run_events.wanted
        if not runs:
            self.status.clear()
            return
        training = self.training
        live = training.is_busy and training.run == runs[0]
        self.status.show_progress(
            self.run_events.progress(runs[0]),
            live=live,
            finishing=live and training.finishing,
            stopping=live and training.state == "stopping",
        )

    def _show_watched(self) -> None:
        """Fill the tab that is looked at; the others wait until they are, as all do while another page is shown."""
        if not self.isVisible():
            return
        self.tabs.show_front(self._first_events())

    def _first_events(self) -> list[Event]:
        runs = self.run_events.wanted
        return self.run_events.events(runs[0]) if runs else []

    def compare(self) -> None:
        """Show what differs between the two selected runs."""
        self.show_trials(False)
        self.tabs.setCurrentWidget(self.compared)

    def actions_here(self) -> list[Action]:
        """What can be done on this page, by menu, palette and keyboard."""
        return train_actions(self)

    def why_not_train(self) -> str | None:
        """Why no run can begin now, or None."""
        if self.training.is_busy:
            return self.tr("A run is at work.")
        return self.why_not_plan()

    def why_not_plan(self) -> str | None:
        """Why the project's plan cannot be carried out, or None."""
        blocker = self.blocker
        return blocker.words if blocker else None

    def why_not_try(self) -> str | None:
        """Why no trial can be made now, or None; that one is at work is told by the trials."""
        if self.training.is_busy:
            return self.tr("A run is at work.")
        blocker = first_blocker(self.session, self.data_error)
        return blocker.words if blocker else None

    def show_trials(self, shown: bool = True) -> None:
        """Show the trials, or what they stand in front of."""
        self.bar.try_first.setChecked(shown)
        self.refresh()

    def _run_begun(self) -> None:
        self.trials.cancel()
        self.show_trials(False)

    def try_first(self, kind: Kind) -> None:
        """Make a trial, and look at it."""
        self.show_trials()
        self.trying.start(kind)

    def _open_run_menu(self, runs: list[str], place: QPoint) -> None:
        run_menu(self.table, self.deeds, runs, self.why_not_plan(), self.go_on, self.compare).popup(place)
