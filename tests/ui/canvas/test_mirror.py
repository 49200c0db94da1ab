"""The scene is the document's mirror: after any edits, any undo and any redo."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF
from PySide6.QtGui import QGuiApplication, QPainterPath

from ui.canvas.editor import CanvasEditor
from ui.canvas.facts import ModelFacts
from ui.canvas.scene import CanvasScene
from ui.session import Session
from workbench.graph import edits
from workbench.graph.groups import shown
from workbench.project.model import Project

from .conftest import stack

LAYERS = ("Dense", "Conv2D", "ReLU", "Dropout", "Flatten", "Add", "MultiHeadAttention")

GESTURES = st.one_of(
    st.tuples(st.just("insert"), st.sampled_from(LAYERS), st.integers(0, 30)),
    st.tuples(st.just("after"), st.sampled_from(LAYERS), st.integers(0, 30)),
    st.tuples(st.just("delete"), st.sets(st.integers(0, 30), max_size=4), st.none()),
    st.tuples(st.just("duplicate"), st.sets(st.integers(0, 30), max_size=3), st.none()),
    st.tuples(st.just("paste"), st.sets(st.integers(0, 30), max_size=3), st.integers(0, 30)),
    st.tuples(st.just("move"), st.sets(st.integers(0, 30), max_size=3), st.integers(0, 30)),
    st.tuples(st.just("shift"), st.integers(0, 30), st.sampled_from((-1, 1))),
    st.tuples(st.just("set"), st.integers(0, 30), st.integers(1, 64)),
    st.tuples(st.just("rename"), st.integers(0, 30), st.text("abc", max_size=3)),
    st.tuples(st.just("connect"), st.integers(0, 30), st.integers(0, 30)),
    st.tuples(st.just("repair"), st.integers(0, 30), st.none()),
    st.tuples(st.just("plug"), st.integers(0, 30), st.integers(0, 30)),
    st.tuples(st.just("cut"), st.integers(0, 30), st.none()),
    st.tuples(st.just("group"), st.sets(st.integers(0, 30), max_size=4), st.none()),
    st.tuples(st.just("fold"), st.integers(0, 30), st.booleans()),
    st.tuples(st.just("ungroup"), st.integers(0, 30), st.none()),
    st.tuples(st.just("share"), st.sets(st.integers(0, 30), max_size=2), st.none()),
    st.tuples(st.just("carry"), st.sets(st.integers(0, 30), max_size=3), st.integers(-300, 300)),
    st.tuples(st.just("comment"), st.text("ab", max_size=3), st.integers(0, 300)),
    st.tuples(st.just("end"), st.sampled_from(("Input", "Output")), st.integers(0, 30)),
    st.tuples(st.just("undo"), st.none(), st.none()),
    st.tuples(st.just("redo"), st.none(), st.none()),
)


def assert_mirrors(scene: CanvasScene, session: Session) -> None:
    """Hold the scene against the document, item by item."""
    graph, picture = session.project.graph, shown(session.project.graph)
    assert scene.nodes.keys() == picture.graph.by_id.keys()
    assert scene.edges.keys() == set(picture.graph.links)
    assert scene.notes.comments.keys() == {comment.id for comment in graph.comments}
    assert scene.notes.frames.keys() == {group.id for group in graph.groups if not group.folded}
    items = scene.items()
    assert all(item in items for item in (*scene.nodes.values(), *scene.edges.values()))
    for node in picture.graph.nodes:
        item = scene.nodes[node.id]
        group = picture.folded.get(node.id)
        assert item.facts.title == (group.name if group is not None else node.layer)
        assert item.facts == (
            scene.facts.of_group(node.id, group) if group is not None else scene.facts.of(graph.by_id[node.id])
        )
        assert item.pos() == scene.place_of(node.id)
    for link, edge in scene.edges.items():
        path, target = edge.drawn, scene.nodes[link.target]
        port = edits.port_of(graph, link) if len(target.facts.ports) > 1 else ""
        assert path.pointAtPercent(0) == scene.nodes[link.source].exit
        assert (path.pointAtPercent(1) - target.entry_of(port)).manhattanLength() < 1e-6


def assert_as_if_drawn_anew(scene: CanvasScene, session: Session) -> None:
    """Hold what many small steps led to against the same drawing opened from nothing."""
    anew = CanvasScene(session, ModelFacts(session))
    assert scene.facts.problems == anew.facts.problems
    assert {node: item.pos() for node, item in scene.nodes.items()} == {
        node: item.pos() for node, item in anew.nodes.items()
    }
    for link, edge in scene.edges.items():
        assert corners(edge.drawn) == corners(anew.edges[link].drawn)
    anew.deleteLater()


def corners(path: QPainterPath) -> list[tuple[float, float]]:
    points = (path.elementAt(place) for place in range(path.elementCount()))
    return [(round(point.x, 6), round(point.y, 6)) for point in points]


class User:
    """Does, by name, what a person could do; places are taken round the number of things there are."""

    def __init__(self, session: Session, scene: CanvasScene) -> None:
        self.session, self.scene = session, scene
        self.editor = CanvasEditor(session, scene)

    def ids(self, places) -> list[str]:
        nodes = self.session.project.graph.nodes
        return [nodes[place % len(nodes)].id for place in sorted(places)]

    def link(self, place):
        links = self.session.project.graph.links
        return links[place % len(links)] if links else None

    def insert(self, layer, place):
        self.editor.insert(layer, self.link(place))

    def after(self, layer, place):
        self.scene.select(self.ids([place]))
        self.editor.add_after_selection(layer)

    def delete(self, places, _):
        self.scene.select(self.ids(places))
        self.editor.delete()

    def duplicate(self, places, _):
        self.scene.select(self.ids(places))
        self.editor.duplicate()

    def paste(self, places, place):
        self.scene.select(self.ids(places))
        self.editor.copy()
        self.scene.select(self.ids([place]))
        if QGuiApplication.clipboard().text():
            self.editor.paste()

    def move(self, places, place):
        self.scene.select(self.ids(places))
        link = self.link(place)
        if link is not None and self.editor.inner_selection():
            self.editor.move(self.editor.inner_selection(), link)

    def shift(self, place, step):
        self.scene.select(self.ids([place]))
        self.editor.shift(step)

    def set(self, place, units):
        (node,) = self.ids([place])
        self.session.edit_graph("Set", lambda graph: edits.set_params(graph, node, {"units": units}))

    def rename(self, place, name):
        (node,) = self.ids([place])
        self.session.edit_graph("Rename", lambda graph: edits.rename(graph, node, name))

    def connect(self, first, second):
        (source,), (target,) = self.ids([first]), self.ids([second])
        self.session.edit_graph("Link", lambda graph: edits.connect(graph, source, target))

    def plug(self, first, second):
        (source,), (target,) = self.ids([first]), self.ids([second])
        self.editor.wires.join(source, "", target, "", None)

    def cut(self, place, _):
        drawn = list(self.scene.edges)
        if drawn:
            self.scene.select_link(drawn[place % len(drawn)])
            self.editor.delete()

    def group(self, places, _):
        self.scene.select(self.ids(places))
        self.editor.groups.group()

    def fold(self, place, folded):
        marks = [group.id for group in self.session.project.graph.groups]
        if marks:
            self.editor.groups.fold([marks[place % len(marks)]], folded)

    def ungroup(self, place, _):
        self.scene.select(self.ids([place]))
        self.editor.groups.ungroup()

    def share(self, places, _):
        self.scene.select(self.ids(places))
        self.editor.copy()
        if QGuiApplication.clipboard().text():
            self.editor.paste_shared()

    def carry(self, places, way):
        self.scene.select(self.ids(places))
        marks = {self.scene.shown.visible(node) for node in self.scene.selection()}
        self.editor.arrange.put({mark: self.scene.place_of(mark) + QPointF(way, way) for mark in marks}, {})

    def comment(self, words, place):
        self.editor.groups.write(None, words, (float(place), 0.0))

    def end(self, layer, place):
        self.scene.select(self.ids([place]))
        self.editor.add_after_selection(layer)

    def repair(self, place, _):
        repairs = [problem.repair for problem in self.scene.facts.problems if problem.repair is not None]
        if repairs:
            self.editor.repair(repairs[place % len(repairs)])

    def undo(self, *_):
        self.session.undo()

    def redo(self, *_):
        self.session.redo()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(GESTURES, max_size=25))
def test_that_undoing_all_and_redoing_all_gives_the_same_document_and_the_scene_follows(qapp, drawing, info, steps):
    QGuiApplication.clipboard().clear()
    session = Session()
    with TemporaryDirectory() as folder:
        session.start(Project(name="test", info=info, graph=drawing), Path(folder), draft=True)
        scene = CanvasScene(session, ModelFacts(session))
        user = User(session, scene)
        first = session.project
        for what, one, other in steps:
            getattr(user, what)(one, other)
            assert_mirrors(scene, session)
        assert_as_if_drawn_anew(scene, session)
        last = session.project
        while session.undo_label is not None:
            session.undo()
            assert_mirrors(scene, session)
        assert session.project == first
        while session.redo_label is not None:
            session.redo()
        assert_mirrors(scene, session)
        # What was undone when the steps ended comes back with the redo, and nothing else.
        while session.project != last and session.undo_label is not None:
            session.undo()
        assert session.project == last
        session.close()
        scene.deleteLater()
        session.deleteLater()


def test_that_items_of_unchanged_nodes_are_kept(page, session):
    before = dict(page.canvas.nodes)
    session.edit_graph("Add", lambda graph: edits.append(graph, "ReLU")[0])
    assert all(page.canvas.nodes[node] is item for node, item in before.items())


def test_that_the_selection_outlives_edits_elsewhere(page, session):
    page.canvas.select(["b"])
    session.edit_graph("Add", lambda graph: edits.append(graph, "ReLU")[0])
    assert page.canvas.selection() == ["b"]
    session.edit_graph("Delete", lambda graph: edits.remove(graph, ["b"]))
    assert page.canvas.selection() == []


def test_that_another_project_takes_the_place_of_the_first(page, session, tmp_path):
    session.start(Project(name="other"), tmp_path / "other", draft=True)
    assert_mirrors(page.canvas, session)
    assert len(page.canvas.nodes) == 2


def test_that_nodes_glide_to_their_places_where_motion_is_wanted(page, session, qtbot):
    page.canvas.animated = True
    before = page.canvas.nodes["d"].pos()
    session.edit_graph("Add", lambda graph: edits.insert_after(graph, "a", "ReLU")[0])
    assert page.canvas.nodes["d"].pos() == before
    qtbot.waitUntil(lambda: page.canvas.nodes["d"].pos() == page.canvas.place_of("d"), timeout=2000)


def test_that_what_is_out_of_sight_is_at_its_place_at_once(page, session, info, tmp_path, qtbot):
    session.start(Project(name="tall", info=info, graph=stack(*[("ReLU", {})] * 24)), tmp_path / "tall", draft=True)
    page.view.reset_zoom()
    page.view.reveal("a")
    page.canvas.animated = True
    before = page.canvas.nodes["b"].pos()
    session.edit_graph("Add", lambda graph: edits.insert_after(graph, "a", "ReLU")[0])
    assert page.canvas.nodes["b"].pos() == before
    assert page.canvas.nodes["x"].pos() == page.canvas.place_of("x")
    qtbot.waitUntil(lambda: page.canvas.nodes["b"].pos() == page.canvas.place_of("b"), timeout=2000)
    assert_mirrors(page.canvas, session)
    assert_as_if_drawn_anew(page.canvas, session)


def test_that_a_wire_follows_what_comes_to_stand_in_its_way(page, session):
    session.edit_graph("Link", lambda graph: edits.connect(edits.add(graph, "Add")[0], "a", "n7"))
    session.edit_graph("Link", lambda graph: edits.connect(graph, "d", "n7"))
    page.canvas.select(["b", "c"])
    for way in ("right",) * 12 + ("left",) * 25:
        page.editor.arrange.nudge(way)
        assert_as_if_drawn_anew(page.canvas, session)


def test_that_a_node_that_was_placed_by_hand_stays_there(page, session):
    session.edit_graph("Place", lambda graph: edits.place(graph, {"b": (400.0, 10.0)}))
    assert page.canvas.nodes["b"].pos().toTuple() == (400.0, 10.0)


@pytest.mark.parametrize("layer", ["Input", "Output"])
def test_that_there_can_be_further_ends_and_one_of_each_stays(page, session, layer):
    page.editor.add_after_selection(layer)
    (new,) = page.canvas.selection()
    assert len(session.project.graph.of_layer(layer)) == 2
    page.editor.delete()
    assert new not in session.project.graph.by_id
    page.canvas.select([session.project.graph.of_layer(layer)[0].id])
    page.editor.delete()
    assert len(session.project.graph.of_layer(layer)) == 1


def test_that_another_project_opens_while_layers_are_selected(page, session, tmp_path):
    page.canvas.select(["a", "b"])
    told = []
    page.canvas.picked.connect(told.append)
    session.start(Project(name="other", graph=edits.blank()), tmp_path / "other", draft=True)
    assert told == [[]]
    assert_mirrors(page.canvas, session)
