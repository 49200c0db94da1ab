"""Where nodes stand on the canvas and where long wires run: in rows, the same drawing always in the same way."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Literal

from workbench.graph.layout_parts import middles
from workbench.graph.layout_rows import Item, Rows, made_rows
from workbench.graph.model import Graph, Link

Point = tuple[float, float]
Direction = Literal["down", "right"]

NODE_WIDTH, NODE_HEIGHT = 220.0, 56.0
ROW = 96.0
COLUMN = 256.0
LANE = 40.0


@dataclasses.dataclass(frozen=True)
class Layout:
    """Where everything is, in scene units.

    Args:
        places: The upper left corner of each node.
        routes: For wires that pass rows of other nodes: the points that they run through, in the lane that is kept
            free for them. The wires of one source share its lane.
    """

    places: dict[str, Point]
    routes: dict[Link, tuple[Point, ...]]


def positions(graph: Graph, direction: Direction = "down") -> dict[str, Point]:
    """A place in scene units for each node; a node that the user placed stays where it is.

    Args:
        graph: The drawing.
        direction: Where the data flow: "down" or "right".
    """
    return {**automatic(graph, direction), **_by_hand(graph)}


def automatic(graph: Graph, direction: Direction = "down") -> dict[str, Point]:
    """The place that the layout has for each node, those that the user placed among them."""
    rows = made_rows(graph)
    point = _pointer(graph, rows, direction)
    return {node.id: point(node.id, rows.depth[node.id]) for node in graph.nodes}


def arranged_layout(graph: Graph, direction: Direction = "down") -> Layout:
    """The places of the nodes and the ways of the long wires.

    A node's row is one behind the last of its sources. The longest way through the network is a straight line, and so
    is every branch; branches that are alike stand on both sides of what they part from. The first input is at 0.
    """
    rows = made_rows(graph)
    point = _pointer(graph, rows, direction)
    places = {node.id: point(node.id, rows.depth[node.id]) for node in graph.nodes}
    return Layout(
        {**places, **_by_hand(graph)},
        {link: way for link in graph.links if (way := _way(graph, rows, link, point, down=direction == "down"))},
    )


def _by_hand(graph: Graph) -> dict[str, Point]:
    return {node.id: node.position for node in graph.nodes if node.position is not None}


def _pointer(graph: Graph, rows: Rows, direction: Direction) -> Callable[[Item, int], Point]:
    """Where each item of a row is."""
    breadth, pace = (COLUMN, ROW) if direction == "down" else (ROW, COLUMN + ROW / 2)
    middle = middles(rows, breadth, LANE)
    start = graph.input.id if graph.input is not None else next((node.id for node in graph.nodes), None)
    origin = middle[start] if start is not None else 0.0

    def point(item: Item, row: int) -> Point:
        aside, along = round(middle[item] - origin, 1), row * pace
        return (aside, along) if direction == "down" else (along, aside)

    return point


def _way(graph: Graph, rows: Rows, link: Link, point: Callable[[Item, int], Point], *, down: bool) -> tuple[Point, ...]:
    """The lane that a wire runs through, from row to row; nothing where it has none, or the user placed an end.

    A wire goes aside between two rows, never beside the nodes of one.
    """
    first, last = rows.depth[link.source] + 1, rows.depth[link.target] - 1
    placed = any(graph.by_id[end].position is not None for end in (link.source, link.target))
    if placed or first > last or rows.ends.get(link.source, -1) < last:
        return ()
    way: list[Point] = []
    for row in range(first, last + 1):
        x, y = point((link.source, row), row)
        x, y = (x + NODE_WIDTH / 2, y) if down else (x, y + NODE_HEIGHT / 2)
        straight = len(way) > 1 and (way[-1][0] == x if down else way[-1][1] == y)
        if straight:
            way.pop()
        else:
            way.append((x, y))
        way.append((x, y + NODE_HEIGHT) if down else (x + NODE_WIDTH, y))
    return tuple(way)
