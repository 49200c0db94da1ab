"""The pump: batches and epochs can wait, whatever else comes cannot, the order stays, and nothing is lost."""

from __future__ import annotations

import queue
import threading
import time
from types import SimpleNamespace

import pytest
from pytestqt.qtbot import QtBot

from ui import pump as pumps
from ui.pump import TICK_MS, Pump
from workbench.core.events import BatchEnded, EpochEnded, Event, Notice, Paused

FOR_EVER_MS = 600_000


def batch(step: int) -> BatchEnded:
    return BatchEnded("r", 1, step, {"loss": 1.0}, 1.0)


EPOCH = EpochEnded("r", 1, {"loss": 1.0}, 1.0, 1.0)
PAUSED = Paused("r", 1, True)


class Heard:
    """A pump and the lists it has told, the first batch behind it: the next one can wait."""

    def __init__(self, qtbot: QtBot) -> None:
        self.pump = Pump()
        self.lists: list[list[Event]] = []
        self.pump.events.connect(self.lists.append)
        self.pump.put(batch(0))
        qtbot.waitUntil(lambda: self.lists == [[batch(0)]])
        self.lists.clear()


@pytest.fixture
def heard(qtbot: QtBot) -> Heard:
    return Heard(qtbot)


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches that nothing else comes after are not told in a test's life."""
    monkeypatch.setattr(pumps, "PATIENCE_MS", FOR_EVER_MS)


def test_that_all_events_are_told_in_order(qtbot: QtBot) -> None:
    pump, heard = Pump(), list[str]()
    pump.events.connect(lambda events: heard.extend(event.message for event in events))
    thread = threading.Thread(target=lambda: [pump.put(Notice("r", "info", str(number))) for number in range(5_000)])
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: len(heard) == 5_000)
    pump.put(Notice("r", "info", "last"))
    pump.stop()
    assert heard == [*(str(number) for number in range(5_000)), "last"]


def test_that_batches_and_epochs_are_told_patiently(endless: None, heard: Heard, qtbot: QtBot) -> None:
    for event in (batch(1), EPOCH, batch(2)):
        heard.pump.put(event)
        qtbot.wait(2 * TICK_MS)
    assert heard.lists == []


def test_that_a_first_batch_is_told_at_once_though_something_else_was_just_before(endless: None, qtbot: QtBot) -> None:
    pump, lists = Pump(), list[list[Event]]()
    pump.events.connect(lists.append)
    pump.put(PAUSED)
    qtbot.waitUntil(lambda: lists == [[PAUSED]])
    pump.put(batch(1))
    qtbot.waitUntil(lambda: lists == [[PAUSED], [batch(1)]])


def test_that_batches_are_told_together_though_nothing_else_comes(
    heard: Heard, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    standing = SimpleNamespace(monotonic=lambda: heard.pump._told, perf_counter=time.perf_counter)
    monkeypatch.setattr(pumps, "time", standing)  # however slow the machine is, all come before they are told
    for step in range(1, 4):
        heard.pump.put(batch(step))
    qtbot.waitUntil(lambda: bool(heard.lists))
    assert heard.lists == [[batch(1), batch(2), batch(3)]]


def test_that_whatever_else_comes_is_told_at_the_next_tick_after_the_batches_before_it(
    endless: None, heard: Heard, qtbot: QtBot
) -> None:
    heard.pump.put(batch(1))
    qtbot.wait(1)  # the patient timer is set by now, and is to be cut short
    heard.pump.put(PAUSED)
    heard.pump.put(batch(2))
    qtbot.waitUntil(lambda: bool(heard.lists))
    assert heard.lists == [[batch(1), PAUSED, batch(2)]]


def test_that_more_than_a_tick_can_take_is_told_in_the_next_ones(
    endless: None, heard: Heard, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(range(1_000))
    monkeypatch.setattr(pumps, "BUDGET_S", 2)
    monkeypatch.setattr(pumps, "time", SimpleNamespace(monotonic=time.monotonic, perf_counter=lambda: next(clock)))
    for step in range(1, 4):
        heard.pump.put(batch(step))
    heard.pump.drain()
    assert heard.lists == [[batch(1)]]
    qtbot.waitUntil(lambda: sum(map(len, heard.lists)) == 3)
    assert [event for told in heard.lists for event in told] == [batch(1), batch(2), batch(3)]


def test_that_nothing_is_lost_at_the_stop(endless: None, heard: Heard) -> None:
    for step in range(1, 4):
        heard.pump.put(batch(step))
    heard.pump.stop()
    assert heard.lists == [[batch(1), batch(2), batch(3)]]


def test_that_a_run_is_told_of_after_the_stop_of_the_one_before(heard: Heard, qtbot: QtBot) -> None:
    pump = heard.pump

    class Emptied(queue.SimpleQueue[Event]):
        """A queue that the window empties between a put and the asking to be told of it."""

        def put(self, item: Event, block: bool = True, timeout: float | None = None) -> None:
            super().put(item)
            pump.drain()

    usual, pump._queue = pump._queue, Emptied()
    pump.put(batch(1))
    qtbot.waitUntil(pump._tick.isActive)
    pump._queue = usual
    pump.stop()
    heard.lists.clear()
    pump.put(batch(2))
    qtbot.waitUntil(lambda: heard.lists == [[batch(2)]])
