"""Every gesture of the mouse on the real canvas: one undo step each, and Escape leaves no trace."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from ui.canvas.mime import layer_mime
from ui.canvas.node_item import NodeItem
from workbench.graph import edits
from workbench.graph.model import Link

CTRL = Qt.KeyboardModifier.ControlModifier
COPY = Qt.DropAction.CopyAction
LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


def carry(view, layer, point, *, drop=True):
    """Carry a layer from the palette to a point of the canvas."""
    mime = layer_mime(layer)
    port = view.viewport()
    QApplication.sendEvent(port, QDragEnterEvent(QPoint(5, 5), COPY, mime, LEFT, NONE))
    QApplication.sendEvent(port, QDragMoveEvent(point, COPY, mime, LEFT, NONE))
    if drop:
        QApplication.sendEvent(port, QDropEvent(QPointF(point), COPY, mime, LEFT, NONE))


def test_that_a_click_selects_a_node_and_a_click_on_paper_selects_none(page, hand):
    hand.click(hand.centre("b"))
    assert page.canvas.selection() == ["b"]
    hand.click(QPoint(8, 8))
    assert page.canvas.selection() == []


def test_that_ctrl_click_adds_to_the_selection_and_takes_from_it(page, hand):
    hand.click(hand.centre("a"))
    hand.click(hand.centre("c"), CTRL)
    assert page.canvas.selection() == ["a", "c"]
    hand.click(hand.centre("a"), CTRL)
    assert page.canvas.selection() == ["c"]


def test_that_a_frame_selects_what_it_touches(page, hand):
    hand.drag(hand.centre("a") - QPoint(300, 10), hand.centre("c") + QPoint(20, 10))
    assert page.canvas.selection() == ["a", "b", "c"]


def test_that_dragging_a_node_reorders_the_stack_in_one_undo_step(page, hand, session, order):
    before = session.project.graph
    hand.drag(hand.centre("b"), hand.between("c", "d"))
    assert order() == ["in", "a", "c", "b", "d", "out"]
    session.undo()
    assert session.project.graph == before
    assert session.undo_label is None


def test_that_dragging_one_of_several_selected_moves_all(page, hand, order):
    page.canvas.select(["a", "b"])
    hand.drag(hand.centre("a"), hand.between("c", "d"))
    assert order() == ["in", "c", "a", "b", "d", "out"]


def test_that_the_nearest_link_is_lit_while_a_node_is_carried(page, hand):
    hand.press(hand.centre("b"))
    hand.move(hand.centre("c"))
    hand.move(hand.between("c", "d"))
    assert [edge.link for edge in page.canvas.edges.values() if edge.lit] == [Link(source="c", target="d")]
    hand.release(hand.between("c", "d"))
    assert not any(edge.lit for edge in page.canvas.edges.values())


def test_that_escape_puts_a_carried_node_back_and_edits_nothing(page, hand, session):
    before, place = session.project, page.canvas.nodes["b"].pos()
    hand.press(hand.centre("b"))
    hand.move(hand.centre("c"))
    hand.move(hand.between("c", "d"))
    assert page.canvas.nodes["b"].pos() != place
    hand.key(Qt.Key.Key_Escape)
    hand.release(hand.between("c", "d"))
    assert session.project == before
    assert page.canvas.nodes["b"].pos() == place


def test_that_a_node_let_go_on_paper_stays_there_in_one_undo_step(page, hand, session):
    before, place = session.project, page.canvas.nodes["b"].pos()
    hand.drag(hand.centre("b"), hand.centre("b") + QPoint(260, 14))
    assert page.canvas.nodes["b"].pos().x() > place.x() + 200
    assert session.project.graph.links == before.graph.links
    assert session.project.graph.by_id["b"].position == page.canvas.nodes["b"].pos().toTuple()
    session.undo()
    assert session.project == before
    assert page.canvas.nodes["b"].pos() == place


def test_that_several_selected_nodes_move_together(page, hand, session):
    page.canvas.select(["b", "c"])
    before = {node: page.canvas.nodes[node].pos() for node in ("b", "c")}
    hand.drag(hand.centre("b"), hand.centre("b") + QPoint(260, 14))
    ways = {(page.canvas.nodes[node].pos() - place).toTuple() for node, place in before.items()}
    assert len(ways) == 1


def test_that_a_carried_node_snaps_to_its_neighbours_centre(page, hand, session):
    hand.drag(hand.centre("b"), hand.centre("b") + QPoint(260, 14))
    way = page.view.mapFromScene(page.canvas.nodes["a"].pos()) - page.view.mapFromScene(page.canvas.nodes["b"].pos())
    start, end = hand.centre("b"), hand.centre("b") + QPoint(way.x() + 3, 0)
    hand.press(start)
    hand.move(start - QPoint(100, 0))
    hand.move(end)
    assert page.canvas.guides.isVisible()
    hand.release(end)
    assert page.canvas.nodes["b"].pos().x() == page.canvas.nodes["a"].pos().x()
    assert not page.canvas.guides.isVisible()


@pytest.mark.parametrize("end", ["in", "out"])
def test_that_the_two_ends_move_but_not_onto_a_wire(page, hand, session, end):
    before = session.project.graph
    hand.drag(hand.centre(end), hand.between("b", "c"))
    assert session.project.graph.links == before.links
    assert session.project.graph.by_id[end].position is not None


def test_that_an_undo_while_a_node_is_carried_does_no_harm(page, hand, session, order):
    page.editor.insert("ReLU", None)
    new = page.canvas.selection()[0]
    hand.press(hand.centre(new))
    hand.move(hand.centre("c"))
    session.undo()
    hand.move(hand.between("a", "b"))
    hand.release(hand.between("a", "b"))
    assert order() == ["in", "a", "b", "c", "d", "out"]


def test_that_a_layer_dropped_between_two_is_inserted_there(page, hand, session, order):
    carry(page.view, "ReLU", hand.between("a", "b"))
    new = page.canvas.selection()
    assert order() == ["in", "a", *new, "b", "c", "d", "out"]
    session.undo()
    assert order() == ["in", "a", "b", "c", "d", "out"]


def test_that_a_layer_dropped_far_off_lies_loose_where_it_was_dropped(page, order, session):
    place = page.view.mapToScene(QPoint(10, 10))
    carry(page.view, "ReLU", QPoint(10, 10))
    (new,) = page.canvas.selection()
    assert order() == ["in", "a", "b", "c", "d", "out"]
    assert session.project.graph.by_id[new].position is not None
    assert page.canvas.bounds([new]).contains(place)


def test_that_carrying_a_layer_lights_its_landing_and_leaving_puts_it_out(page, hand, session):
    before = session.project
    carry(page.view, "ReLU", hand.between("a", "b"), drop=False)
    assert [edge.link for edge in page.canvas.edges.values() if edge.lit] == [Link(source="a", target="b")]
    QApplication.sendEvent(page.view.viewport(), QDragLeaveEvent())
    assert not any(edge.lit for edge in page.canvas.edges.values())
    assert session.project == before


def test_that_a_foreign_drop_is_not_taken(page):
    mime = layer_mime("os.system")
    event = QDragEnterEvent(QPoint(5, 5), COPY, mime, LEFT, NONE)
    QApplication.sendEvent(page.view.viewport(), event)
    assert not event.isAccepted()


def test_that_a_click_on_the_repair_button_carries_it_out(page, hand, session):
    session.edit_graph("Break", lambda graph: edits.set_params(graph, "d", {"units": 7}))
    page.view.fit()
    item = page.canvas.nodes["d"]
    assert isinstance(item, NodeItem)
    assert not item.repair_rect.isNull()
    hand.click(page.view.mapFromScene(item.mapToScene(item.repair_rect.center())))
    assert session.project.graph.by_id["d"].params["units"] == 10
    assert item.facts.problem is None


def test_that_a_sentence_under_a_node_pushes_the_next_node_down(page, session):
    before = page.canvas.nodes["out"].pos().y()
    session.edit_graph("Break", lambda graph: edits.set_params(graph, "d", {"units": 7}))
    item = page.canvas.nodes["d"]
    assert page.canvas.nodes["out"].pos().y() == before + item.strip_height
    assert item.sceneBoundingRect().bottom() <= page.canvas.nodes["out"].pos().y()


def test_that_the_middle_button_drags_the_paper(page, hand):
    middle = Qt.MouseButton.MiddleButton
    before = page.view.mapToScene(QPoint(100, 100))
    hand.press(QPoint(300, 300), button=middle)
    hand.move(QPoint(340, 320))
    hand.release(QPoint(340, 320), button=middle)
    way = page.view.mapToScene(QPoint(140, 120)) - before
    assert way.manhattanLength() < 3


def test_that_space_turns_a_drag_into_a_pan(page, hand, qtbot, session):
    before = page.view.mapToScene(QPoint(100, 100))
    qtbot.keyPress(page.view, Qt.Key.Key_Space)
    hand.drag(hand.centre("b"), hand.centre("b") + QPoint(60, 40))
    qtbot.keyRelease(page.view, Qt.Key.Key_Space)
    way = page.view.mapToScene(QPoint(160, 140)) - before
    assert way.manhattanLength() < 3
    assert page.canvas.selection() == []


def test_that_the_wheel_zooms_about_the_pointer(page):
    point = QPoint(200, 150)
    before, zoom = page.view.mapToScene(point), page.view.zoom
    event = QWheelEvent(
        QPointF(point),
        QPointF(page.view.viewport().mapToGlobal(point)),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        NONE,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(page.view.viewport(), event)
    assert page.view.zoom > zoom
    assert (page.view.mapToScene(point) - before).manhattanLength() < 3


def test_that_a_double_click_on_paper_opens_the_quick_menu(page, qtbot):
    qtbot.mouseDClick(page.view.viewport(), LEFT, NONE, QPoint(40, 40))
    assert page.view.quick_add.isVisible()


def test_that_a_double_click_on_a_node_lets_its_name_be_typed(page, hand, qtbot, session):
    qtbot.mouseDClick(page.view.viewport(), LEFT, NONE, hand.centre("b"))
    name = page.inspector.node_panel.name
    assert name.hasFocus()
    qtbot.keyClicks(name, "hidden")
    assert session.project.graph.by_id["b"].name == "hidden"
    session.undo()
    assert session.project.graph.by_id["b"].name == "l1"
