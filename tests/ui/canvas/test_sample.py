"""What one real sample becomes, shown beside the nodes and in the inspector."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QToolButton

from ui.canvas.sample import SampleMark
from ui.canvas.sample_paint import image_of
from workbench.data.spec import DatasetSpec
from workbench.engine.activations import Activation
from workbench.graph import edits
from workbench.graph.model import Link
from workbench.project.model import Project

from .conftest import stack

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def ready(page, session, info, qtbot, tmp_path):
    """The page with the digits read, the engine loaded and a small sound network."""
    graph = stack(("Conv2D", {"filters": 3}), ("Flatten", {}), ("Dense", {"units": 10, "activation": "softmax"}))
    spec = DatasetSpec(source="builtin", location="digits")
    session.start(Project(name="s", dataset=spec, info=info, graph=graph), tmp_path / "s", draft=True)
    session.load_engine()
    qtbot.waitUntil(lambda: page.facts.ready and session.dataset is not None, timeout=120_000)
    return page


def marks(page):
    return {
        node: child
        for node, item in page.canvas.nodes.items()
        for child in item.childItems()
        if isinstance(child, SampleMark) and child.isVisible()
    }


def answered(page, qtbot):
    samples = page.overlays.samples
    qtbot.waitUntil(lambda: samples.answer is not None and not samples.busy, timeout=60_000)


def test_that_a_sample_is_shown_at_every_node_named_and_exchanged(ready, session, qtbot):
    page, samples = ready, ready.overlays.samples
    qtbot.mouseClick(page.findChild(QToolButton, "sample_button"), LEFT)
    answered(page, qtbot)
    assert marks(page).keys() == page.canvas.nodes.keys()
    bar = page.overlays.sample_bar
    assert bar.isVisible()
    assert samples.answer.sample in bar.name.accessibleName()
    assert "not trained" in bar.note.accessibleName()
    page.canvas.select(["a"])
    panel = page.overlays.sample_panel
    assert panel.isVisible()
    assert "6×6×3" in panel.words.text()
    page.grab()

    first = samples.answer
    qtbot.mouseClick(page.findChild(QToolButton, "sample_next"), LEFT)
    qtbot.waitUntil(lambda: samples.answer is not first and not samples.busy, timeout=30_000)
    assert samples.answer.sample != first.sample

    session.edit_graph("Set", lambda graph: edits.set_params(graph, "a", {"filters": 5}))
    qtbot.waitUntil(lambda: samples.of("a").shape == (6, 6, 5), timeout=30_000)

    qtbot.mouseClick(page.findChild(QToolButton, "sample_button"), LEFT)
    assert marks(page) == {}
    assert panel.isHidden()
    assert bar.isHidden()


def test_that_what_is_missing_is_said(page, qtbot):
    page.overlays.toggle_sample()
    assert page.overlays.sample_bar.note.accessibleName() == "Pick data first."
    page.overlays.toggle_sample()
    assert page.overlays.sample_bar.isHidden()


def test_that_the_marks_shrink_where_a_neighbour_stands_close(page, session):
    graph = stack(("Dense", {}), ("Dense", {}), ("Add", {}))
    links = [Link(source="in", target="a"), Link(source="in", target="b"), Link(source="a", target="c")]
    links += [Link(source="b", target="c"), Link(source="c", target="out")]
    session.edit_graph("Draw", lambda _: graph.with_(links=links))
    rooms = page.overlays.samples._rooms()
    assert rooms["in"] == 56
    assert sorted((rooms["a"], rooms["b"]))[0] == 28


@pytest.mark.parametrize("kind", ["curves", "bars", "histogram"])
def test_that_lines_and_bars_are_painted(page, kind):
    mark = SampleMark(page.canvas.nodes["a"])
    found = Activation(kind, (4,), lines=((0.0, -1.0, 2.0, 1.0),), low=-1.0, high=2.0)
    mark.show_activation(found, 56.0)
    image = page.view.grab().toImage()
    spot = page.view.mapFromScene(mark.mapToScene(mark.boundingRect().center()))
    around = {image.pixelColor(spot.x() + x, spot.y() + y).name() for x in range(-24, 25) for y in range(-24, 25)}
    assert len(around) > 2
    assert image_of(found) is None


def test_that_maps_are_coloured_and_pictures_are_not():
    import numpy as np

    ramp = np.array([[0, 255]], np.uint8)
    maps = image_of(Activation("maps", (1, 2, 1), pixels=ramp))
    assert (maps.pixelColor(0, 0), maps.pixelColor(1, 0)) == (QColor("#440154"), QColor("#FDE725"))
    grey = image_of(Activation("picture", (1, 2, 1), pixels=ramp))
    assert grey.pixelColor(1, 0) == QColor("#FFFFFF")
    colour = image_of(Activation("picture", (1, 1, 3), pixels=np.array([[[255, 0, 0]]], np.uint8)))
    assert colour.pixelColor(0, 0) == QColor("#FF0000")
