"""The drawing as code under the canvas: it follows the drawing, and the drawing follows it."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from workbench.graph import edits


@pytest.fixture
def code(page):
    page.overlays.toggle_code()
    return page.overlays.code


def retype(code, old, new):
    assert old in code.text.toPlainText()
    code.text.setPlainText(code.text.toPlainText().replace(old, new))


def test_that_the_code_is_shown_and_follows_the_canvas(page, code, session):
    assert "layers.Dense(32" in code.text.toPlainText()
    session.edit_graph("Set", lambda graph: edits.set_params(graph, "b", {"units": 48}))
    assert "layers.Dense(48" in code.text.toPlainText()
    page.grab()
    page.overlays.toggle_code()
    assert code.isHidden()


def test_that_an_edit_of_the_code_is_one_step_and_keeps_the_nodes(page, code, session, qtbot):
    before = session.project
    retype(code, "layers.Dense(32", "layers.Dense(64")
    typed = code.text.toPlainText()
    qtbot.waitUntil(lambda: session.project.graph.by_id["b"].params.get("units") == 64, timeout=5_000)
    assert [node.id for node in session.project.graph.nodes] == [node.id for node in before.graph.nodes]
    assert session.undo_label == "Edit the code"
    assert code.text.toPlainText() == typed
    session.undo()
    assert session.project == before
    assert "layers.Dense(32" in code.text.toPlainText()


def test_that_what_cannot_be_drawn_is_marked_and_the_canvas_left_alone(page, code, session, qtbot):
    before = session.project
    retype(code, "layers.Dense(32", "layers.Dense((32")
    qtbot.waitUntil(lambda: code.again.isVisible(), timeout=5_000)
    assert session.project == before
    assert "Line" in code.state.accessibleName()
    assert len(code.text.extraSelections()) == 1
    code.again.click()
    assert "layers.Dense((32" not in code.text.toPlainText()
    assert not code.again.isVisible()


def test_that_code_is_never_run(page, code, session, qtbot, tmp_path):
    trap = tmp_path / "trap"
    retype(code, "import keras\n", f"import keras\nopen({str(trap)!r}, 'w').write('x')\n")
    qtbot.wait(900)
    assert not trap.exists()


def test_that_a_loose_layer_survives_an_edit_of_the_code(page, code, session, qtbot):
    session.edit_graph("Add", lambda graph: edits.add(graph, "GaussianNoise")[0])
    retype(code, "layers.Dense(32", "layers.Dense(64")
    qtbot.waitUntil(lambda: session.project.graph.by_id["b"].params.get("units") == 64, timeout=5_000)
    assert session.project.graph.of_layer("GaussianNoise")


def test_that_code_is_copied_and_saved(page, session, tmp_path, monkeypatch):
    told = []
    session.noticed.connect(lambda level, words, hint: told.append(words))
    copy = next(action for action in page.actions_here() if action.id == "model.copy_code")
    copy.run()
    assert "import keras" in QGuiApplication.clipboard().text()
    assert told == ["The model was copied as Keras code."]
    page.overlays.toggle_code()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(tmp_path / "net"), ""))
    page.overlays.code.save()
    assert (tmp_path / "net.py").read_text() == page.overlays.code.text.toPlainText()


def test_that_without_data_the_panel_says_what_is_missing(page, code, session):
    session.do("Drop", lambda project: project.model_copy(update={"info": None}))
    assert code.text.isReadOnly()
    assert "Pick data" in code.state.accessibleName()
