"""The Model page: palette, canvas and inspector together, in each state the window can be in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from ui.canvas.mime import layer_of
from ui.pages.model import ModelPage
from ui.session import Session
from workbench.catalog.layers import layers
from workbench.data.spec import DatasetInfo
from workbench.graph import edits
from workbench.project.model import Project
from workbench.project.presets import architectures, preset

STACK = (
    ("Conv2D", {"filters": 32, "kernel_size": 3, "padding": "same", "activation": "relu"}),
    ("MaxPooling2D", {"pool_size": 2}),
    ("Dropout", {"rate": 0.25}),
    ("Flatten", {}),
    ("Dense", {"units": 64, "activation": "relu"}),
    ("Dropout", {"rate": 0.5}),
    ("Dense", {"units": 10, "activation": "softmax"}),
)
LEFT = Qt.MouseButton.LeftButton


def digits(**changes) -> DatasetInfo:
    found = {
        "title": "Digits",
        "kind": "image",
        "task": "classification",
        "input_shape": (8, 8, 1),
        "classes": tuple("0123456789"),
        "samples": 1797,
        "train_samples": 1258,
        "validation_samples": 270,
        "test_samples": 269,
    }
    return DatasetInfo(**(found | changes))


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    session = Session()
    session.start(Project(name="test"), tmp_path, draft=True)
    yield session
    session.close()


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> ModelPage:
    page = ModelPage(session)
    qtbot.addWidget(page)
    page.resize(1300, 850)
    page.canvas.animated = False
    page.show()
    page.shown()
    return page


@pytest.fixture
def drawn(page: ModelPage, session: Session, tmp_path: Path) -> ModelPage:
    """The page with digits and a small convolutional network."""
    graph = edits.blank()
    for layer, params in STACK:
        graph, _ = edits.append(graph, layer, params)
    session.start(Project(name="test", info=digits(), graph=graph), tmp_path, draft=True)
    return page


def pick(session: Session, info: DatasetInfo) -> None:
    session.do("Pick data", lambda project: project.model_copy(update={"info": info}))


def node_of(session: Session, layer: str) -> str:
    return session.project.graph.of_layer(layer)[0].id


def type_in(qtbot: QtBot, page: ModelPage, field: str, text: str) -> None:
    line = page.inspector.findChild(QLineEdit, field)
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)


# No data yet


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


# Data, and nothing drawn


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


# The palette


def test_that_the_palette_has_every_layer_and_the_two_ends(page):
    tree = page.palette_panel.tree
    found = [
        tree.layer_of(tree.topLevelItem(group).child(row))
        for group in range(tree.topLevelItemCount())
        for row in range(tree.topLevelItem(group).childCount())
    ]
    assert sorted(found) == sorted(layers())


def test_that_searching_finds_and_enter_adds_after_the_selection(drawn, session, qtbot):
    page = drawn
    after = node_of(session, "Flatten")
    page.canvas.select([after])
    search = page.palette_panel.search
    qtbot.keyClicks(search, "layer norm")
    qtbot.keyClick(search, Qt.Key.Key_Return)
    (new,) = page.canvas.selection()
    assert session.project.graph.by_id[new].layer == "LayerNormalization"
    assert session.project.graph.incoming[new][0].source == after


def test_that_a_double_click_adds_at_the_end_when_nothing_is_selected(drawn, session, qtbot):
    page = drawn
    qtbot.keyClicks(page.palette_panel.search, "gaussiannoise")
    tree = page.palette_panel.tree
    spot = tree.visualItemRect(tree.topLevelItem(0)).center()
    qtbot.mouseClick(tree.viewport(), LEFT, pos=spot)
    qtbot.mouseDClick(tree.viewport(), LEFT, pos=spot)
    graph = session.project.graph
    assert graph.by_id[graph.incoming[graph.output.id][0].source].layer == "GaussianNoise"


def test_that_a_row_can_be_dragged_and_carries_its_layer(page):
    tree = page.palette_panel.tree
    row = tree.topLevelItem(0).child(0)
    assert row.flags() & Qt.ItemFlag.ItemIsDragEnabled
    assert layer_of(tree.mimeData([row])) == tree.layer_of(row)
    assert layer_of(tree.mimeData([tree.topLevelItem(0)])) is None
    assert "<b>" in row.toolTip(0)


def test_that_a_layer_that_cannot_be_placed_is_found_with_the_reason(drawn, session, qtbot):
    panel, before = drawn.palette_panel, session.project
    qtbot.keyClicks(panel.search, "torchmodule")
    row = panel.tree.topLevelItem(0)
    assert row.text(0) == "TorchModuleWrapper"
    assert not row.flags() & Qt.ItemFlag.ItemIsDragEnabled
    hint = panel.findChild(QLabel, "palette_hint")
    assert "carries code" in hint.text()
    qtbot.keyClick(panel.search, Qt.Key.Key_Return)
    assert session.project == before
    panel.search.clear()
    assert "Drag a layer" in hint.text()


def test_that_a_search_without_an_answer_says_so(page, qtbot):
    qtbot.keyClicks(page.palette_panel.search, "qqqq")
    assert page.palette_panel.tree.topLevelItem(0).text(0) == "No layer fits that"
    qtbot.keyClick(page.palette_panel.search, Qt.Key.Key_Return)
    qtbot.keyClick(page.palette_panel.search, Qt.Key.Key_Escape)
    assert page.palette_panel.search.text() == ""


# The inspector


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


# Problems


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


# Actions


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


# With the engine


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


def test_that_an_input_of_a_table_has_its_columns_to_tick_and_one_of_pictures_has_none(drawn, session):
    page, inspector = drawn, drawn.inspector
    page.canvas.select([session.project.graph.input.id])
    assert not inspector.node_panel.form.isVisible()
    pick(session, digits(kind="table", input_shape=(3,), features=("age", "sex", "sex"), classes=("a", "b")))
    boxes = {box.text(): box for box in inspector.node_panel.form.findChildren(QCheckBox)}
    assert list(boxes) == ["age", "sex"]
    boxes["sex"].click()
    assert session.project.graph.input.params == {"columns": ["age"]}


def test_that_each_input_of_a_table_is_told_by_what_it_takes(drawn: ModelPage, session: Session) -> None:
    pick(session, digits(kind="table", input_shape=(2,), features=("age", "sex"), classes=("a", "b")))
    first = session.project.graph.input.id
    session.edit_graph("Add", lambda graph: edits.add(graph, "Input", {"columns": ["sex"]})[0])
    second = session.project.graph.inputs[1].id
    nodes = drawn.canvas.nodes
    assert [nodes[node].facts.summary for node in (first, second)] == ["Digits", "sex"]
    session.edit_graph("Set", lambda graph: edits.set_params(graph, first, {"columns": ["age"]}))
    assert [nodes[node].facts.summary for node in (first, second)] == ["age", "sex"]


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


def test_that_the_words_about_a_layer_do_not_end_before_a_list(drawn: ModelPage, session: Session) -> None:
    session.edit_graph("Add", lambda graph: edits.add(graph, "LSTM")[0])
    drawn.canvas.select([node_of(session, "LSTM")])
    words = drawn.inspector.findChild(QLabel, "node_doc").text()
    assert words.endswith(".")
