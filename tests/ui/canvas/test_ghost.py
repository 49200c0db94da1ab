"""A repair is shown before it is made: on the canvas, and in words."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QApplication, QPushButton

from workbench.graph import edits
from workbench.graph.problems import Problem, Repair
from workbench.project.model import Project

from .conftest import stack

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def wrong(page, session, info, tmp_path):
    """The page on a drawing whose last layer has too few units."""
    graph = stack(("Flatten", {}), ("Dense", {"units": 3, "activation": "softmax"}))
    session.start(Project(name="wrong", info=info, graph=graph), tmp_path / "wrong", draft=True)
    return page


def point_at(widget, kind=QEvent.Type.Enter):
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QEnterEvent

    event = QEnterEvent(QPointF(1, 1), QPointF(1, 1), QPointF(1, 1)) if kind == QEvent.Type.Enter else QEvent(kind)
    QApplication.sendEvent(widget, event)


def test_that_pointing_at_the_header_fix_draws_it_and_says_it(wrong):
    preview, fix = wrong.overlays.preview, wrong.header.fix
    assert fix.isVisible()
    point_at(fix)
    assert preview.ghost.isVisible()
    assert [words for _, words in preview.ghost.pills] == ["units 3 → 10"]
    assert wrong.header.sentence.accessibleName().startswith("Sets units of l1: 3 → 10")
    wrong.grab()
    point_at(fix, QEvent.Type.Leave)
    assert not preview.ghost.isVisible()
    assert not wrong.header.sentence.accessibleName().startswith("Sets")


def test_that_the_repair_on_the_node_is_shown_under_the_pointer(wrong, qtbot):
    item, view, preview = wrong.canvas.nodes["b"], wrong.view, wrong.overlays.preview
    spot = view.mapFromScene(item.mapToScene(item.repair_rect.center()))
    qtbot.mouseMove(view.viewport(), spot)
    assert preview.repair is not None
    assert preview.ghost.isVisible()
    qtbot.mouseMove(view.viewport(), QPoint(5, 5))
    assert preview.repair is None
    assert not preview.ghost.isVisible()


def test_that_an_insertion_is_a_dashed_box_between_the_two_layers(wrong):
    preview = wrong.overlays.preview
    preview.show(Repair("Insert", "insert_before", "b", {"layer": "BatchNormalization"}))
    ((box, layer, sizes),) = preview.ghost.boxes
    assert (layer, sizes) == ("BatchNormalization", "")
    above, below = wrong.canvas.place_of("a"), wrong.canvas.place_of("b")
    assert above.y() < box.center().y() < below.y()
    assert not any(node.layer == "BatchNormalization" for node in wrong.session.project.graph.nodes)


def test_that_what_would_go_is_veiled_and_a_new_line_is_dashed(wrong, session):
    preview = wrong.overlays.preview
    preview.show(Repair("Remove", "remove", "b"))
    assert len(preview.ghost.veils) == 1
    wrong.grab()
    session.edit_graph("Cut", lambda graph: edits.disconnect(graph, graph.incoming["b"][0]))
    assert preview.repair is None
    preview.show(Repair("Connect", "connect", "b", {"source": "a"}))
    assert len(preview.ghost.wires) == 1
    wrong.grab()


def test_that_a_repair_that_can_no_longer_be_made_shows_nothing(wrong):
    preview = wrong.overlays.preview
    gone = Repair("Remove", "set_params", "zzz", {"params": {"units": 3}})
    preview.show(gone)
    assert preview.repair is None
    assert preview.words(gone) == "Remove"


def test_that_rows_lead_to_their_node_say_their_repair_and_make_it(wrong, session, qtbot):
    page = wrong
    qtbot.mouseClick(page.header.more, LEFT)
    rows = page.header.list
    line = rows.itemWidget(rows.item(0))
    assert "Sets units of l1: 3 → 10" in line.toolTip()
    spot = rows.visualItemRect(rows.item(0)).center()
    qtbot.mouseClick(rows.viewport(), LEFT, pos=spot)
    assert page.canvas.selection() == ["b"]
    point_at(line.button)
    assert page.overlays.preview.ghost.isVisible()
    qtbot.mouseClick(line.button, LEFT)
    assert session.project.graph.by_id["b"].params["units"] == 10
    session.undo()
    assert session.project.graph.by_id["b"].params["units"] == 3


def test_that_errors_and_warnings_are_counted_apart(wrong, session):
    assert wrong.header.more.text() == "1 error"
    session.edit_graph("Add", lambda graph: edits.add(graph, "Dropout")[0])
    warned = Problem("Look at this.", "a", severity="warning")
    wrong.facts.problems = (warned, *wrong.facts.problems)
    wrong.header.refresh()
    assert wrong.header.more.text().endswith("· 1 warning")
    wrong.header.more.click()
    rows = wrong.header.list
    assert rows.itemWidget(rows.item(rows.count() - 1)).problem == warned


def test_that_all_fixes_wait_for_the_engine_and_say_so(wrong, session):
    session.edit_graph("Break", lambda graph: edits.set_params(graph, "a", {"bad": 1}))
    wrong.header.more.click()
    fix_all = wrong.findChild(QPushButton, "fix_all_button")
    assert not fix_all.isEnabled() or fix_all.isHidden()
    assert "TensorFlow" in fix_all.toolTip() or fix_all.isHidden()


def test_that_all_fixes_are_one_step_to_undo(wrong, session, qtbot):
    graph = stack(("Conv2D", {"filters": 2}), ("Dense", {"units": 3, "activation": "softmax"}))
    session.edit_graph("Draw", lambda _: graph)
    session.load_engine()
    qtbot.waitUntil(lambda: wrong.facts.fresh, timeout=120_000)
    wrong.header.more.click()
    fix_all = wrong.findChild(QPushButton, "fix_all_button")
    preview = wrong.overlays.preview
    preview.show(Repair("Insert", "insert_before", "b", {"layer": "Flatten"}))
    qtbot.waitUntil(lambda: bool(preview.ghost.boxes) and "→" in preview.ghost.boxes[0][2], timeout=20_000)
    assert wrong.header.sentence.accessibleName().endswith("6×6×2 → 72")
    wrong.overlays.mend_all()
    qtbot.waitUntil(lambda: session.project.graph != graph, timeout=30_000)
    assert session.undo_label == "Apply 2 fixes"
    qtbot.waitUntil(lambda: wrong.facts.ready, timeout=30_000)
    assert not fix_all.isVisible()
    session.undo()
    assert session.project.graph == graph
