"""What every test stands on: no screen, folders of its own, and nothing left behind."""

from __future__ import annotations

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import gc
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

# How long one example takes is said by benchmarks; on a busy machine it says nothing about what is tested.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")

OURS = ("task:", "train")
PATIENCE_S = 5.0


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings, drafts, caches and downloads of one test, seen by no other and by no user."""
    root = tmp_path_factory.mktemp("home")
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "KERAS_HOME"):
        folder = root / variable.lower()
        folder.mkdir()
        monkeypatch.setenv(variable, str(folder))
    return root


@pytest.fixture(autouse=True)
def nothing_left_behind(own_folders: Path) -> Iterator[None]:
    """Fail a test that leaves a thread, a spare process, a running timer or a top-level widget."""
    threads = set(threading.enumerate())
    widgets, timers = _widgets(), _timers()
    yield
    left = [f"thread {thread.name!r}" for thread in _threads_left(threads)] + _spare_left()
    if _application() is not None:
        _delete_what_is_due()
        if _widgets() - widgets or _timers() - timers:
            gc.collect()
            _delete_what_is_due()
        left += [f"widget {_describe(key)}" for key in _widgets() - widgets]
        left += [f"timer {_describe(key)}" for key in _timers() - timers]
    if left:
        pytest.fail("the test left behind: " + ", ".join(left), pytrace=False)


def _threads_left(before: set[threading.Thread]) -> list[threading.Thread]:
    def left() -> list[threading.Thread]:
        new = [thread for thread in threading.enumerate() if thread not in before and thread.is_alive()]
        return [thread for thread in new if not thread.daemon or thread.name.startswith(OURS)]

    deadline = time.monotonic() + PATIENCE_S
    while left() and time.monotonic() < deadline:
        time.sleep(0.02)
    return left()


def _spare_left() -> list[str]:
    room = sys.modules.get("workbench.runs.spare")
    if room is None or room.kept() is None:
        return []
    room.drop()
    return ["a spare process"]


def _application() -> object | None:
    core = sys.modules.get("PySide6.QtWidgets")
    return core.QApplication.instance() if core is not None else None


def _delete_what_is_due() -> None:
    from PySide6.QtCore import QCoreApplication, QEvent

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _widgets() -> set[int]:
    """Top-level windows that are alive; a widget that some object of Python still holds counts too."""
    if _application() is None:
        return set()
    from PySide6.QtWidgets import QApplication
    from shiboken6 import getCppPointer

    found = QApplication.topLevelWidgets()
    _names.update({getCppPointer(widget)[0]: _words(widget) for widget in found})
    return {getCppPointer(widget)[0] for widget in found if widget.parent() is None and not _is_qt_own(widget)}


def _is_qt_own(widget: object) -> bool:
    # Qt keeps one tooltip label and one container a combo box's pop-up for itself.
    return type(widget).__name__ in ("QWidget", "QFrame", "QLabel") and "QTipLabel" in repr(widget)


def _timers() -> set[int]:
    """QTimers that run without a parent that would end them."""
    if _application() is None:
        return set()
    from PySide6.QtCore import QTimer
    from shiboken6 import getCppPointer, isValid

    found = [thing for thing in gc.get_objects() if isinstance(thing, QTimer) and isValid(thing)]
    running = [timer for timer in found if timer.isActive() and timer.parent() is None]
    _names.update({getCppPointer(timer)[0]: repr(timer) for timer in running})
    return {getCppPointer(timer)[0] for timer in running}


_names: dict[int, str] = {}


def _describe(key: int) -> str:
    return _names.get(key, "unknown")


def _words(widget: object) -> str:
    words = [getattr(widget, name, str)() for name in ("objectName", "accessibleName", "windowTitle", "title", "text")]
    return f"{type(widget).__name__} {' '.join(str(word) for word in words if word)}"
