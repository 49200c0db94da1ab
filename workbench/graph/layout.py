"""Where nodes stand on the canvas: in rows, the same drawing always in the same way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from workbench.graph.layout_parts import middles
from workbench.graph.layout_rows import Item, Rows, made_rows
from workbench.graph.model import Graph

Point = tuple[float, float]
Direction = Literal["down", "right"]

ROW = 96.0
COLUMN = 256.0
LANE = 40.0


def positions(graph: Graph, direction: Direction = "down") -> dict[str, Point]:
    """A place in scene units for each node; a node that the user placed stays where it is.

    Args:
        graph: The drawing.
        direction: Where the data flow: "down" or "right".
    """
    return {**automatic(graph, direction), **_by_hand(graph)}


def automatic(graph: Graph, direction: Direction = "down") -> dict[str, Point]:
    """The place that the layout has for each node, those that the user placed among them.

    A node's row is one behind the last of its sources. The longest way through the network is a straight line, and so
    is every branch; branches that are alike stand on both sides of what they part from. The first input is at 0.
    """
    rows = made_rows(graph)
    point = _pointer(graph, rows, direction)
    return {node.id: point(node.id, rows.depth[node.id]) for node in graph.nodes}


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
