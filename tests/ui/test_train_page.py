"""The Train page with real trainings, by its buttons."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from ui.pages.train.metrics import settled_metrics
from ui.pages.train.page import TrainPage
from ui.pages.train.runs import BEST, EPOCHS, OUTCOME
from ui.session import Session
from ui.training import Training
from workbench.core.events import Changed, EpochEnded, Event, Paused, RunEnded
from workbench.graph import edits
from workbench.project import presets
from workbench.project import store as projects
from workbench.project.model import Project
from workbench.project.training import EarlyStopping
from workbench.runs import store

PATIENCE_MS = 120_000


class Stage:
    """A session, its training and the page over them, on a project in a folder."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot = qtbot
        self.folder = folder
        self.session = Session()
        self.training = Training(self.session)
        self.page = TrainPage(self.session, self.training)
        self.told: list[Event] = []
        self.training.events.connect(self.told.extend)
        qtbot.addWidget(self.page)
        self.page.resize(1200, 760)
        self.page.show()
        qtbot.waitExposed(self.page)

    def open(self, preset: str = "digits-mlp", **training: Any) -> None:
        """Open a project made of a preset."""
        project = presets.preset(preset).project
        settings = project.training.model_copy(update={"epochs": 2, **training})
        projects.create(project.model_copy(update={"training": settings}), self.folder)
        assert self.session.open(self.folder)

    def be_ready(self) -> None:
        """Wait until the Train button can be pressed."""
        self.session.load_engine()
        self.qtbot.waitUntil(self.page.bar.train.isEnabled, timeout=PATIENCE_MS)

    def train(self) -> None:
        """Press Train and wait for the end."""
        self.start()
        self.wait()

    def press(self, button: QPushButton) -> None:
        """Click a button of the bar as soon as it hears."""
        self.qtbot.waitUntil(button.isEnabled, timeout=PATIENCE_MS)
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def start(self) -> None:
        self.press(self.page.bar.train)
        assert self.training.state == "running"

    def wait(self) -> None:
        self.qtbot.waitUntil(lambda: not self.training.is_busy, timeout=PATIENCE_MS)

    def wait_for_epoch(self) -> None:
        self.qtbot.waitUntil(lambda: any(isinstance(event, EpochEnded) for event in self.told), timeout=PATIENCE_MS)

    @property
    def ends(self) -> list[RunEnded]:
        return [event for event in self.told if isinstance(event, RunEnded)]

    def close(self) -> None:
        self.training.close()
        self.session.close()


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(qtbot, tmp_path / "project")
    yield stage
    stage.close()


def test_that_each_thing_that_is_missing_is_said_and_leads_to_its_page(stage: Stage, qtbot: QtBot) -> None:
    page, session = stage.page, stage.session
    wanted: list[str] = []
    session.page_wanted.connect(wanted.append)

    def missing() -> str:
        assert not page.bar.train.isEnabled()
        assert page.bar.train.toolTip() == page.empty.text.text()
        return page.bar.train.toolTip()

    assert missing() == "No project is open."
    session.start(Project(), stage.folder, draft=True)
    assert missing() == "No data are picked yet."
    assert page.empty.button is not None
    qtbot.mouseClick(page.empty.button, Qt.MouseButton.LeftButton)
    assert wanted == ["data"]
    session.start(presets.preset("digits-mlp").project, stage.folder, draft=True)
    assert "TensorFlow is loading" in missing()
    stage.be_ready()
    assert page.empty.title.text() == "Ready to train"
    head = session.project.graph.of_layer("Dense")[-1]
    session.edit_graph("Spoil the head", lambda graph: edits.set_params(graph, head.id, {"units": 7}))
    qtbot.waitUntil(lambda: not page.bar.train.isEnabled(), timeout=PATIENCE_MS)
    assert "10" in missing()
    qtbot.mouseClick(page.empty.button, Qt.MouseButton.LeftButton)
    assert wanted == ["data", "model"]


def test_that_pressing_train_trains_and_shows_the_run(stage: Stage, qtbot: QtBot) -> None:
    stage.open()
    stage.be_ready()
    stage.page.bar.train.setFocus()
    stage.start()
    assert stage.page.bar.hasFocus(), "not the plan, where the next key would be an edit"
    qtbot.waitUntil(stage.page.bar.pause.hasFocus)
    stage.wait()
    qtbot.waitUntil(stage.page.bar.train.hasFocus)
    assert [end.outcome for end in stage.ends] == ["done"], "exactly one last word"
    run = stage.ends[0].run
    assert store.best_model(stage.folder, run).exists()
    page = stage.page
    assert page.table.selection() == [run]
    assert page.curves.chosen == ["loss", "accuracy"]
    for figure in page.curves.chosen:
        plot = page.curves.plot(figure)
        for role in ("training", "validation"):
            assert len(plot.curves[run, role].series.epochs) == 2
        assert len(plot.curves[run, "training"].series.batches) > 0
    widths = [page.curves.plot(figure).width() for figure in page.curves.chosen]
    assert abs(widths[0] - widths[1]) <= 1, "side by side, and equally wide"
    assert page.status.epoch.value == "2 / 2"
    assert page.bar.train.isVisible()
    assert page.bar.train.isEnabled()
    assert page.dot == "ready"
    assert page.message.isHidden()
    assert page.bar.reason.text() == "Trained 2 epochs."


def test_that_nothing_is_trained_while_a_field_holds_what_the_plan_does_not_take(stage: Stage, qtbot: QtBot) -> None:
    stage.open()
    stage.be_ready()
    told: list[str] = []
    stage.session.noticed.connect(lambda level, words, hint: told.append(words))
    field = stage.page.plan.findChild(QLineEdit, "field_learning_rate")
    assert field is not None
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "1000")
    qtbot.mouseClick(stage.page.bar.train, Qt.MouseButton.LeftButton)
    assert not stage.training.is_busy
    assert told == ["Learning rate must be a number above 0 and at most 100."]
    assert field.hasFocus()


def test_that_stop_ends_the_run_and_keeps_its_model(stage: Stage, qtbot: QtBot) -> None:
    stage.open(epochs=10_000)
    stage.be_ready()
    stage.start()
    bar = stage.page.bar
    assert not bar.train.isVisible()
    assert stage.page.dot == "running"
    stage.wait_for_epoch()
    qtbot.waitUntil(lambda: "keep the model" in bar.stop.toolTip())
    stage.press(bar.stop)
    assert stage.training.state == "stopping"
    assert not bar.stop.isEnabled()
    stage.wait()
    assert [end.outcome for end in stage.ends] == ["stopped"]
    assert store.best_model(stage.folder, stage.ends[0].run).exists()
    assert store.load_record(stage.folder, stage.ends[0].run).outcome == "stopped"


def test_that_finish_ends_the_run_after_a_whole_epoch(stage: Stage, qtbot: QtBot) -> None:
    stage.open(epochs=10_000)
    stage.be_ready()
    stage.start()
    stage.wait_for_epoch()
    stage.press(stage.page.bar.finish)
    stage.wait()
    record = store.load_record(stage.folder, stage.ends[0].run)
    epochs = [event.epoch for event in stage.told if isinstance(event, EpochEnded)]
    assert record.outcome in ("done", "stopped")
    assert record.epochs == epochs[-1]
    assert store.best_model(stage.folder, record.run).exists()


def test_that_a_failure_is_told_with_a_hint_and_the_project_stays_usable(stage: Stage) -> None:
    stage.open("diabetes-regression", optimizer="sgd", learning_rate=100.0)
    stage.be_ready()
    stage.train()
    assert [end.outcome for end in stage.ends] == ["failed"]
    message = stage.page.message
    assert message.isVisible()
    assert message.kind == "danger"
    assert stage.ends[0].message in message.label.text()
    assert stage.ends[0].hint
    assert stage.ends[0].hint in message.label.text()
    assert stage.page.dot == "attention"
    stage.session.do("Lower the rate", lambda project: _with_training(project, learning_rate=0.001, optimizer="adam"))
    stage.train()
    assert [end.outcome for end in stage.ends] == ["failed", "done"]
    assert not stage.page.message.isVisible()
    assert [record.outcome for record in stage.training.runs()] == ["failed", "done"]


def test_that_a_sick_run_is_healed_by_the_button_beside_what_was_found(stage: Stage, qtbot: QtBot) -> None:
    stage.open("diabetes-regression", optimizer="sgd", learning_rate=100.0)
    stage.be_ready()
    stage.train()
    page = stage.page
    assert page.findings.accusing
    assert page.tabs.tabText(page.tabs.indexOf(page.findings)).startswith("Findings (")
    card = next(card for card in page.findings.cards if card.button is not None)
    assert card.finding.severity == "error"
    before = stage.session.project
    page.tabs.setCurrentWidget(page.findings)
    assert card.button is not None
    qtbot.mouseClick(card.button, Qt.MouseButton.LeftButton)
    assert stage.session.project.training.learning_rate < 100
    stage.wait()
    assert [end.outcome for end in stage.ends] == ["failed", "done"]
    assert store.load_plan(stage.folder, "run-002").project.training == stage.session.project.training
    stage.session.undo()
    assert stage.session.project == before


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # a pop-up without a screen
def test_that_a_run_is_paused_changed_finished_extended_and_branched(stage: Stage, qtbot: QtBot) -> None:
    stage.open(epochs=10_000, early_stopping=EarlyStopping(enabled=False))
    stage.be_ready()
    stage.start()
    page, bar, training = stage.page, stage.page.bar, stage.training
    stage.wait_for_epoch()
    stage.press(bar.pause)
    assert bar.pause.text() == "Resume"
    qtbot.waitUntil(lambda: any(isinstance(event, Paused) for event in stage.told), timeout=PATIENCE_MS)
    assert "paused" in page.status.left.accessibleName()
    row = [str(page.table.model.index(0, column).data()) for column in (OUTCOME, EPOCHS, BEST)]
    assert row[0] == "paused"
    assert int(row[1]) >= 1, "the row of the run at work tells how far it is"
    assert row[2].startswith("validation accuracy")
    popup = page.steering.ask_change(page.run_events.progress("run-001"), page.mapToGlobal(page.rect().center()))
    popup.fields["rate"].setText("-1")
    popup.apply()
    assert popup.problem.isVisible()
    popup.fields["rate"].setText("0.0005")
    popup.apply()
    stage.press(bar.pause)
    qtbot.waitUntil(lambda: any(isinstance(event, Changed) for event in stage.told), timeout=PATIENCE_MS)
    changed = next(event for event in stage.told if isinstance(event, Changed))
    assert (changed.what, changed.after) == ("learning_rate", 0.0005)
    stage.press(bar.finish)
    stage.wait()
    kinds = {mark.kind for button in page.curves.plot("loss").marks.shown() for mark in button.marks}
    assert {"change", "pause", "best", "checkpoint"} <= kinds
    ended = store.load_record(stage.folder, "run-001")

    if bar.go_on.text().startswith("Resume"):  # finished early, it can go on as planned; a shorter plan is extended
        training.resume("run-001", ended.epochs + 2)
    else:
        popup = page.steering.ask_extend("run-001", page.mapToGlobal(page.rect().center()))
        assert int(popup.fields["total"].text()) > ended.epochs, "what is offered can be taken as it is"
        popup.fields["total"].setText(str(ended.epochs + 2))
        popup.apply()
    assert training.is_busy
    assert page.table.model.index(0, OUTCOME).data() == "running"
    stage.wait()
    assert store.load_record(stage.folder, "run-001").epochs == ended.epochs + 2
    points = page.curves.plot("loss").curves["run-001", "training"].series.epochs
    assert points.x.tolist() == list(range(1, ended.epochs + 3)), "one curve, each epoch once"

    epoch = page.deeds.going_on("run-001").kept[-1]
    stage.session.do("Shorten", lambda project: _with_training(project, epochs=epoch + 1))
    training.branch("run-001", epoch)
    stage.wait()
    plan = store.load_plan(stage.folder, "run-002")
    assert plan.origin is not None
    assert (plan.origin.run, plan.origin.epoch) == ("run-001", epoch)
    assert page.table.selection() == ["run-002"]


def test_that_a_reopened_project_shows_the_curves_of_its_runs(stage: Stage, qtbot: QtBot, tmp_path: Path) -> None:
    stage.open()
    stage.be_ready()
    stage.train()
    stage.train()
    again = Stage(qtbot, stage.folder)
    again.session.open(stage.folder)
    table, curves = again.page.table, again.page.curves
    assert table.selection() == ["run-002"]
    qtbot.waitUntil(lambda: curves.runs == ["run-002"], timeout=5000)
    assert len(curves.plot("loss").curves["run-002", "validation"].series.epochs) == 2
    assert again.page.status.epoch.value == "2 / 2"
    view = table.view
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    view.selectionModel().select(view.model().index(1, 0), flags)
    qtbot.waitUntil(lambda: curves.runs == ["run-002", "run-001"], timeout=5000)
    dashes = {curves.plot("loss").curves[run, "training"].line.dash for run in curves.runs}
    assert dashes == {0, 1}
    again.close()


def test_that_an_edit_of_the_plan_is_one_step_that_can_be_undone(stage: Stage, qtbot: QtBot) -> None:
    stage.open(epochs=20)
    field = stage.page.plan.form.findChild(QLineEdit, "field_epochs")
    assert field is not None
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "35")
    assert stage.session.project.training.epochs == 35
    stage.session.undo()
    assert stage.session.project.training.epochs == 20
    assert field.text() == "20"


@pytest.mark.parametrize(
    ("before", "after", "settled"),
    [
        (("auto",), ("auto", "accuracy"), ("accuracy",)),
        (("accuracy",), ("auto", "accuracy"), ("auto",)),
        (("accuracy",), (), ("auto",)),
        (("accuracy",), ("accuracy", "auc"), ("accuracy", "auc")),
    ],
)
def test_that_auto_stands_alone_among_the_metrics(
    before: tuple[str, ...], after: tuple[str, ...], settled: tuple[str, ...]
) -> None:
    assert settled_metrics(before, after) == settled


def test_that_opening_another_project_stops_the_run_and_keeps_it(stage: Stage, tmp_path: Path) -> None:
    stage.open(epochs=10_000)
    stage.be_ready()
    stage.start()
    stage.wait_for_epoch()
    other = tmp_path / "other"
    projects.create(Project(name="other"), other)
    stage.session.open(other)
    stage.wait()
    assert stage.training.runs() == []
    assert [record.outcome for record in store.list_runs(stage.folder)] == ["stopped"]


def test_that_even_a_broken_engine_has_a_last_word(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.open()
    stage.be_ready()
    from workbench.engine import trainer

    def broken(*_: object) -> None:
        raise RuntimeError("no such kernel")

    monkeypatch.setattr(trainer, "train", broken)
    stage.train()
    assert [end.outcome for end in stage.ends] == ["failed"]
    assert "no such kernel" in store.load_record(stage.folder, stage.ends[0].run).message
    assert "no such kernel" in stage.page.message.label.text()


def test_that_a_queued_run_begins_by_itself_when_the_one_at_work_ends(stage: Stage, qtbot: QtBot) -> None:
    stage.open(epochs=10_000)
    stage.be_ready()
    stage.start()
    stage.wait_for_epoch()
    stage.session.do("Shorten", lambda project: _with_training(project, epochs=1))
    stage.press(stage.page.bar.queue)
    assert stage.page.queue.runs == ["run-002"]
    stage.press(stage.page.bar.stop)
    qtbot.waitUntil(lambda: len(stage.ends) == 2, timeout=PATIENCE_MS)
    stage.wait()
    assert [(end.run, end.outcome) for end in stage.ends] == [("run-001", "stopped"), ("run-002", "done")]
    assert stage.page.queue.runs == []
    assert stage.page.table.selection() == ["run-002"]
    stage.page.deeds.train_again("run-002")
    stage.wait()
    assert store.load_plan(stage.folder, "run-003").project.training.epochs == 1


def _with_training(project: Project, **values: Any) -> Project:
    return project.model_copy(update={"training": project.training.model_copy(update=values)})
