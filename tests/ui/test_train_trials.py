"""The trials before a training, by the Train page's buttons and with real Keras."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.ui.test_train_page import PATIENCE_MS, Stage
from ui.pages.train.trying import Kind
from ui.plots.found_plot import FoundPlot, Place
from workbench.engine.trying import batches
from workbench.project.model import Project


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(qtbot, tmp_path / "project")
    yield stage
    stage.close()


def press(stage: Stage, kind: Kind) -> None:
    """Show the trials and press one's button."""
    if not stage.page.trying.isVisible():
        stage.qtbot.mouseClick(stage.page.bar.try_first, Qt.MouseButton.LeftButton)
    button = stage.page.trying.choices[kind].button
    assert button.isEnabled()
    stage.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def found(stage: Stage, kind: Kind) -> None:
    """Make a trial, and wait for its answer."""
    press(stage, kind)
    assert stage.page.trials.at_work
    stage.qtbot.waitUntil(lambda: not stage.page.trials.at_work, timeout=PATIENCE_MS)
    assert stage.page.trials.tried[kind].error is None


def test_that_a_trial_that_cannot_be_made_says_why(stage: Stage, qtbot: QtBot) -> None:
    page = stage.page
    qtbot.mouseClick(page.bar.try_first, Qt.MouseButton.LeftButton)

    def reasons() -> set[str]:
        buttons = [choice.button for choice in page.trying.choices.values()]
        assert not any(button.isEnabled() for button in buttons)
        return {button.toolTip() for button in buttons} | {page.trying.nothing.text()}

    assert reasons() == {"No project is open."}
    stage.session.start(Project(), stage.folder, draft=True)
    assert reasons() == {"No data are picked yet."}
    actions = {action.id: action.why_not() for action in page.actions_here()}
    assert actions["try.preflight"] == actions["try.rate"] == actions["try.batch"] == "No data are picked yet."
    assert actions["try.cancel"] == "No trial is at work."


def test_that_the_pre_flight_lists_its_checks_and_a_remedy_is_one_edit(stage: Stage, qtbot: QtBot) -> None:
    stage.open(learning_rate=1e-7)
    stage.be_ready()
    page, session = stage.page, stage.session
    found(stage, "preflight")
    checks = page.trying.checks
    assert page.trying.answers.currentWidget() is checks
    assert page.trying.choices["preflight"].badge.text().endswith("to look at")
    card = next(card for card in checks.cards if card.item.name == "one_batch")
    assert card.accessibleName() == "One batch by heart: look at this"
    assert card.button is not None
    assert card.button.text() == "Set the learning rate to 0.001"
    before = session.project
    qtbot.mouseClick(card.button, Qt.MouseButton.LeftButton)
    assert session.project.training.learning_rate == 0.001
    assert not card.button.isEnabled()
    assert card.button.toolTip() == "The plan has it already."
    assert page.trying.stale.isVisible(), "it was about another plan"
    session.undo()
    assert session.project == before
    assert card.button.isEnabled()
    assert not page.trying.stale.isVisible()


def test_that_the_range_test_is_drawn_with_the_suggested_rate_marked(stage: Stage, qtbot: QtBot) -> None:
    stage.open()
    stage.be_ready()
    session, view = stage.session, stage.page.trying.rates
    found(stage, "rate")
    tried = stage.page.trials.tried["rate"].found
    assert (view.plot.x, view.plot.y) == (list(tried.rates), list(tried.losses))
    assert view.plot.places[0].at == tried.suggested
    assert view.words.text() == tried.message
    view.plot.point_at(0)
    assert view.hint.text().startswith("Learning rate 1e-06: loss ")
    qtbot.mouseClick(view.button, Qt.MouseButton.LeftButton)
    assert session.project.training.learning_rate == tried.suggested
    assert stage.page.trying.choices["rate"].button.hasFocus(), "the pressed one is disabled now"
    assert not stage.page.trying.stale.isVisible(), "the answer does not hang on the plan's rate"
    assert session.undo_label == tried.remedy["label"]
    session.undo()
    assert session.undo_label is None


def test_that_the_batch_finder_draws_speed_and_memory(
    stage: Stage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "SECONDS_EACH", 0.02)
    stage.open(batch_size=7)
    stage.be_ready()
    found(stage, "batch")
    tried, view = stage.page.trials.tried["batch"].found, stage.page.trying.batches
    assert view.speed.y == [one.samples_per_second for one in tried.sizes]
    assert view.memory.y == [one.memory / 1e6 for one in tried.sizes]
    assert view.memory.places[0].at == tried.suggested
    view.memory.point_at(0)
    assert view.hint.text().startswith("Batches of 8: ")
    qtbot.mouseClick(view.button, Qt.MouseButton.LeftButton)
    assert stage.session.project.training.batch_size == tried.suggested


def test_that_a_trial_and_a_run_never_meet_and_a_trial_can_be_cancelled(stage: Stage, qtbot: QtBot) -> None:
    stage.open(epochs=100_000)
    stage.be_ready()
    page = stage.page
    press(stage, "rate")
    assert page.trying.progress is not None
    assert page.trying.progress.isVisible()
    assert not page.bar.train.isEnabled()
    assert page.bar.train.toolTip() == "A trial is at work: wait for it, or cancel it."
    assert page.trying.choices["batch"].button.toolTip() == "A trial is at work."
    assert page.trying.choices["rate"].button.text() == "Cancel"
    press(stage, "rate")
    qtbot.waitUntil(lambda: not page.trials.at_work, timeout=PATIENCE_MS)
    assert page.trials.tried == {}
    assert page.trying.progress is None
    stage.start()
    assert page.middle.currentWidget() is page.runs, "the run is what is looked at now"
    qtbot.mouseClick(page.bar.try_first, Qt.MouseButton.LeftButton)
    assert page.trying.choices["rate"].button.toolTip() == "A run is at work."
    stage.training.stop()
    stage.wait()


def test_that_what_was_found_is_forgotten_with_its_project(stage: Stage, tmp_path: Path) -> None:
    stage.open()
    stage.be_ready()
    press(stage, "preflight")
    task = stage.page.trials.task
    stage.session.start(Project(), tmp_path / "other", draft=True)
    assert task is not None
    stage.qtbot.waitUntil(lambda: not stage.page.trials.at_work, timeout=PATIENCE_MS)
    assert stage.page.trials.tried == {}


def test_that_a_failed_trial_tells_its_words(stage: Stage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise MemoryError("no room")

    monkeypatch.setattr(batches, "find_batch", broken)
    stage.open()
    stage.be_ready()
    press(stage, "batch")
    qtbot.waitUntil(lambda: not stage.page.trials.at_work, timeout=PATIENCE_MS)
    assert stage.page.trying.failed.isVisible()
    assert "MemoryError: no room" in stage.page.trying.failed.label.text()
    assert stage.page.trying.choices["batch"].badge.text() == "failed"


def test_that_marks_stand_where_the_numbers_are_on_the_logarithmic_axis(qtbot: QtBot) -> None:
    plot = FoundPlot("rate", "loss")
    qtbot.addWidget(plot)
    plot.tell([1e-6, 1e-3, 1.0], [2.0, 1.0, 4.0], [Place(1e-3, "here", "good")], "Loss by rate", zero=False)
    assert [mark.value() for mark in plot._marks] == [math.log10(1e-3)]
    assert plot.accessibleName() == "Loss by rate"
    plot.tell([1e-6, 1e-3, 1.0], [2.0, 1.0, 400.0], [], "Loss by rate", zero=False, top=3.0)
    assert plot.getPlotItem().getViewBox().viewRange()[1][1] < 4
    told: list[int | None] = []
    plot.pointed.connect(told.append)
    plot.point_at(1)
    plot.point_at(None)
    assert told == [1, None]


def test_that_a_name_longer_than_the_plot_is_high_is_left_out_rather_than_cut(qtbot: QtBot) -> None:
    plot = FoundPlot("rate", "mean absolute percentage error")
    qtbot.addWidget(plot)
    plot.resize(300, 120)
    plot.show()
    axis = plot.getPlotItem().getAxis("left")
    assert not axis.label.isVisible()
    plot.resize(300, 400)
    assert axis.label.isVisible()
