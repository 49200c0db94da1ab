from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.dialogs.devices import DevicesDialog
from ui.main_window import MainWindow
from ui.session import Session
from ui.widgets import Text
from workbench.core.errors import WorkbenchError

PATIENCE_MS = 60_000


@pytest.fixture
def dialog(qtbot: QtBot, bare_session: Session) -> DevicesDialog:
    dialog = DevicesDialog(bare_session)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_that_the_panel_waits_for_tensorflow_and_then_tells_this_machine(
    dialog: DevicesDialog, bare_session: Session, qtbot: QtBot
) -> None:
    assert "loading" in dialog.verdict.label.text()
    assert not dialog.copy.isVisible()
    bare_session.load_engine()
    qtbot.waitUntil(dialog.copy.isVisible, timeout=PATIENCE_MS)
    assert "Training uses" in dialog.verdict.label.text()
    qtbot.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    assert "tensorflow: " in QGuiApplication.clipboard().text()


def test_that_a_missing_gpu_is_told_with_its_remedy(dialog: DevicesDialog, qtbot: QtBot) -> None:
    from workbench.engine.doctor import diagnose

    found = dataclasses.replace(diagnose(), gpu_missing="No driver.", remedy="sudo ubuntu-drivers install.")
    dialog.show_diagnosis(found)
    assert "No driver." in dialog.verdict.label.text()
    assert dialog.remedy.isVisible()
    assert dialog.remedy.text() == "sudo ubuntu-drivers install."


def test_that_long_sentences_cut_nothing(dialog: DevicesDialog, qtbot: QtBot) -> None:
    from workbench.engine.doctor import diagnose

    dialog.show_diagnosis(dataclasses.replace(diagnose(), gpu_missing="A long reason. " * 20, remedy="Do this. " * 40))
    qtbot.wait(50)
    labels = [label for label in dialog.findChildren(Text) if label.isVisible()]
    assert labels
    assert all(label.height() >= label.heightForWidth(label.width()) for label in labels if label.wordWrap())


def test_that_a_tensorflow_that_does_not_load_is_told(bare_session: Session, qtbot: QtBot) -> None:
    bare_session.engine_state = "failed"
    bare_session.engine_error = WorkbenchError("TensorFlow is missing.", "", "Install it.")
    dialog = DevicesDialog(bare_session)
    qtbot.addWidget(dialog)
    assert dialog.verdict.label.text() == "TensorFlow is missing. Install it."


def test_that_the_header_leads_to_it(window: MainWindow, qtbot: QtBot) -> None:
    opened = []

    def look() -> None:
        front = QApplication.activeModalWidget()
        if isinstance(front, DevicesDialog):
            opened.append(front.objectName())
            front.accept()

    QTimer.singleShot(200, window, look)
    window.header._device_button.click()
    assert opened == ["devices"]
    assert "help.devices" in window.actions_.actions
