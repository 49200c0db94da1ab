"""The main job in the real window, by mouse and keyboard: from the start page to a SavedModel that is proved."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.main_window import USUAL_SIZE, MainWindow
from ui.pages.deploy import DeployPage
from ui.pages.model import ModelPage

PATIENCE_MS = 240_000

PLAIN = """
import sys
import numpy as np, tensorflow as tf
model = tf.saved_model.load(sys.argv[1])
answer = model.signatures["classify_array"](image=tf.constant(np.zeros((1, 8, 8, 1), np.uint8)))
print(answer["label"].numpy()[0].decode() in "0123456789")
"""


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    """The whole window with its engine, as `workbench` opens it."""
    window = MainWindow()
    window.resize(USUAL_SIZE)  # the offscreen screen is small
    window.show()
    qtbot.waitExposed(window)
    window.session.load_engine()
    yield window
    window.session.forget_changes()
    window.close()
    window.deleteLater()


def press(qtbot: QtBot, parent: QWidget, name: str) -> None:
    """Click the widget of that object name with the mouse."""
    widget = parent.findChild(QWidget, name)
    assert widget is not None, name
    assert widget.isVisible(), name
    assert widget.isEnabled(), f"{name}: {widget.toolTip()}"
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


@pytest.mark.timeout(600)
def test_that_digits_go_from_the_start_page_to_a_proved_saved_model(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    session = window.session
    press(qtbot, window, "quickstart_digits")
    qtbot.waitUntil(lambda: session.dataset is not None, timeout=PATIENCE_MS)

    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    model = window.pages["model"]
    assert isinstance(model, ModelPage)
    qtbot.waitUntil(model.isVisible)
    before = session.project.graph
    model.canvas.select([before.order[0]])
    qtbot.keyClick(model.view, Qt.Key.Key_Tab)
    qtbot.keyClicks(window.focusWidget(), "gaussiann")
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert session.project.graph.of_layer("GaussianNoise")
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert session.project.graph == before
    qtbot.waitUntil(lambda: session.report is not None and session.report.ok, timeout=PATIENCE_MS)

    qtbot.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    session.do(
        "Train shortly", lambda p: p.model_copy(update={"training": p.training.model_copy(update={"epochs": 6})})
    )
    press(qtbot, window, "train_button")
    qtbot.waitUntil(lambda: window.training.state == "running", timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: window.training.state == "idle", timeout=PATIENCE_MS)
    record = window.training.runs()[-1]
    assert record.outcome == "done", record.message
    assert record.metrics["val_accuracy"] is not None
    assert record.metrics["val_accuracy"] > 0.8

    qtbot.keyClick(window, Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)
    report = session.folder / "runs" / record.run / "report" / "evaluation-test.json"  # type: ignore[operator]
    qtbot.waitUntil(report.exists, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not session.busy, timeout=PATIENCE_MS)

    qtbot.keyClick(window, Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    deploy = window.pages["deploy"]
    assert isinstance(deploy, DeployPage)
    out = tmp_path / "digits-model"
    deploy.choose_path = lambda spec, suggestion: out
    press(qtbot, window, "export_button")
    qtbot.waitUntil(lambda: not deploy.is_exporting, timeout=PATIENCE_MS)
    assert deploy.certificate.verified, deploy.certificate.words.text()
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["classes"] == [str(digit) for digit in range(10)]
    plain = subprocess.run(
        [sys.executable, "-c", PLAIN, str(out)], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert plain.stdout.strip() == "True"


def test_that_a_layer_is_dragged_between_two_others_with_the_mouse(qtbot: QtBot, window: MainWindow) -> None:
    session = window.session
    press(qtbot, window, "quickstart_digits")
    qtbot.waitUntil(lambda: session.dataset is not None, timeout=PATIENCE_MS)
    window.show_page("model")
    model = window.pages["model"]
    assert isinstance(model, ModelPage)
    view, graph = model.view, session.project.graph
    view.fit()
    moved = graph.of_layer("MaxPooling2D")[0].id
    start = view.mapFromScene(model.canvas.bounds([moved]).center())
    first, second = (view.mapFromScene(model.canvas.bounds([graph.order[place]]).center()) for place in (0, 1))
    end = QPoint((first.x() + second.x()) // 2, (first.y() + second.y()) // 2)
    port = view.viewport()
    qtbot.mousePress(port, Qt.MouseButton.LeftButton, pos=start)
    for step in range(1, 9):
        qtbot.mouseMove(port, start + (end - start) * step / 8)
    qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=end)
    assert session.project.graph.order[1] == moved
    session.undo()
    assert session.project.graph == graph
