"""Wires, groups, comments and blocks on the real canvas, by mouse and by keys: one undo step each."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from ui.canvas import blocks
from ui.theme import tokens
from workbench.graph import edits
from workbench.graph.model import Link

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def merge(page, session):
    """An Add, loose at the right of the stack."""
    session.edit_graph("Add", lambda graph: edits.add(graph, "Add", position=(320.0, 200.0))[0])
    page.view.fit()
    return session.project.graph.of_layer("Add")[0].id


@pytest.fixture
def spot(page):
    """Where a port is in the viewport: `spot("a")` of an output, `spot("a", "input")` of an input."""

    def find(node, port=None):
        item = page.canvas.nodes[node]
        return page.view.mapFromScene(item.exit if port is None else item.entry_of(port))

    return find


def drag(hand, start, end):
    hand.press(start)
    hand.move(start + QPoint(0, 30))
    hand.move(end)


def test_that_a_wire_is_drawn_from_port_to_port_in_one_undo_step(page, hand, session, merge, spot):
    before = session.project
    drag(hand, spot("a"), spot(merge, "input"))
    hand.release(spot(merge, "input"))
    assert Link(source="a", target=merge) in session.project.graph.links
    session.undo()
    assert session.project == before


def test_that_a_wire_can_be_drawn_backwards(page, hand, session, merge, spot):
    drag(hand, spot(merge, "input"), spot("b"))
    hand.release(spot("b"))
    assert Link(source="b", target=merge) in session.project.graph.links


def test_that_what_fits_is_lit_and_what_does_not_says_why(page, hand, session, spot):
    drag(hand, spot("c"), hand.centre("a"))
    assert page.canvas.nodes["out"].fits
    assert page.canvas.nodes["a"].fits is False
    assert "circle" in page.canvas._label.words
    before = session.project
    hand.release(hand.centre("a"))
    assert session.project == before
    assert page.canvas.nodes["a"].fits is None
    assert not page.canvas._label.isVisible()


def test_that_escape_leaves_a_wire_without_a_trace(page, hand, session, merge, spot):
    before = session.project
    drag(hand, spot("a"), spot(merge, "input"))
    hand.key(Qt.Key.Key_Escape)
    hand.release(spot(merge, "input"))
    assert session.project == before
    assert not page.canvas.loose.isVisible()
    assert page.canvas.nodes["b"].opacity() == 1.0


def test_that_a_taken_input_gives_its_wire_to_the_hand(page, hand, session, merge, spot):
    drag(hand, spot("d", "input"), spot(merge, "input"))
    hand.release(spot(merge, "input"))
    assert session.project.graph.incoming["d"] == ()
    assert Link(source="c", target=merge) in session.project.graph.links


def test_that_a_wires_end_let_go_on_paper_comes_off(page, hand, session, spot):
    drag(hand, spot("d", "input"), QPoint(20, 20))
    hand.release(QPoint(20, 20))
    assert session.project.graph.incoming["d"] == ()
    session.undo()
    assert session.project.graph.incoming["d"]


def test_that_a_wire_dropped_on_paper_asks_for_the_layer_and_links_it(page, hand, session, spot, qtbot):
    drag(hand, spot("a"), QPoint(60, 300))
    hand.release(QPoint(60, 300))
    menu = page.view.quick_add
    assert menu.isVisible()
    qtbot.keyClicks(menu.search, "batchnorm")
    qtbot.keyClick(menu.search, Qt.Key.Key_Return)
    (new,) = page.canvas.selection()
    assert [link.source for link in session.project.graph.incoming[new]] == ["a"]
    session.undo()
    assert session.undo_label is None


def test_that_the_menu_on_a_wire_leaves_out_what_cannot_follow(page, hand, spot, qtbot):
    drag(hand, spot("a"), QPoint(60, 300))
    hand.release(QPoint(60, 300))
    menu = page.view.quick_add
    names = [menu.list.item(row).text() for row in range(menu.list.count())]
    assert "Input" not in names
    qtbot.keyClicks(menu.search, "input")
    assert "nothing can come before it" in " ".join(menu.list.item(row).text() for row in range(menu.list.count()))


def test_that_a_click_selects_a_wire_and_delete_takes_it_off(page, hand, session):
    hand.click(hand.between("b", "c"))
    assert page.canvas.chosen_link == Link(source="b", target="c")
    hand.key(Qt.Key.Key_Delete)
    assert Link(source="b", target="c") not in session.project.graph.links


def test_that_brackets_walk_the_wires_and_tab_puts_a_layer_on_one(page, hand, session, order, qtbot):
    page.canvas.select(["b"])
    hand.key(Qt.Key.Key_BracketRight)
    first = page.canvas.chosen_link
    hand.key(Qt.Key.Key_BracketRight)
    assert {first, page.canvas.chosen_link} == {Link(source="a", target="b"), Link(source="b", target="c")}
    hand.key(Qt.Key.Key_Tab)
    qtbot.keyClicks(page.view.quick_add.search, "relu")
    qtbot.keyClick(page.view.quick_add.search, Qt.Key.Key_Return)
    assert len(order()) == 7


def test_that_keys_alone_draw_a_wire(page, hand, session, merge):
    page.canvas.select(["a"])
    hand.key(Qt.Key.Key_L, CTRL)
    assert page.canvas.loose.isVisible()
    hand.key(Qt.Key.Key_Right)
    hand.key(Qt.Key.Key_Return)
    assert Link(source="a", target=merge) in session.project.graph.links
    assert not page.canvas.loose.isVisible()
    page.canvas.select(["b"])
    hand.key(Qt.Key.Key_L, CTRL)
    before = session.project
    hand.key(Qt.Key.Key_Escape)
    assert session.project == before


def test_that_a_group_is_made_named_folded_and_unfolded_by_keys(page, hand, session, qtbot):
    page.canvas.select(["b", "c"])
    hand.key(Qt.Key.Key_G, CTRL)
    line = page.view.prompts.field.line
    qtbot.keyClicks(line, "body")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert [group.name for group in session.project.graph.groups] == ["body"]
    hand.key(Qt.Key.Key_F, CTRL | SHIFT)
    (block,) = page.canvas.shown.folded
    assert page.canvas.nodes[block].facts.title == "body"
    assert page.canvas.nodes[block].facts.layers == 2
    assert "b" not in page.canvas.nodes
    assert page.canvas.selection() == ["b", "c"]
    session.undo()
    assert "b" in page.canvas.nodes
    session.undo()
    assert session.project.graph.groups == ()
    assert session.undo_label is None


def test_that_a_folded_group_moves_and_its_wire_can_be_cut(page, hand, session):
    page.canvas.select(["b", "c"])
    mark = page.editor.groups.group()
    page.editor.groups.fold([mark], True)
    (block,) = page.canvas.shown.folded
    before = page.canvas.nodes[block].pos()
    hand.drag(hand.centre(block), hand.centre(block) + QPoint(260, 10))
    assert page.canvas.nodes[block].pos().x() > before.x() + 200
    page.canvas.select_link(Link(source="a", target=block))
    hand.key(Qt.Key.Key_Delete)
    assert session.project.graph.incoming["b"] == ()


def test_that_a_double_click_unfolds_a_group(page, hand, session, qtbot):
    page.canvas.select(["b", "c"])
    page.editor.groups.fold([page.editor.groups.group()], True)
    (block,) = page.canvas.shown.folded
    qtbot.mouseDClick(
        page.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, hand.centre(block)
    )
    assert not page.canvas.shown.folded


def test_that_a_block_is_kept_found_in_the_palette_and_put_in(page, session, order):
    page.canvas.select(["b", "c"])
    page.editor.blocks.keep("Hidden part")
    assert blocks.names() == ["Hidden part"]
    head = page.palette_panel.tree.topLevelItem(0)
    assert head.text(0) == "Your blocks"
    assert head.child(0).text(0) == "Hidden part"
    page.canvas.select(["d"])
    page.palette_panel.tree.block_chosen.emit("Hidden part")
    assert len(order()) == 8
    assert [group.name for group in session.project.graph.groups] == ["Hidden part"]
    page.editor.blocks.forget("Hidden part")
    assert blocks.names() == []


@pytest.mark.parametrize("name", ["", "../x", "a/b"])
def test_that_a_block_needs_a_name_that_a_file_can_have(page, session, name, qtbot):
    page.canvas.select(["b"])
    with qtbot.waitSignal(session.noticed):
        page.editor.blocks.keep(name)
    assert blocks.names() == []


def test_that_a_selection_is_repeated(page, hand, session, order, qtbot):
    page.canvas.select(["b", "c"])
    hand.key(Qt.Key.Key_R, CTRL)
    line = page.view.prompts.field.line
    line.setText("3")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert len(order()) == 10


def test_that_a_comment_is_written_moved_changed_and_deleted(page, hand, session, qtbot):
    page.view.comments.place = QPointF(300, 0)
    hand.key(Qt.Key.Key_M, CTRL | SHIFT)
    field = page.view.comments.field
    qtbot.keyClicks(field, "why so deep")
    qtbot.keyClick(field, Qt.Key.Key_Return, CTRL)
    (comment,) = session.project.graph.comments
    assert (comment.text, comment.position) == ("why so deep", (300.0, 0.0))
    page.view.fit()
    middle = page.view.mapFromScene(page.canvas.notes.comments[comment.id].area.center())
    hand.drag(middle, middle + QPoint(40, 40))
    assert session.project.graph.comments[0].position[0] > 320
    hand.key(Qt.Key.Key_Delete)
    assert session.project.graph.comments == ()


def test_that_a_layer_is_pasted_with_shared_weights_and_marked(page, hand, session):
    page.canvas.select(["b"])
    hand.key(Qt.Key.Key_C, CTRL)
    hand.key(Qt.Key.Key_V, CTRL | ALT)
    (new,) = page.canvas.selection()
    assert session.project.graph.by_id[new].shares == "b"
    assert page.canvas.nodes[new].facts.shared == "l1"
    QGuiApplication.clipboard().clear()


def test_that_nodes_are_aligned_spread_nudged_and_laid_out_anew(page, hand, session):
    page.canvas.select(["b", "c"])
    hand.key(Qt.Key.Key_Right, CTRL)
    hand.key(Qt.Key.Key_Right, CTRL)
    assert page.canvas.nodes["b"].pos().x() == page.canvas.nodes["a"].pos().x() + 16
    page.canvas.select(["a", "b", "c"])
    hand.key(Qt.Key.Key_Left, ALT | SHIFT)
    assert len({page.canvas.nodes[node].pos().x() for node in "abc"}) == 1
    hand.key(Qt.Key.Key_L, CTRL | ALT)
    assert page.canvas.flow == "right"
    hand.key(Qt.Key.Key_L, CTRL | SHIFT)
    assert page.canvas.flow == "down"
    assert all(node.position is None for node in session.project.graph.nodes)


def test_that_named_inputs_are_told_under_the_pointer(page, hand, session, spot):
    session.edit_graph("Add", lambda graph: edits.add(graph, "MultiHeadAttention", position=(320.0, 200.0))[0])
    page.view.fit()
    node = session.project.graph.of_layer("MultiHeadAttention")[0].id
    hand.move(spot(node, "value"))
    assert page.canvas._label.words == "value"
    help_ = QHelpEvent(QHelpEvent.Type.ToolTip, spot(node, "value"), QPoint(0, 0))
    QToolTip.hideText()
    QApplication.sendEvent(page.view.viewport(), help_)
    assert not QToolTip.text(), "the label says it; nothing else covers the wires"
    QApplication.sendEvent(page.view.viewport(), QEvent(QEvent.Type.Leave))
    assert not page.canvas._label.isVisible()
    drag(hand, spot("a"), spot(node, "value"))
    hand.release(spot(node, "value"))
    assert [link.target_port for link in session.project.graph.incoming[node]] == ["value"]


def test_that_a_further_input_is_added_by_its_name_whatever_is_selected(page, hand, session, qtbot):
    hand.click(hand.centre("a"))
    qtbot.keyClick(page.view, Qt.Key.Key_Tab)
    menu = page.view.quick_add
    assert menu.list.item(0).text() not in ("Input", "Output")
    qtbot.keyClicks(menu.search, "input")
    qtbot.keyClick(menu.search, Qt.Key.Key_Return)
    assert len(session.project.graph.inputs) == 2


def test_that_only_the_ports_are_lit_in_which_a_wire_could_end(page, hand, merge, spot):
    def lit(node: str) -> tuple[bool, bool]:
        """Whether the first input, and the output, of a node are painted in the accent."""
        item = page.canvas.nodes[node]
        picture = page.view.grab().toImage()
        accent = QColor(tokens().accent)
        spots = [page.view.mapFromScene(place) for place in (item.entry, item.exit)]
        return tuple(picture.pixelColor(place) == accent for place in spots)

    drag(hand, spot("a"), QPoint(60, 300))
    assert lit("out")[0]
    assert lit("c") == (True, False)
    page.view.cancel_gesture()
    drag(hand, spot(merge, "input"), QPoint(60, 300))
    assert lit("a") == (False, True)


@pytest.fixture
def recurrent(page, session):
    """An LSTM that puts out its states, and one that may begin with them, loose at the right of the stack."""

    def edit(graph):
        graph, first = edits.add(graph, "LSTM", {"units": 4, "return_state": True}, name="first", position=(320.0, 0.0))
        graph, second = edits.add(graph, "LSTM", {"units": 4}, name="second", position=(320.0, 200.0))
        found.extend((first, second))
        return graph

    found = []
    session.edit_graph("Add", edit)
    page.view.fit()
    return found


def test_that_each_output_has_a_port_a_label_and_a_wire_of_its_own(page, hand, session, recurrent, spot):
    first, second = recurrent
    item = page.canvas.nodes[first]
    assert item.facts.outputs == ("output", "state h", "state c")
    start = page.view.mapFromScene(item.exit_of("state c"))
    hand.move(start)
    assert page.canvas._label.words == "state c"
    drag(hand, start, spot(second, "state c"))
    assert page.canvas._label.words == "state c → state c"
    hand.release(spot(second, "state c"))
    link = Link(source=first, target=second, source_port="state c", target_port="state c")
    assert session.project.graph.incoming[second] == (link,)
    edge = page.canvas.edges[link]
    assert (edge.mapToScene(edge.path().pointAtPercent(0)) - item.exit_of("state c")).manhattanLength() < 1e-6
    assert item.exit_of("state c") != item.exit_of("state h") != item.exit


def test_that_a_wire_from_a_state_input_ends_in_the_output_that_it_is_dropped_on(page, hand, session, recurrent, spot):
    first, second = recurrent
    drag(hand, spot(second, "state h"), page.view.mapFromScene(page.canvas.nodes[first].exit_of("state h")))
    hand.release(page.view.mapFromScene(page.canvas.nodes[first].exit_of("state h")))
    link = Link(source=first, target=second, source_port="state h", target_port="state h")
    assert session.project.graph.incoming[second] == (link,)


def test_that_outputs_and_state_inputs_are_linked_by_keys_alone(page, hand, session, recurrent):
    first, second = recurrent
    page.canvas.select([first])
    hand.key(Qt.Key.Key_L, CTRL)
    while page.view.wiring._mark != second:
        hand.key(Qt.Key.Key_Down)
    hand.key(Qt.Key.Key_Backtab, SHIFT)
    hand.key(Qt.Key.Key_Tab)
    hand.key(Qt.Key.Key_Return)
    link = Link(source=first, target=second, source_port="state h", target_port="state h")
    assert session.project.graph.incoming[second] == (link,)


def test_that_a_plain_wire_goes_to_the_middle_of_a_recurrent_layer(page, hand, session, recurrent, spot):
    first, second = recurrent
    assert page.canvas.nodes[second].entry_of("input").x() == page.canvas.nodes[second].exit.x()
    drag(hand, spot(first), hand.centre(second))
    hand.release(hand.centre(second))
    assert session.project.graph.incoming[second] == (Link(source=first, target=second),)
