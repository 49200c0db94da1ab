"""How far a run is, told from its events alone."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from ui.pages.train.progress import RunProgress
from ui.pages.train.status import RunStatus
from ui.widgets import column
from workbench.core.events import BatchEnded, EpochEnded, RunEnded, RunStarted


def progress_of(*events: object) -> RunProgress:
    progress = RunProgress()
    progress.read(RunStarted("run-001", 10, 4, 32, 128, 32, 5, "CPU"))
    for event in events:
        progress.read(event)  # type: ignore[arg-type]
    return progress


def epoch(number: int, seconds: float, val_loss: float) -> EpochEnded:
    return EpochEnded("run-001", number, {"loss": 1.0, "val_loss": val_loss}, seconds, 100.0)


def test_that_the_time_left_is_told_as_soon_as_one_epoch_is_over() -> None:
    progress = progress_of(epoch(1, 3.0, 0.5), BatchEnded("run-001", 2, 2, {"loss": 1.0}, 100.0))
    assert progress.seconds_left() == pytest.approx(3.0 * 8.5)


def test_that_the_first_epoch_no_longer_counts_once_there_are_others() -> None:
    progress = progress_of(epoch(1, 30.0, 0.5), epoch(2, 2.0, 0.4))
    assert progress.seconds_left() == pytest.approx(2.0 * 8)


def test_that_the_best_epoch_is_the_one_of_the_least_validation_loss() -> None:
    progress = progress_of(epoch(1, 1.0, 0.5), epoch(2, 1.0, 0.3), epoch(3, 1.0, 0.4))
    assert progress.best_epoch == 2
    assert progress.fraction == pytest.approx(0.3)


def test_that_the_best_epoch_goes_by_the_figure_that_the_run_names() -> None:
    progress = RunProgress()
    begun = RunStarted("run-001", 10, 4, 32, 128, 32, 5, "CPU", best_by="val_accuracy", higher_is_better=True)
    for event in (begun, *(EpochEnded("run-001", n, {"val_loss": n, "val_accuracy": n / 9}, 1.0, 1.0) for n in (1, 2))):
        progress.read(event)
    assert progress.best_epoch == 2, "its loss is the greater one, and so is its accuracy"


def test_that_nothing_is_left_of_a_run_that_ended() -> None:
    progress = progress_of(epoch(1, 1.0, 0.5), RunEnded("run-001", "done", "Done.", 1, {"val_loss": 0.5}, 1.0))
    assert progress.seconds_left() is None


def test_that_the_figures_take_the_same_room_whatever_they_say(qtbot: QtBot) -> None:
    page, status = QWidget(), RunStatus()
    qtbot.addWidget(page)
    page.setLayout(column(status, None))
    page.resize(900, 400)
    page.show()
    qtbot.waitExposed(page)
    progress, heights = RunProgress(), set()
    measured = EpochEnded("run-001", 2, {"loss": 1.0, "val_mean_absolute_error": 0.3}, 1.0, 100.0)
    begun = (RunStarted("run-001", 10, 4, 32, 128, 32, 5, "CPU"), BatchEnded("run-001", 1, 1, {"loss": 1.0}, 100.0))
    for event in (*begun, epoch(1, 1.0, 0.5), measured):
        progress.read(event)
        status.show_progress(progress, live=True)
        qtbot.wait(20)
        heights.add(status.height())
    assert len(heights) == 1, "else the plots below would jump"


def test_that_many_epochs_are_told_in_full_in_the_smallest_window(qtbot: QtBot) -> None:
    page, status = QWidget(), RunStatus()
    qtbot.addWidget(page)
    page.setLayout(column(status, None))
    page.resize(690, 300)
    page.show()
    qtbot.waitExposed(page)
    progress = RunProgress()
    progress.read(RunStarted("run-001", 30_000, 4, 32, 128, 32, 5, "CPU"))
    metrics = {"loss": 1.0, "val_mean_absolute_error": 1.412}
    progress.read(EpochEnded("run-001", 12_070, metrics, 1.0, 89_200.0, 0.000123))
    status.show_progress(progress, live=True)
    qtbot.wait(20)
    assert (status.epoch.value, status.epoch.accessibleName()) == ("12,070", "12,070 of 30,000 epochs")
    for number in (status.epoch, status.left, status.speed, status.rate, status.best):
        value = number.findChildren(QLabel)[0]
        assert value.width() >= value.sizeHint().width(), f"{value.text()} is cut off"
