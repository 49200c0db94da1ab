"""The ways of long wires on the real canvas: side by side, the same after an edit and its undo."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QRectF

from ui.canvas.node_item import HEIGHT, WIDTH
from ui.canvas.routes import APART
from ui.pages.model import ModelPage
from ui.session import Session
from workbench.graph.model import Graph, Link, Node


def drawn(chain: str, *skips: tuple[str, str]) -> Graph:
    """A stack of layers told by a letter each, capitals being Adds, and further links between them."""
    inner = [Node(id=name, layer="Add" if name.isupper() else "ReLU", name=f"l_{name}") for name in chain]
    nodes = [Node(id="in", layer="Input", name="input"), *inner, Node(id="out", layer="Output", name="output")]
    links = [Link(source=one.id, target=two.id) for one, two in pairwise(nodes)]
    return Graph(nodes=tuple(nodes), links=(*links, *(Link(source=one, target=two) for one, two in skips)))


@pytest.fixture
def nested(session: Session) -> Graph:
    """As a U-Net is: three skips, each around the one before."""
    graph = drawn("abcxyCBA", ("c", "C"), ("b", "B"), ("a", "A"))
    session.edit_graph("Draw", lambda _: graph)
    return graph


def furthest(page: ModelPage, source: str, target: str) -> float:
    """How far out a wire runs."""
    path = page.canvas.edges[Link(source=source, target=target)].drawn
    return max(abs(path.pointAtPercent(part / 40).x() - 110.0) for part in range(41))


def lanes(page: ModelPage) -> list[float]:
    return [furthest(page, *skip) for skip in ("cC", "bB", "aA")]


def test_that_long_wires_run_side_by_side_the_longer_the_further_out(page: ModelPage, nested: Graph) -> None:
    inner, middle, outer = lanes(page)
    assert middle - inner >= APART - 1
    assert outer - middle >= APART - 1


def test_that_the_lanes_stay_under_an_edit_its_undo_and_a_fold(
    page: ModelPage, session: Session, nested: Graph
) -> None:
    before = lanes(page)
    page.editor.insert("ReLU", Link(source="x", target="y"))
    assert lanes(page) == pytest.approx(before)
    session.undo()
    assert lanes(page) == pytest.approx(before)
    page.canvas.select(["x", "y"])
    page.editor.groups.group()
    page.editor.groups.turn_fold()
    assert lanes(page) == pytest.approx(before)


def test_that_wires_of_one_output_share_their_lane(page: ModelPage, session: Session) -> None:
    session.edit_graph("Draw", lambda _: drawn("abxByCz", ("a", "B"), ("a", "C")))
    assert furthest(page, "a", "B") == pytest.approx(furthest(page, "a", "C"), abs=1.0)


def test_that_no_wire_runs_over_a_node(page: ModelPage, nested: Graph) -> None:
    bodies = {node: QRectF(*place, WIDTH, HEIGHT) for node, place in page.canvas.places().items()}
    for link, edge in page.canvas.edges.items():
        path = edge.drawn
        others = [body for node, body in bodies.items() if node not in (link.source, link.target)]
        for part in range(101):
            assert not any(body.contains(path.pointAtPercent(part / 100)) for body in others), link
