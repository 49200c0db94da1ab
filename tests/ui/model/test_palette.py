"""The palette of layers: searched, dragged from, and honest about what cannot be placed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from ui.canvas.mime import layer_of
from workbench.catalog.layers import layers

from .conftest import LEFT, node_of


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
