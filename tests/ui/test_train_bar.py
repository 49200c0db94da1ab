"""The buttons of a run, at the moment when one begins, ends, or is followed by another."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from ui.pages.train.bar import DEAF_MS, TrainBar

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def bar(qtbot: QtBot) -> TrainBar:
    bar = TrainBar()
    qtbot.addWidget(bar)
    bar.resize(1000, 48)
    bar.show()
    qtbot.waitExposed(bar)
    bar.activateWindow()
    qtbot.waitUntil(bar.isActiveWindow)
    return bar


def run(bar: TrainBar, qtbot: QtBot, name: str = "run-001") -> None:
    """Let a run be at work for longer than the bar is deaf."""
    bar.show_running(name, finishing=False, stopping=False)
    qtbot.waitUntil(bar.stop.isEnabled)


def press_at(bar: TrainBar, place: QPoint, qtbot: QtBot) -> None:
    """Click what stands at a place of the bar by now."""
    target = bar.childAt(place) or bar
    qtbot.mouseClick(target, LEFT, pos=target.mapFrom(bar, place))


@pytest.mark.parametrize("name", ["pause", "stop", "finish", "change", "queue"])
def test_that_a_click_meant_for_a_run_that_has_just_ended_begins_no_other(
    bar: TrainBar, qtbot: QtBot, name: str
) -> None:
    wanted: list[str] = []
    bar.train_wanted.connect(lambda: wanted.append("train"))
    bar.go_on_wanted.connect(lambda: wanted.append("go on"))
    run(bar, qtbot)
    button: QPushButton = getattr(bar, name)
    place = button.geometry().center()
    bar.show_idle(None, going_on="Resume run-001")
    qtbot.wait(30)
    press_at(bar, place, qtbot)
    assert wanted == []
    assert bar.train.toolTip() == "The run has only just ended."
    qtbot.waitUntil(bar.train.isEnabled, timeout=10 * DEAF_MS)
    assert bar.train.toolTip() == "Train with the plan on the right"
    for again in (bar.train, bar.go_on):
        qtbot.mouseClick(again, LEFT)
    assert wanted == ["train", "go on"]


def test_that_a_double_click_on_train_does_not_hold_the_run_that_it_began(bar: TrainBar, qtbot: QtBot) -> None:
    held: list[bool] = []
    bar.pause_wanted.connect(lambda: held.append(True))
    place = bar.train.geometry().center()
    bar.train_wanted.connect(lambda: bar.show_running("run-001", finishing=False, stopping=False))
    press_at(bar, place, qtbot)
    qtbot.wait(30)
    press_at(bar, place, qtbot)
    assert held == []
    qtbot.waitUntil(bar.pause.isEnabled, timeout=10 * DEAF_MS)
    qtbot.mouseClick(bar.pause, LEFT)
    assert held == [True]


def test_that_a_click_on_stop_does_not_end_the_run_that_has_just_followed(bar: TrainBar, qtbot: QtBot) -> None:
    stopped: list[bool] = []
    bar.stop_wanted.connect(lambda: stopped.append(True))
    run(bar, qtbot)
    bar.show_running("run-002", finishing=False, stopping=False)
    qtbot.mouseClick(bar.stop, LEFT)
    assert stopped == []
    run(bar, qtbot, "run-002")
    qtbot.mouseClick(bar.stop, LEFT)
    assert stopped == [True]


def test_that_the_keyboard_stays_in_the_bar_and_its_next_key_begins_nothing(bar: TrainBar, qtbot: QtBot) -> None:
    wanted: list[bool] = []
    bar.train_wanted.connect(lambda: wanted.append(True))
    run(bar, qtbot)
    bar.pause.setFocus()
    bar.show_idle(None)
    assert bar.hasFocus()
    qtbot.keyClick(bar.window().focusWidget(), Qt.Key.Key_Space)
    assert wanted == []
    qtbot.waitUntil(bar.train.hasFocus, timeout=10 * DEAF_MS)
    qtbot.keyClick(bar.train, Qt.Key.Key_Space)
    assert wanted == [True]


def test_that_another_look_at_the_same_run_makes_no_button_deaf(bar: TrainBar, qtbot: QtBot) -> None:
    run(bar, qtbot)
    bar.show_running("run-001", finishing=False, stopping=False, paused=True)
    assert bar.pause.isEnabled()
    assert bar.pause.text() == "Resume"


def test_that_the_keyboard_does_not_leave_the_bar_with_the_last_word_to_a_run(bar: TrainBar, qtbot: QtBot) -> None:
    run(bar, qtbot)
    bar.stop.setFocus()
    bar.show_running("run-001", finishing=False, stopping=True)
    assert bar.hasFocus(), "not another button, where the same key pressed twice would be another order"
    bar.show_idle(None)
    qtbot.waitUntil(bar.train.hasFocus, timeout=10 * DEAF_MS)
