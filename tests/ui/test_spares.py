"""When the window has a spare process ready, and when it hasn't."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from ui import spares
from ui.main_window import MainWindow
from workbench.core.events import EpochEnded, Event
from workbench.project import presets, setting
from workbench.runs import isolated, process, spare, store

PATIENCE_MS = 60_000


@pytest.fixture
def desk(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    """A window over digits, its engine as if it were loaded."""
    monkeypatch.setattr(spares, "DELAY_MS", 20)
    window.spares._timer.setInterval(20)
    window.session.new_draft(presets.preset("digits-mlp").project)
    window.session.engine_state = "ready"
    window.session.engine_changed.emit()
    yield window
    for child in isolated._children.values():
        child.kill()
        child.wait(10)
    isolated._children.clear()


def choose(window: MainWindow, executor: str) -> None:
    window.session.do("", lambda project: setting.assign(project, f"training.executor={executor}"))


def at_rest(window: MainWindow) -> bool:
    return not window.session.busy and not window.spares._timer.isActive()


@pytest.fixture
def settled(qtbot: QtBot) -> Callable[[MainWindow], int | None]:
    """Waits until a window has what it wants; the spare process's number."""

    def wait(window: MainWindow) -> int | None:
        qtbot.waitUntil(lambda: at_rest(window), timeout=PATIENCE_MS)
        found = spare.kept()
        return None if found is None else found.process.pid

    return wait


def test_that_there_is_a_spare_process_only_while_the_project_trains_in_one(
    desk: MainWindow, settled: Callable[[MainWindow], int | None]
) -> None:
    assert settled(desk) is None, "a thread needs none"
    choose(desk, "process")
    first = settled(desk)
    assert first is not None
    choose(desk, "thread")
    assert settled(desk) is None
    desk.session.undo()
    second = settled(desk)
    assert second not in (None, first)
    desk.session.do("", lambda project: setting.assign(project, "training.epochs=3"))
    assert settled(desk) == second, "other edits leave it alone"
    desk.session.forget_changes()
    desk.session.shut()
    assert settled(desk) is None


def test_that_a_run_takes_it_and_another_waits_once_the_run_has_ended(
    desk: MainWindow, qtbot: QtBot, settled: Callable[[MainWindow], int | None]
) -> None:
    choose(desk, "process")
    for words in ("training.epochs=100000", "training.early_stopping.enabled=false"):
        desk.session.do("", lambda project, words=words: setting.assign(project, words))
    waiting = settled(desk)
    told: list[Event] = []
    desk.training.events.connect(told.extend)
    desk.training.start()
    qtbot.waitUntil(lambda: any(isinstance(event, EpochEnded) for event in told), timeout=PATIENCE_MS)
    assert desk.session.folder is not None
    owner = process.owner_of(store.run_folder(desk.session.folder, "run-001"))
    assert owner is not None
    assert owner.pid == waiting
    assert settled(desk) is None, "its memory is left to the run"
    desk.training.stop()
    qtbot.waitUntil(lambda: not desk.training.is_busy, timeout=PATIENCE_MS)
    assert settled(desk) not in (None, waiting)


def test_that_the_window_takes_it_along(desk: MainWindow, settled: Callable[[MainWindow], int | None]) -> None:
    choose(desk, "process")
    assert settled(desk) is not None
    found = spare.kept()
    assert found is not None
    desk.session.forget_changes()
    desk.close()
    assert spare.kept() is None
    assert found.process.returncode is not None
