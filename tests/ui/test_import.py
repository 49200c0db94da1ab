"""Importing a Keras model through the window: a draft of its own, laid out, with what stayed whole told."""

from __future__ import annotations

import keras
import pytest
from PySide6.QtWidgets import QFileDialog

from ui.dialogs.import_model import ImportReport
from workbench.graph.model import Graph
from workbench.importing import WEIGHTS_FILE, Imported


@pytest.fixture
def model_file(tmp_path):
    model = keras.Sequential(
        [keras.Input((8, 8, 1)), keras.layers.Flatten(name="flat"), keras.layers.Dense(10, activation="softmax")]
    )
    path = tmp_path / "small.keras"
    model.save(path)
    return path


def test_that_a_model_becomes_a_draft_on_the_canvas(window, qtbot, model_file, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: (str(model_file), ""))
    window.run_action("file.import")
    qtbot.waitUntil(lambda: window.session.project.name == "small", timeout=120_000)
    session = window.session
    assert session.is_draft
    assert window.current == "model"
    assert [node.layer for node in session.project.graph.nodes].count("Dense") == 1
    assert (session.folder / WEIGHTS_FILE).exists()
    assert "flat" in {item.facts.name for item in window.pages["model"].canvas.nodes.values()}
    qtbot.waitUntil(lambda: not session.busy, timeout=20_000)
    for dialog in window.findChildren(ImportReport):
        dialog.close()


def test_that_a_file_that_is_no_model_is_told_and_nothing_is_opened(window, qtbot, tmp_path, monkeypatch):
    path = tmp_path / "broken.keras"
    path.write_bytes(b"no model")
    told = []
    window.session.noticed.connect(lambda level, words, hint: told.append(level))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: (str(path), ""))
    window.run_action("file.import")
    qtbot.waitUntil(lambda: bool(told), timeout=30_000)
    assert told == ["error"]
    assert not window.session.is_open


def test_that_what_was_kept_whole_is_told_with_its_reason(window, qtbot):
    found = Imported(Graph(), None, None, ("odd: a layer of its own class.",) * 60, ("Weights are left behind.",))
    report = ImportReport("odd.keras", found, window)
    report.open()
    words = [note.accessibleName() for note in report.findChildren(object) if type(note).__name__ == "Note"]
    assert words.count("odd: a layer of its own class.") == 50
    assert "Weights are left behind." in words
    report.grab()
    report.accept()
