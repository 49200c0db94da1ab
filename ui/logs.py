"""The log file, and what happens to an error that nothing caught: it is logged and told, and the work is kept."""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import logging.handlers
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

import platformdirs
from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

APP = "keras-workbench"
log = logging.getLogger("ui")
_QUIET = ("does not support propagateSizeHints",)


def log_folder() -> Path:
    """Where the log files are."""
    return Path(platformdirs.user_log_dir(APP, appauthor=False))


def start_logging() -> None:
    """Write the log to a file that never grows beyond a few megabytes; a disk that refuses costs only the log."""
    handlers: list[logging.Handler] = []
    with contextlib.suppress(OSError):
        log_folder().mkdir(parents=True, exist_ok=True)
        handlers.append(
            logging.handlers.RotatingFileHandler(
                log_folder() / "workbench.log", maxBytes=1_000_000, backupCount=3, encoding="utf-8", delay=True
            )
        )
    if sys.stderr is not None:
        console = logging.StreamHandler()
        console.setLevel(logging.ERROR)
        handlers.append(console)
        with contextlib.suppress(OSError, ValueError, AttributeError):
            faulthandler.enable()
    form = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"
    logging.basicConfig(level=logging.INFO, handlers=handlers, format=form)
    qInstallMessageHandler(_qt_message)


def _qt_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    if any(words in message for words in _QUIET):
        return
    levels = {QtMsgType.QtDebugMsg: logging.DEBUG, QtMsgType.QtInfoMsg: logging.INFO}
    log.log(levels.get(kind, logging.WARNING), "Qt: %s", message)


def catch_everything(tell: Callable[[str, str], None], keep: Callable[[], object]) -> None:
    """Send every uncaught error, of any thread, to the log and to `tell(words, details)`; `keep` saves the work first.

    Args:
        tell: Called on the thread of the error; must be safe there.
        keep: Called on the GUI thread only.
    """

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        log.critical("Uncaught", exc_info=(kind, error, trace))
        if threading.current_thread() is threading.main_thread():
            with contextlib.suppress(Exception):
                keep()
        tell(f"{kind.__name__}: {error}", "".join(traceback.format_exception(kind, error, trace)))

    def thread_hook(event: threading.ExceptHookArgs) -> None:
        if event.exc_value is not None:
            hook(event.exc_type, event.exc_value, event.exc_traceback)

    sys.excepthook = hook
    threading.excepthook = thread_hook
