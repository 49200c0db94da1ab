"""The window's beginning: `python -m ui.app [DIR]`, or the command `keras-workbench`."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from ui.logs import catch_everything, log_folder, start_logging
from ui.theme import apply_theme, pixmap, tokens
from workbench import __version__
from workbench.core.settings import load_settings

log = logging.getLogger(__name__)


class _Alarm(QObject):
    """Brings an error of any thread to the window's own."""

    raised = Signal(str, str)


def _application(arguments: Sequence[str]) -> QApplication:
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication([sys.argv[0], *arguments])
    app.setApplicationName("keras-workbench")
    app.setApplicationDisplayName("Keras Workbench")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("keras-workbench")
    apply_theme(app, load_settings().theme)
    app.setWindowIcon(_window_icon())
    return app


def _window_icon() -> QIcon:
    result = QIcon()
    for size in (16, 24, 32, 48, 64, 128):
        result.addPixmap(pixmap("brain-circuit", tokens().accent, size, 1.0))
    return result


def main(argv: Sequence[str] | None = None) -> int:
    """Open the window and stay until it is closed.

    Args:
        argv: What follows the program's name; a project's folder, or nothing.

    Returns:
        The exit status.
    """
    parser = argparse.ArgumentParser(prog="keras-workbench", description="Open the Keras Workbench window.")
    parser.add_argument("project", nargs="?", type=Path, help="a project's folder")
    options, rest = parser.parse_known_args(argv)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    start_logging()
    app = _application(rest)

    from ui.main_window import MainWindow

    window = MainWindow()
    alarm = _Alarm(window)
    alarm.raised.connect(
        lambda words, _details: window.notify(
            "error",
            window.tr("Something went wrong: {words}").format(words=words),
            window.tr("Your work is kept. The log in {folder} has the details.").format(folder=log_folder()),
            (window.tr("Open log folder"), window.open_logs),
        )
    )
    catch_everything(alarm.raised.emit, window.session.autosave)

    def begin() -> None:
        window.status.begin()
        if options.project is not None:
            window.files.open_folder(options.project)
        window.make_pages()
        QTimer.singleShot(0, window, window.session.load_engine)

    window.first_painted.connect(begin)
    window.show()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
