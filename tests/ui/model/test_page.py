"""The Model page: palette, canvas and inspector together, in each state the window can be in."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from ui.pages.model import ModelPage
from ui.session import Session
from workbench.graph import edits
from workbench.project.model import Project
from workbench.project.presets import architectures, preset

from .conftest import LEFT, digits, node_of, pick


def test_that_without_data_the_page_says_so_and_leads_to_the_data(page, session, qtbot):
    assert page.header.state.text() == "no data"
    assert page.empty.isVisible()
    for name in ("fix_button", "begin_pick_data_button"):
        button = page.findChild(QPushButton, name)
        assert button.isVisible()
        with qtbot.waitSignal(session.page_wanted) as wanted:
            qtbot.mouseClick(button, LEFT)
        assert wanted.args == ["data"]


def test_that_a_layer_can_be_drawn_before_data_are_picked(page, session):
    page.palette_panel.chosen.emit("Dense")
    assert not page.empty.isVisible()
    assert page.dot != "ready"


def test_that_an_empty_canvas_offers_presets_that_suit_and_one_click_takes_one(page, session, qtbot):
    pick(session, digits())
    suit = architectures(digits())
    button = page.findChild(QPushButton, f"begin_{suit[0].name}")
    assert page.empty.isVisible()
    before = session.project
    qtbot.mouseClick(button, LEFT)
    assert len(session.project.graph.nodes) == len(suit[0].project.graph.nodes)
    assert not page.empty.isVisible()
    session.undo()
    assert session.project == before
    assert page.empty.isVisible()


def test_that_the_presets_follow_the_data(page, session):
    pick(session, digits(kind="table", input_shape=(12,), classes=("no", "yes")))
    shown = set(page.inspector.overview.cards.cards)
    assert shown == {preset.name for preset in architectures(session.project.info)}
    pick(session, digits())
    assert set(page.inspector.overview.cards.cards) == {preset.name for preset in architectures(digits())}


def test_that_a_preset_card_is_one_undoable_step(page, session, qtbot):
    pick(session, digits())
    before = session.project
    name, card = next(iter(page.inspector.overview.cards.cards.items()))
    qtbot.mouseClick(card, LEFT)
    assert len(session.project.graph.nodes) == len(preset(name).project.graph.nodes)
    assert session.undo_label == f"Architecture {preset(name).title}"
    session.undo()
    assert session.project == before


def test_that_the_header_names_the_first_problem_and_its_button_mends_it(drawn, session, qtbot):
    page = drawn
    last = session.project.graph.of_layer("Dense")[-1].id
    session.edit_graph("Break", lambda graph: edits.set_params(graph, last, {"units": 3}))
    assert page.header.state.text() == "not ready"
    assert page.dot == "attention"
    fix = page.findChild(QPushButton, "fix_button")
    qtbot.mouseClick(fix, LEFT)
    assert session.project.graph.by_id[last].params["units"] == 10
    assert page.header.state.text() == "checking"


def test_that_the_problem_list_leads_to_the_node(drawn, session, qtbot):
    page = drawn
    last = session.project.graph.of_layer("Dense")[-1].id
    session.edit_graph("Break", lambda graph: edits.set_params(graph, last, {"units": 3, "bad": 1}))
    qtbot.mouseClick(page.header.more, LEFT)
    rows = page.header.list
    assert rows.isVisible()
    spot = rows.visualItemRect(rows.item(0)).center()
    qtbot.mouseClick(rows.viewport(), LEFT, pos=spot)
    assert page.canvas.selection() == [last]


def test_that_an_unknown_layer_is_shown_and_kept(drawn, session):
    page = drawn
    session.edit_graph("Add", lambda graph: edits.append(graph, "FromTheFuture", {"x": 1})[0])
    node = node_of(session, "FromTheFuture")
    page.canvas.select([node])
    assert page.canvas.nodes[node].facts.problem is not None
    assert "does not know" in page.inspector.findChild(QLabel, "node_doc").text()
    assert session.project.graph.by_id[node].params == {"x": 1}


def test_that_every_action_of_the_page_has_its_own_name_and_says_why_it_cannot(drawn, session):
    actions = drawn.actions_here()
    assert len({action.id for action in actions}) == len(actions)
    delete = next(action for action in actions if action.id == "model.delete")
    drawn.canvas.select([])
    assert delete.why_not()
    drawn.canvas.select([node_of(session, "Flatten")])
    assert delete.why_not() is None
    delete.run()
    assert not session.project.graph.of_layer("Flatten")
    other = next(action for action in actions if action.id == "model.preset.tabular-mlp")
    assert other.why_not()


def test_that_shapes_and_counts_come_from_keras_and_a_missing_flatten_is_mended(drawn, session, qtbot):
    page = drawn
    assert page.canvas.nodes[node_of(session, "Conv2D")].facts.pending
    session.load_engine()
    qtbot.waitUntil(lambda: page.facts.fresh, timeout=120_000)
    assert page.facts.ready
    assert page.dot == "ready"
    assert page.header.state.text() == "ready to train"
    conv = page.canvas.nodes[node_of(session, "Conv2D")].facts
    assert (conv.shape, conv.params) == ("8×8×32", "320")
    assert page.inspector.overview.total.value == f"{session.report.total_params:,}"

    session.edit_graph("Delete", lambda graph: edits.remove(graph, [graph.of_layer("Flatten")[0].id]))
    qtbot.waitUntil(lambda: page.facts.fresh, timeout=30_000)
    assert not page.facts.ready
    assert page.header.fix.text() == "Insert a Flatten"
    qtbot.mouseClick(page.header.fix, LEFT)
    qtbot.waitUntil(lambda: page.facts.fresh, timeout=30_000)
    assert page.facts.ready
    page.canvas.select([node_of(session, "Flatten")])
    assert page.inspector.findChild(QLabel, "node_shape").text() == "512"


def test_that_the_session_outlives_the_page(session, qtbot, tmp_path):
    page = ModelPage(session)
    page.show()
    page.close()
    page.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    pick(session, digits())
    session.report_changed.emit()
    session.start(Project(name="next"), tmp_path / "next", draft=True)


def test_that_the_windows_keys_reach_the_canvas_and_undo_from_anywhere(window, qtbot, make_project, settle):
    window.files.open_folder(make_project("p"))
    window.show_page("model")
    page, session = window.pages["model"], window.session
    page.canvas.animated = False
    session.edit_graph("Add", lambda graph: edits.append(graph, "Dense", {"units": 4})[0])
    page.canvas.select([node_of(session, "Dense")])
    page.view.setFocus()
    qtbot.keyClick(page.view, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert len(session.project.graph.of_layer("Dense")) == 2
    qtbot.keyClick(page.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(session.project.graph.of_layer("Dense")) == 1
    page.canvas.select([node_of(session, "Dense")])
    units = page.inspector.findChild(QLineEdit, "field_units")
    units.setFocus()
    units.selectAll()
    qtbot.keyClicks(units, "64")
    assert session.project.graph.of_layer("Dense")[0].params["units"] == 64
    qtbot.keyClick(units, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert session.project.graph.of_layer("Dense")[0].params["units"] == 4
    assert units.text() == "4"
    window.run_action("model.preset.mlp")
    assert page.inspector.overview.isVisible()


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_that_the_context_menu_offers_what_can_be_done(drawn, session, qtbot):
    page = drawn
    page.canvas.select([node_of(session, "Flatten")])
    page.view.menu_wanted.emit(QPoint(200, 200))
    menu = next(menu for menu in page.view.findChildren(QMenu) if menu.isVisible())
    action = next(action for action in menu.actions() if action.text() == "Delete")
    action.trigger()
    menu.close()
    assert not session.project.graph.of_layer("Flatten")


def test_that_each_input_of_a_table_is_told_by_what_it_takes(drawn: ModelPage, session: Session) -> None:
    pick(session, digits(kind="table", input_shape=(2,), features=("age", "sex"), classes=("a", "b")))
    first = session.project.graph.input.id
    session.edit_graph("Add", lambda graph: edits.add(graph, "Input", {"columns": ["sex"]})[0])
    second = session.project.graph.inputs[1].id
    nodes = drawn.canvas.nodes
    assert [nodes[node].facts.summary for node in (first, second)] == ["Digits", "sex"]
    session.edit_graph("Set", lambda graph: edits.set_params(graph, first, {"columns": ["age"]}))
    assert [nodes[node].facts.summary for node in (first, second)] == ["age", "sex"]


def test_that_the_header_of_a_narrow_page_cuts_nothing_off(page: ModelPage, session: Session, qtbot: QtBot) -> None:
    page.resize(1030, 600)
    header = page.header
    assert header.total.text() == "–", "without data no count is known"
    assert header.fix.isVisible()
    qtbot.waitUntil(lambda: header.fix.width() >= header.fix.sizeHint().width())
    pick(session, digits())
    assert header.first is not None
    qtbot.waitUntil(lambda: header.fix.width() >= header.fix.sizeHint().width())
    assert header.fix.accessibleName() == header.first.repair.label
