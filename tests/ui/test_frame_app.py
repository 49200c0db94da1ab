"""The program as it is started: in a fresh process, with a project, and when something goes wrong."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.benchmarks.startup import HEAVY, WINDOW, measure
from ui.logs import catch_everything, log_folder

OPENS = """
import sys
from PySide6.QtCore import QTimer
from ui import app
from ui.main_window import MainWindow
made = MainWindow.__init__
def watched(self, *arguments):
    made(self, *arguments)
    self.session.load_engine = lambda: None
    def look():
        if self.pages.next_missing() is None and not self.session.busy:
            print(self.windowTitle(), "|", self.current, flush=True)
            self.close()
        else:
            QTimer.singleShot(50, look)
    QTimer.singleShot(50, look)
MainWindow.__init__ = watched
sys.exit(app.main(sys.argv[1:]))
"""


@pytest.fixture
def restored_hooks() -> Iterator[None]:
    hooks = sys.excepthook, threading.excepthook
    yield
    sys.excepthook, threading.excepthook = hooks


def test_that_the_window_is_painted_before_anything_heavy_is_imported() -> None:
    assert measure(WINDOW.format(heavy=HEAVY))["heavy"] == []


def test_that_a_project_named_on_the_command_line_is_opened(make_project: Callable[..., Path]) -> None:
    folder = make_project("named")
    done = subprocess.run(
        [sys.executable, "-c", OPENS, str(folder)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "named[*] - Keras Workbench | data"


@pytest.mark.usefixtures("restored_hooks")
def test_that_an_uncaught_error_is_told_after_the_work_is_kept(caplog: pytest.LogCaptureFixture) -> None:
    order: list[str] = []
    catch_everything(lambda words, details: order.append(words), lambda: order.append("kept"))
    error = ZeroDivisionError("boom")
    with caplog.at_level(logging.CRITICAL):
        sys.excepthook(ZeroDivisionError, error, None)
    assert order == ["kept", "ZeroDivisionError: boom"]
    assert "Uncaught" in caplog.text


@pytest.mark.usefixtures("restored_hooks")
def test_that_an_error_of_another_thread_is_told_too() -> None:
    told: list[str] = []
    kept: list[int] = []
    catch_everything(lambda words, details: told.append(words), lambda: kept.append(1))

    def fail() -> None:
        raise RuntimeError("far away")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert told == ["RuntimeError: far away"]
    assert not kept


def test_that_the_log_lies_in_the_users_own_folder(own_folders: Path) -> None:
    assert own_folders in log_folder().parents
