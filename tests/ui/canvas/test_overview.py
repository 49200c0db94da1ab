"""The overview in the corner: shown where it helps, and a way to what is out of sight."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from ui.preferences import Preferences
from workbench.core.settings import load_settings
from workbench.graph import edits
from workbench.project.model import Project

from .conftest import stack

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def tall(page, session, info, tmp_path):
    """The page on a drawing that is far taller than the view."""
    graph = stack(*[("Dense", {"units": 8})] * 40)
    session.start(Project(name="tall", info=info, graph=graph), tmp_path / "tall", draft=True)
    return page


def inside(minimap, place):
    return minimap.from_scene(place).toPoint()


def test_that_a_drawing_that_is_all_in_view_needs_no_overview(page):
    page.view.fit()
    assert page.overlays.minimap.isHidden()


def test_that_the_overview_comes_when_part_of_the_drawing_is_out_of_sight(tall):
    assert tall.overlays.minimap.isVisible()
    tall.view.fit()
    assert tall.overlays.minimap.isHidden()


def test_that_a_click_brings_what_is_there_into_view(tall, qtbot):
    minimap, view = tall.overlays.minimap, tall.view
    far = tall.canvas.place_of("out")
    assert not minimap.seen.contains(far)
    qtbot.mouseClick(minimap, LEFT, pos=inside(minimap, far))
    assert minimap.seen.contains(far)
    assert view.gesture is None


def test_that_dragging_moves_the_paper_along_and_stops_at_the_border(tall, qtbot):
    minimap = tall.overlays.minimap
    qtbot.mousePress(minimap, LEFT, pos=inside(minimap, tall.canvas.place_of("in")))
    top = minimap.seen.center().y()
    qtbot.mouseMove(minimap, inside(minimap, tall.canvas.place_of("out")))
    assert minimap.seen.center().y() > top + 1000
    qtbot.mouseMove(minimap, QPoint(10, 5000))
    lowest = minimap.seen.center().y()
    assert lowest <= tall.canvas.bounds().bottom() + 60
    qtbot.mouseRelease(minimap, LEFT, pos=QPoint(10, 100))
    qtbot.mouseMove(minimap, QPoint(10, 10))
    assert minimap.seen.center().y() == lowest


def test_that_the_points_of_the_overview_stand_for_points_of_the_scene(tall):
    minimap, place = tall.overlays.minimap, tall.canvas.place_of("a")
    back = minimap.to_scene(minimap.from_scene(place))
    assert (back - place).manhattanLength() < 0.01


def test_that_the_overview_shows_the_nodes_in_the_colours_of_their_category(tall, session):
    from ui.theme import tokens

    minimap = tall.overlays.minimap
    minimap.grab()
    found = {minimap.grab().toImage().pixelColor(inside(minimap, tall.canvas.place_of("c")) + QPoint(2, 1)).name()}
    assert any(name.upper() != tokens().surface for name in found)


def test_that_the_overview_follows_an_edit_a_moment_later(tall, session, qtbot):
    minimap = tall.overlays.minimap
    before = minimap.from_scene(QPointF(0, 0))
    picture = minimap.grab().toImage()
    session.edit_graph("Add", lambda graph: edits.insert_after(graph, "a", "ReLU")[0])
    assert minimap.from_scene(QPointF(0, 0)) == before
    qtbot.waitUntil(lambda: minimap.from_scene(QPointF(0, 0)) != before, timeout=2000)
    assert minimap.grab().toImage() != picture


def test_that_turning_it_off_is_remembered(window, qtbot, make_project):
    window.files.open_folder(make_project("p"))
    window.show_page("model")
    page = window.pages["model"]
    assert page.overlays.minimap.wanted
    window.run_action("model.minimap")
    assert not page.overlays.minimap.wanted
    assert load_settings().minimap is False
    assert not window.actions_.qaction("model.minimap").isChecked()
    assert isinstance(window.findChild(Preferences), Preferences)
