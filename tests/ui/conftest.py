"""The real window, without a screen, and the ways to wait for its work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.main_window import USUAL_SIZE, MainWindow
from ui.session import Session
from ui.theme import apply_theme
from workbench.data.spec import DatasetSpec
from workbench.project import store
from workbench.project.model import Project


@pytest.fixture(scope="session", autouse=True)
def light(qapp: QApplication) -> None:
    """The window's look, on for all tests."""
    apply_theme(qapp, "light")


@pytest.fixture
def bare_session(qapp: QApplication) -> Iterator[Session]:
    """A session without a window and without an engine."""
    session = Session()
    yield session
    session.forget_changes()
    session.close()
    session.deleteLater()


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    """The whole window, shown, on its Start page, without an engine."""
    window = MainWindow()
    window.resize(USUAL_SIZE)  # the offscreen screen is small
    window.show()
    qtbot.waitExposed(window)
    yield window
    window.session.forget_changes()
    window.close()
    window.deleteLater()


@pytest.fixture
def make_project(tmp_path: Path) -> Callable[..., Path]:
    """Writes a small project and returns its folder."""

    def make(name: str = "flowers", dataset: str | None = None) -> Path:
        folder = tmp_path / name
        spec = DatasetSpec(source="builtin", location=dataset) if dataset else None
        store.create(Project(name=name, dataset=spec), folder)
        return folder

    return make


@pytest.fixture
def settle(qtbot: QtBot) -> Callable[[Session], None]:
    """Waits until a session has nothing to do in the background."""

    def wait(session: Session) -> None:
        qtbot.waitUntil(lambda: not session.busy, timeout=20_000)

    return wait
