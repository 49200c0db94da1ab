"""The Evaluate page: what a run is worth on samples it never saw, and the samples behind every figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from ui.pages.base import Page
from ui.pages.data_states import FailedState, WorkingState
from ui.pages.evaluate_classes import ClassesView
from ui.pages.evaluate_head import EvaluateHead
from ui.pages.evaluate_predict import PredictPanel
from ui.pages.evaluate_regression import RegressionView
from ui.pages.evaluate_results import Result, Results
from ui.widgets import EmptyState, Line
from workbench.core.errors import WorkbenchError
from workbench.project.model import RunRecord
from workbench.runs import store

if TYPE_CHECKING:
    from ui.session import Session
    from ui.training import Training


class EvaluatePage(Page):
    """Evaluates the newest run as soon as the page is looked at; other runs and parts on demand."""

    name = "evaluate"
    title = "Evaluate"
    icon = "target"

    def __init__(self, session: Session, training: Training, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.training = training
        self.results = Results(session, self)
        self._newest: str | None = None
        self._showing = False
        self._shown: tuple[Result, int] | None = None
        self.head = EvaluateHead()
        self.head.wanted.connect(self._ask)
        self.head.target_chosen.connect(self._refresh)
        self.classes = ClassesView(session)
        self.regression = RegressionView()
        self.predict = PredictPanel(session)
        self.classes.chosen.connect(self.predict.show_position)
        self.regression.chosen.connect(self.predict.show_position)
        self.working = WorkingState()
        self.working.cancelled.connect(self.results.cancel)
        self.failed = FailedState()
        self.empty = EmptyState(
            "target",
            self.tr("No run to evaluate yet"),
            self.tr("Train the model first. What it achieved on samples it never saw is then shown here."),
            self.tr("Go to Train"),
            lambda: session.page_wanted.emit("train"),
        )
        self.views = QStackedWidget()
        for view in (self.classes, self.regression, self.working, self.failed):
            self.views.addWidget(view)
        work = QFrame()
        work.setProperty("kind", "panel")
        box = QVBoxLayout(work)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.head)
        box.addWidget(Line())
        box.addWidget(self.views, 1)
        self.whole = QStackedWidget()
        self.whole.addWidget(self.empty)
        self.whole.addWidget(work)
        self.set_panels(None, self.whole, self.predict)
        self.results.changed.connect(self._refresh)
        self.results.progressed.connect(self.working.show_progress)
        training.runs_changed.connect(self._runs_changed)
        session.opened.connect(self._project_opened)
        self._runs_changed()

    def shown(self) -> None:
        """Evaluate the newest run, if that has not been done."""
        self._showing = True
        self._runs_changed()

    def hidden(self) -> None:
        """Let runs come without evaluating them."""
        self._showing = False

    def _project_opened(self) -> None:
        self._newest = None
        self.head.run.clear()
        self.results.forget()
        self._runs_changed()

    def _usable(self) -> list[RunRecord]:
        """The runs that ended and left a model, oldest first."""
        folder = self.session.folder
        if folder is None:
            return []
        return [
            record
            for record in self.training.runs()
            if record.outcome != "running" and store.best_model(folder, record.run).exists()
        ]

    def _runs_changed(self) -> None:
        records = self._usable()
        self.head.show_runs(records)
        newest = records[-1].run if records else None
        if newest is not None and newest != self._newest and self._showing:
            self._newest = newest
            self.head.choose_run(newest)
        self.set_dot("ready" if records else "none")
        if records and self._showing:
            self._ask()
        else:
            self._refresh()

    def _ask(self) -> None:
        run = self.head.run.currentData()
        if run is not None:
            self.results.show(run, self.head.split.currentData())

    def _refresh(self) -> None:
        if not self.head.run.count():
            self._say_empty()
            return
        self.whole.setCurrentIndex(1)
        state, result = self.results.state, self.results.result
        self.predict.setVisible(True)
        if state == "ready" and result is not None:
            self._show(result)
            return
        self.head.show_result(None)
        self.predict.show_result(None)
        if state == "failed" and self.results.error is not None:
            self.failed.show_error(self.results.error, self.tr("Try again"), self.results.again)
            self.views.setCurrentWidget(self.failed)
        elif state == "cancelled":
            error = WorkbenchError(self.tr("The evaluation was cancelled."))
            self.failed.show_error(error, self.tr("Evaluate"), self.results.again)
            self.views.setCurrentWidget(self.failed)
        else:
            if state == "engine":
                self.working.begin(self.tr("TensorFlow is being loaded"), cancellable=False)
            else:
                self.working.begin(
                    self.tr("Evaluating {run}").format(run=self.head.run.currentData()), cancellable=True
                )
            self.views.setCurrentWidget(self.working)

    def _show(self, result: Result) -> None:
        """Show an evaluation: the figures of the target that is chosen."""
        whole = result.evaluation
        place = self.head.show_targets([whole.target, *(one.target for one in whole.further)])
        chosen = result.of(place)
        self.head.show_result(chosen)
        self.predict.show_result(chosen)
        view = self.classes if chosen.evaluation.classes else self.regression
        if self._shown is None or self._shown[0] is not result or self._shown[1] != place:
            self._shown = result, place
            view.show_result(chosen)
        self.views.setCurrentWidget(view)

    def _say_empty(self) -> None:
        busy = self.training.state != "idle"
        self.empty.set(
            self.tr("The first run is still in training") if busy else self.tr("No run to evaluate yet"),
            self.tr("Its result will be shown here when it ends.")
            if busy
            else self.tr("Train the model first. What it achieved on samples it never saw is then shown here."),
        )
        self.whole.setCurrentIndex(0)
        self.predict.setVisible(False)
