"""Edits of where things stand: placing, aligning, spreading out, and what a carried node snaps to."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Literal

from workbench.core.errors import GraphError
from workbench.graph.layout import positions
from workbench.graph.model import Graph

Point = tuple[float, float]
Side = Literal["left", "centre", "right", "top", "middle", "bottom"]

GRID = 8.0
WIDTH, HEIGHT = 220.0, 56.0


def place(graph: Graph, positions: Mapping[str, Point | None]) -> Graph:
    """Put nodes at scene positions; None gives a node back to the automatic layout."""
    return graph.with_(
        nodes=(
            node.model_copy(update={"position": positions[node.id]})
            if node.id in positions and node.position != positions[node.id]
            else node
            for node in graph.nodes
        )
    )


def aligned(places: Mapping[str, Point], side: Side) -> dict[str, Point]:
    """The places of equally large things, brought in line with the outermost of them or with their middle."""
    if len(places) < 2:
        raise GraphError("Two layers or more can be brought in line.", str(len(places)), "Select more layers.")
    across = side in ("left", "centre", "right")
    values = [point[0 if across else 1] for point in places.values()]
    if side in ("left", "top"):
        line = min(values)
    elif side in ("right", "bottom"):
        line = max(values)
    else:
        line = round((min(values) + max(values)) / 2)
    return {node: (line, y) if across else (x, line) for node, (x, y) in places.items()}


def distributed(places: Mapping[str, Point], across: bool) -> dict[str, Point]:
    """The places with even gaps between the first and the last, from left to right or from the top down."""
    if len(places) < 3:
        raise GraphError("Three layers or more can be spread out.", str(len(places)), "Select more layers.")
    axis = 0 if across else 1
    order = sorted(places, key=lambda node: (places[node][axis], places[node][1 - axis]))
    first, last = places[order[0]][axis], places[order[-1]][axis]
    least = (WIDTH if across else HEIGHT) + 2 * GRID
    step = max((last - first) / (len(order) - 1), least)
    found: dict[str, Point] = {}
    for number, node in enumerate(order):
        value = round(first + number * step)
        found[node] = (value, places[node][1]) if across else (places[node][0], value)
    return found


@dataclasses.dataclass(frozen=True)
class Snap:
    """Where a carried thing comes to rest.

    Args:
        way: What is to be added to its place.
        upright: The x of the line that it is on now, if its centre is in line with a neighbour's.
        level: The y of the line that it is on now, likewise.
    """

    way: Point
    upright: float | None = None
    level: float | None = None


def snapped(place: Point, others: Iterable[Point], reach: float, size: Point = (WIDTH, HEIGHT)) -> Snap:
    """Snap the upper left corner of a carried node to the nearest centre line of its neighbours, else to the grid."""
    best: list[float | None] = [None, None]
    for other in others:
        for axis in (0, 1):
            way = other[axis] - place[axis]
            if abs(way) <= reach and (best[axis] is None or abs(way) < abs(best[axis] or 0.0)):
                best[axis] = way
    ways = [
        found if found is not None else round(value / GRID) * GRID - value
        for found, value in zip(best, place, strict=True)
    ]
    return Snap(
        (ways[0], ways[1]),
        place[0] + ways[0] + size[0] / 2 if best[0] is not None else None,
        place[1] + ways[1] + size[1] / 2 if best[1] is not None else None,
    )


def laid_out(graph: Graph, across: bool) -> Graph:
    """The drawing laid out anew: from the top down, by the automatic layout, or from left to right."""
    freed = place(graph, dict.fromkeys(graph.by_id))
    if not across:
        return freed
    return place(freed, dict(positions(freed, "right")))
