"""Finding a node by typing, and going to it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from ui.canvas.find import matches, zoom_to
from workbench.project.model import Project

from .conftest import stack

SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def tall(page, session, info, tmp_path):
    layers = [("Dense", {"units": 8}), ("Dropout", {"rate": 0.5})] * 15 + [("LayerNormalization", {})]
    session.start(Project(name="tall", info=info, graph=stack(*layers)), tmp_path / "tall", draft=True)
    return page


@pytest.fixture
def bar(tall):
    tall.overlays.find.open_bar()
    return tall.overlays.find


def middle_distance(page, node):
    view = page.view
    way = view.mapFromScene(page.canvas.bounds([node]).center()) - view.viewport().rect().center()
    return way.manhattanLength()


def test_that_typing_selects_the_first_match_and_brings_it_into_the_middle(tall, bar, qtbot):
    qtbot.keyClicks(bar.field, "layer norm")
    (found,) = tall.canvas.selection()
    assert tall.canvas.graph.by_id[found].layer == "LayerNormalization"
    assert middle_distance(tall, found) < 6
    assert bar.count.text() == "1 / 1"


def test_that_enter_goes_on_and_shift_enter_back_around_the_ends(tall, bar, qtbot):
    qtbot.keyClicks(bar.field, "dropout")
    assert bar.count.text() == "1 / 15"
    first = tall.canvas.selection()
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    assert bar.count.text() == "2 / 15"
    assert tall.canvas.selection() != first
    qtbot.keyClick(bar.field, Qt.Key.Key_Return, SHIFT)
    qtbot.keyClick(bar.field, Qt.Key.Key_Return, SHIFT)
    assert bar.count.text() == "15 / 15"
    qtbot.keyClick(bar.field, Qt.Key.Key_Down)
    assert tall.canvas.selection() == first


def test_that_settings_and_own_names_are_found_too(tall, bar, qtbot):
    qtbot.keyClicks(bar.field, "l7")
    assert [tall.canvas.graph.by_id[node].name for node in tall.canvas.selection()] == ["l7"]
    bar.field.clear()
    qtbot.keyClicks(bar.field, "8 units")
    assert bar.count.text() == "1 / 15"


def test_that_nothing_found_is_said_and_leaves_the_selection(tall, bar, qtbot):
    tall.canvas.select(["a"])
    qtbot.keyClicks(bar.field, "qqqq")
    assert bar.count.text() == "none"
    assert tall.canvas.selection() == ["a"]
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)


def test_that_escape_gives_the_keyboard_back_to_the_canvas(tall, bar, qtbot):
    assert bar.isVisible()
    qtbot.keyClick(bar.field, Qt.Key.Key_Escape)
    assert not bar.isVisible()


def test_that_a_match_that_was_deleted_is_passed_over(tall, bar, qtbot, session):
    from workbench.graph import edits

    qtbot.keyClicks(bar.field, "layer norm")
    (found,) = tall.canvas.selection()
    session.edit_graph("Delete", lambda graph: edits.remove(graph, [found]))
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    assert bar.found == []


def test_that_scattered_letters_count_only_where_nothing_answers_better():
    named = [("a", ("dropout",)), ("b", ("drop_rate_out",)), ("c", ("d-r-o-p",))]
    assert matches("drop", named) == ["a", "b"]
    assert matches("dout", named) == ["b", "a"] or matches("dout", named) == ["a", "b"]
    assert matches("zzz", named) == []


def test_that_the_selection_fills_the_view_but_never_too_closely(tall):
    view = tall.view
    zoom_to(view, ["b"])
    assert view.zoom == pytest.approx(1.5)
    assert middle_distance(tall, "b") < 6
    zoom_to(view, [node.id for node in tall.canvas.graph.nodes])
    assert view.zoom < 0.5
    before = view.zoom
    zoom_to(view, [])
    assert view.zoom == before


def test_that_the_keys_work_from_the_canvas(window, qtbot, make_project, settle):
    window.files.open_folder(make_project("p"))
    window.show_page("model")
    page = window.pages["model"]
    page.view.setFocus()
    qtbot.keyClick(page.view, Qt.Key.Key_F, CTRL)
    assert page.overlays.find.isVisible()
    page.overlays.find.close_bar()
    page.canvas.select([page.canvas.graph.nodes[0].id])
    qtbot.keyClick(page.view, Qt.Key.Key_9, CTRL)
    assert page.view.zoom == pytest.approx(1.5)
