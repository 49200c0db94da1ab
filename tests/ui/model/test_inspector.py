"""The inspector of the Model page: settings, names and words of what is selected."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPushButton

from ui.pages.model import ModelPage
from ui.session import Session
from workbench.catalog.layers import layers
from workbench.graph import edits

from .conftest import LEFT, digits, node_of, pick, type_in


def test_that_typing_a_setting_is_one_undo_step_and_the_node_follows(drawn, session, qtbot):
    page, node = drawn, node_of(session, "Conv2D")
    before = session.project
    page.canvas.select([node])
    type_in(qtbot, page, "field_filters", "128")
    assert session.project.graph.by_id[node].params["filters"] == 128
    assert page.canvas.nodes[node].facts.summary.startswith("128 filters")
    session.undo()
    assert session.project == before
    assert page.inspector.findChild(QLineEdit, "field_filters").text() == "32"


def test_that_a_broken_rule_is_said_and_the_document_left_alone(drawn, session, qtbot):
    page, node = drawn, node_of(session, "Conv2D")
    page.canvas.select([node])
    before = session.project
    type_in(qtbot, page, "field_filters", "-")
    assert "whole number" in page.inspector.findChild(QLabel, "message_filters").text()
    assert session.project == before


def test_that_a_name_is_typed_and_a_taken_one_refused_in_words(drawn, session, qtbot):
    page, node = drawn, node_of(session, "Flatten")
    page.canvas.select([node])
    type_in(qtbot, page, "node_name", "flat")
    assert session.project.graph.by_id[node].name == "flat"
    assert page.canvas.nodes[node].facts.name == "flat"
    type_in(qtbot, page, "node_name", "dense")
    assert session.project.graph.by_id[node].name == "dens"
    assert "name of its own" in page.inspector.findChild(QLabel, "node_name_error").text()


def test_that_the_two_ends_say_what_the_data_are(drawn, session):
    page = drawn
    page.canvas.select([node_of(session, "Input")])
    words = page.inspector.findChild(QLabel, "end_words")
    assert "8 × 8 × 1" in words.text()
    page.canvas.select([node_of(session, "Output")])
    assert "10 units" in words.text()
    pick(session, digits(task="regression", classes=(), target="age"))
    assert "age" in words.text()


def test_that_keras_own_words_explain_a_layer(drawn, session):
    drawn.canvas.select([node_of(session, "Dropout")])
    assert layers()["Dropout"].doc.split("\n\n")[0] in drawn.inspector.findChild(QLabel, "node_doc").text()


def test_that_several_nodes_can_be_deleted_together(drawn, session, qtbot):
    page = drawn
    page.canvas.select([node.id for node in session.project.graph.of_layer("Dropout")])
    buttons = {button.text(): button for button in page.inspector.several.findChildren(QPushButton)}
    qtbot.mouseClick(buttons["Delete layers"], LEFT)
    assert not session.project.graph.of_layer("Dropout")
    session.undo()
    assert len(session.project.graph.of_layer("Dropout")) == 2


def test_that_an_input_of_a_table_has_its_columns_to_tick_and_one_of_pictures_has_none(drawn, session):
    page, inspector = drawn, drawn.inspector
    page.canvas.select([session.project.graph.input.id])
    assert not inspector.node_panel.form.isVisible()
    pick(session, digits(kind="table", input_shape=(3,), features=("age", "sex", "sex"), classes=("a", "b")))
    boxes = {box.text(): box for box in inspector.node_panel.form.findChildren(QCheckBox)}
    assert list(boxes) == ["age", "sex"]
    boxes["sex"].click()
    assert session.project.graph.input.params == {"columns": ["age"]}


def test_that_an_edit_shows_what_it_selects_once(drawn: ModelPage, session: Session, monkeypatch) -> None:
    picked, shown = [], []
    drawn.canvas.picked.connect(picked.append)
    refresh = drawn.inspector.node_panel.refresh
    monkeypatch.setattr(drawn.inspector.node_panel, "refresh", lambda: (shown.append(1), refresh()))
    drawn.canvas.select([session.project.graph.nodes[3].id])
    picked.clear(), shown.clear()
    drawn.editor.add_after_selection("ReLU")
    new = session.project.graph.nodes[-1].id
    assert picked == [[new]]
    assert len(shown) == 1
    drawn.editor.delete()
    assert len(picked) == 2
    assert len(picked[-1]) == 1
    assert len(shown) == 2, "what came before the deleted layer is shown, and nothing between"


def test_that_the_words_about_a_layer_do_not_end_before_a_list(drawn: ModelPage, session: Session) -> None:
    session.edit_graph("Add", lambda graph: edits.add(graph, "LSTM")[0])
    drawn.canvas.select([node_of(session, "LSTM")])
    words = drawn.inspector.findChild(QLabel, "node_doc").text()
    assert words.endswith(".")
