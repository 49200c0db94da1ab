"""A run in a process of its own, from the real window."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from ui.main_window import USUAL_SIZE, MainWindow
from workbench.core.events import EpochEnded, Event, RunEnded, RunStarted, Saved
from workbench.project import presets
from workbench.project import store as projects
from workbench.runs import isolated, process, store

PATIENCE_MS = 60_000


def long_project(folder: Path) -> Path:
    """Digits that train until they are stopped, in a process of their own."""
    project = presets.preset("digits-mlp").project
    changes = {"epochs": 100_000, "executor": "process", "early_stopping": {"enabled": False}}
    training = project.training.model_validate({**project.training.model_dump(), **changes})
    projects.create(project.model_copy(update={"training": training}), folder)
    return folder


class Desk:
    """Windows over one project, and what they were told."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot, self.folder = qtbot, long_project(folder)
        self.told: list[Event] = []

    def window(self) -> MainWindow:
        window = MainWindow()
        window.resize(USUAL_SIZE)  # the offscreen screen is small
        self.told = told = []
        window.training.events.connect(told.extend)
        window.show()
        assert window.session.open(self.folder)
        window.show_page("train")
        return window

    def shut(self, window: MainWindow) -> None:
        window.session.forget_changes()
        window.close()
        window.deleteLater()

    def wait_for_epoch(self, number: int = 1) -> None:
        self.qtbot.waitUntil(lambda: self.epochs[-1:] >= [number], timeout=PATIENCE_MS)

    @property
    def epochs(self) -> list[int]:
        return [event.epoch for event in self.told if isinstance(event, EpochEnded)]

    @property
    def owner(self) -> process.Owner:
        owner = process.owner_of(store.run_folder(self.folder, "run-001"))
        assert owner is not None
        return owner


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(qtbot, tmp_path / "digits")
    yield desk
    for child in isolated._children.values():
        child.kill()
        child.wait(10)
    isolated._children.clear()


def test_that_a_run_goes_on_without_its_window_and_is_found_again_from_its_beginning(desk: Desk) -> None:
    first = desk.window()
    first.training.start()
    desk.wait_for_epoch()
    assert first.training.survives
    desk.shut(first)
    assert desk.owner.alive
    second = desk.window()
    assert (second.training.state, second.training.run) == ("running", "run-001")
    desk.wait_for_epoch(3)
    assert desk.epochs[:3] == [1, 2, 3], "live from its beginning"
    assert len(set(desk.epochs)) == len(desk.epochs)
    second.training.stop()
    desk.qtbot.waitUntil(lambda: not second.training.is_busy, timeout=PATIENCE_MS)
    assert [event.outcome for event in desk.told if isinstance(event, RunEnded)] == ["stopped"]
    assert not desk.owner.alive
    assert [record.outcome for record in second.training.runs()] == ["stopped"]
    desk.shut(second)


def test_that_a_killed_run_is_told_and_the_window_stays(desk: Desk) -> None:
    window = desk.window()
    window.training.start()
    desk.qtbot.waitUntil(lambda: any(isinstance(event, Saved) for event in desk.told), timeout=PATIENCE_MS)
    os.kill(desk.owner.pid, signal.SIGKILL)
    began = time.monotonic()
    desk.qtbot.waitUntil(lambda: not window.training.is_busy, timeout=PATIENCE_MS)
    assert time.monotonic() - began < 1.0
    assert [event.outcome for event in desk.told if isinstance(event, RunEnded)] == ["failed"]
    record = window.training.runs()[-1]
    assert record.outcome == "failed"
    shown = [label.text() for label in window.pages["train"].findChildren(QLabel)]
    assert any("SIGKILL" in words for words in shown)
    assert window.isVisible()
    toast = window.findChild(QWidget, "toast")
    assert "run-001" in toast.words
    before, told = len(desk.epochs), len(desk.told)
    toast.button.click()
    assert window.training.is_busy
    desk.qtbot.waitUntil(lambda: bool(resumed(desk.told[told:])), timeout=PATIENCE_MS)
    assert resumed(desk.told[told:])[0].resumed_epochs in range(1, before + 2)
    window.training.stop()
    desk.qtbot.waitUntil(lambda: not window.training.is_busy, timeout=PATIENCE_MS)
    assert store.load_record(desk.folder, "run-001").outcome == "stopped"
    kept = window.pages["train"].run_events.events("run-001")
    assert len([event for event in kept if isinstance(event, RunStarted)]) == 2
    assert next(event for event in desk.told[told:] if isinstance(event, EpochEnded)).epoch == 1, "its past is told"
    desk.shut(window)


def resumed(told: list[Event]) -> list[RunStarted]:
    return [event for event in told if isinstance(event, RunStarted) and event.resumed_epochs]


def test_that_another_project_can_be_opened_while_a_run_goes_on(desk: Desk, tmp_path: Path) -> None:
    other = long_project(tmp_path / "other")
    window = desk.window()
    window.training.start()
    desk.wait_for_epoch()
    assert window.files.open_folder(other), "nothing is asked"
    desk.qtbot.waitUntil(lambda: not window.training.is_busy, timeout=PATIENCE_MS)
    assert desk.owner.alive
    assert window.files.open_folder(desk.folder)
    assert window.training.is_busy
    window.training.close(for_good=True)
    assert not desk.owner.alive
    desk.shut(window)
