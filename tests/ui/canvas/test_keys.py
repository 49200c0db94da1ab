"""The canvas by keyboard alone."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from ui.canvas.clip import to_text
from workbench.graph.model import Graph, Node

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


def test_that_the_arrows_walk_the_stack(page, hand):
    hand.key(Qt.Key.Key_Down)
    assert page.canvas.selection() == ["in"]
    for _ in range(3):
        hand.key(Qt.Key.Key_Down)
    assert page.canvas.selection() == ["c"]
    hand.key(Qt.Key.Key_Up)
    assert page.canvas.selection() == ["b"]


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace])
def test_that_delete_takes_the_selection_off_and_links_its_neighbours(page, hand, session, order, key):
    page.canvas.select(["b", "c"])
    hand.key(key)
    assert order() == ["in", "a", "d", "out"]
    assert page.canvas.selection() == ["a"]
    session.undo()
    assert order() == ["in", "a", "b", "c", "d", "out"]


def test_that_the_two_ends_stay(page, hand, session):
    before = session.project
    hand.key(Qt.Key.Key_A, CTRL)
    page.canvas.select(["in", "out"])
    hand.key(Qt.Key.Key_Delete)
    assert session.project == before


def test_that_ctrl_d_duplicates_behind_the_selection_in_one_step(page, hand, session, order):
    page.canvas.select(["a", "b"])
    hand.key(Qt.Key.Key_D, CTRL)
    new = page.canvas.selection()
    assert order() == ["in", "a", "b", *new, "c", "d", "out"]
    assert [session.project.graph.by_id[node].layer for node in new] == ["Flatten", "Dense"]
    session.undo()
    assert session.undo_label is None


def test_that_copy_and_paste_carry_settings_as_text(page, hand, session, order):
    page.canvas.select(["b"])
    hand.key(Qt.Key.Key_C, CTRL)
    assert json.loads(QGuiApplication.clipboard().text())["nodes"][0]["params"] == {"units": 32}
    page.canvas.select(["c"])
    hand.key(Qt.Key.Key_V, CTRL)
    (new,) = page.canvas.selection()
    assert order() == ["in", "a", "b", "c", new, "d", "out"]
    assert session.project.graph.by_id[new].params == {"units": 32}


def test_that_cut_takes_off_what_paste_brings_back(page, hand, session, order):
    page.canvas.select(["c"])
    hand.key(Qt.Key.Key_X, CTRL)
    assert order() == ["in", "a", "b", "d", "out"]
    page.canvas.select(["a"])
    hand.key(Qt.Key.Key_V, CTRL)
    (new,) = page.canvas.selection()
    assert order() == ["in", "a", new, "b", "d", "out"]
    assert session.project.graph.by_id[new].params == {"rate": 0.5}


def test_that_pasting_a_strangers_text_says_why_it_is_refused(page, hand, session, qtbot):
    before = session.project
    text = to_text(Graph(nodes=(Node(id="x", layer="Dense", name="x", params={"units": "__import__('os')"}),)))
    QGuiApplication.clipboard().setText(text)
    with qtbot.waitSignal(session.noticed) as told:
        hand.key(Qt.Key.Key_V, CTRL)
    assert "Units must be a whole number" in told.args[1]
    assert session.project == before


def test_that_alt_and_arrows_move_the_selection_along_the_stack(page, hand, session, order):
    page.canvas.select(["b"])
    hand.key(Qt.Key.Key_Down, ALT)
    assert order() == ["in", "a", "c", "b", "d", "out"]
    hand.key(Qt.Key.Key_Up, ALT)
    hand.key(Qt.Key.Key_Up, ALT)
    assert order() == ["in", "b", "a", "c", "d", "out"]
    hand.key(Qt.Key.Key_Up, ALT)
    assert order() == ["in", "b", "a", "c", "d", "out"]


def test_that_tab_opens_a_menu_in_which_a_layer_is_found_and_added(page, hand, qtbot, session, order):
    page.canvas.select(["b"])
    hand.key(Qt.Key.Key_Tab)
    menu = page.view.quick_add
    assert menu.isVisible()
    qtbot.keyClicks(menu.search, "batchnorm")
    qtbot.keyClick(menu.search, Qt.Key.Key_Return)
    (new,) = page.canvas.selection()
    assert session.project.graph.by_id[new].layer == "BatchNormalization"
    assert order() == ["in", "a", "b", new, "c", "d", "out"]
    assert not menu.isVisible()
    assert page.view.hasFocus()


def test_that_typing_opens_the_menu_with_what_was_typed(page, hand, qtbot):
    hand.key(Qt.Key.Key_F)
    menu = page.view.quick_add
    qtbot.keyClicks(menu.search, "latten")
    assert menu.search.text() == "flatten"
    assert menu.list.currentItem().text() == "Flatten"


def test_that_escape_leaves_the_menu_without_an_edit(page, hand, qtbot, session):
    before = session.project
    hand.key(Qt.Key.Key_D)
    qtbot.keyClick(page.view.quick_add.search, Qt.Key.Key_Escape)
    assert not page.view.quick_add.isVisible()
    assert session.project == before


def test_that_the_arrows_choose_in_the_menu(page, hand, qtbot, session):
    hand.key(Qt.Key.Key_Tab)
    menu = page.view.quick_add
    qtbot.keyClicks(menu.search, "lstm")
    second = menu.list.item(1).text()
    qtbot.keyClick(menu.search, Qt.Key.Key_Down)
    qtbot.keyClick(menu.search, Qt.Key.Key_Return)
    assert session.project.graph.by_id[page.canvas.selection()[0]].layer == second


def test_that_a_name_that_no_layer_has_adds_nothing(page, hand, qtbot, session):
    before = session.project
    hand.key(Qt.Key.Key_Tab)
    qtbot.keyClicks(page.view.quick_add.search, "qqqq")
    qtbot.keyClick(page.view.quick_add.search, Qt.Key.Key_Return)
    assert session.project == before


def test_that_keys_zoom_and_fit(page, hand):
    hand.key(Qt.Key.Key_Plus, CTRL)
    hand.key(Qt.Key.Key_Plus, CTRL)
    closer = page.view.zoom
    hand.key(Qt.Key.Key_Minus, CTRL)
    assert page.view.zoom < closer
    for _ in range(40):
        hand.key(Qt.Key.Key_Plus, CTRL)
    assert page.view.zoom == pytest.approx(3.0)
    hand.key(Qt.Key.Key_0, CTRL)
    shown = page.view.mapToScene(page.view.viewport().rect()).boundingRect()
    assert shown.contains(page.canvas.bounds())


def test_that_f2_goes_to_the_name(page, hand):
    page.canvas.select(["b"])
    hand.key(Qt.Key.Key_F2)
    assert page.inspector.node_panel.name.hasFocus()


def test_that_select_all_selects_all(page, hand):
    hand.key(Qt.Key.Key_A, CTRL)
    assert len(page.canvas.selection()) == 6
