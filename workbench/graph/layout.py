"""Where nodes stand on the canvas: in layers, top down, the same drawing always in the same way."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.graph.model import Graph

Point = tuple[float, float]

ROW = 96.0
COLUMN = 256.0
SWEEPS = 4


def positions(graph: Graph) -> dict[str, Point]:
    """A place in scene units for each node; a node that the user placed stays where it is.

    A node's row is one below the lowest of its sources; nodes of a row stand beside one another, centred around 0 and
    ordered by where their neighbours are, so that few lines cross. A stack is a straight line.
    """
    rows = _rows(graph)
    order = _ordered(graph, rows)
    places: dict[str, Point] = {}
    for depth, row in enumerate(order):
        for column, node in enumerate(row):
            places[node] = ((column - (len(row) - 1) / 2) * COLUMN, depth * ROW)
    return {node.id: node.position or places[node.id] for node in graph.nodes}


def _rows(graph: Graph) -> dict[str, int]:
    depth: dict[str, int] = {}
    for node_id in graph.order:
        sources = [depth[link.source] for link in graph.incoming[node_id] if link.source in depth]
        depth[node_id] = max(sources, default=-1) + 1
    lowest = max(depth.values(), default=-1)
    # What is on a circle has no row of its own: it goes below, where it is seen.
    for node in graph.nodes:
        if node.id not in depth:
            lowest += 1
            depth[node.id] = lowest
    if graph.output is not None and graph.incoming[graph.output.id]:
        depth[graph.output.id] = max(depth[graph.output.id], max(depth.values()))
    _pull_loose(graph, depth)
    return depth


def _pull_loose(graph: Graph, depth: dict[str, int]) -> None:
    """A source that nothing feeds stands just above what it feeds; a loose node stands below everything."""
    loose = max(depth.values(), default=0)
    for node in graph.nodes:
        if graph.incoming[node.id] or node == graph.input:
            continue
        targets = [depth[link.target] for link in graph.outgoing[node.id]]
        if targets:
            depth[node.id] = max(0, min(targets) - 1)
        elif len(graph.nodes) > 1:
            loose += 1
            depth[node.id] = loose


def _ordered(graph: Graph, rows: Mapping[str, int]) -> list[list[str]]:
    order: list[list[str]] = [[] for _ in range(max(rows.values(), default=-1) + 1)]
    for node in graph.nodes:
        order[rows[node.id]].append(node.id)
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        spots = {node: column - (len(row) - 1) / 2 for row in order for column, node in enumerate(row)}
        for row in order if down else reversed(order):
            neighbours = {node: _neighbours(graph, node, down) for node in row}
            row.sort(key=lambda node: _middle(neighbours[node], spots, spots[node]))
            spots.update({node: column - (len(row) - 1) / 2 for column, node in enumerate(row)})
    return order


def _neighbours(graph: Graph, node: str, down: bool) -> list[str]:
    if down:
        return [link.source for link in graph.incoming[node]]
    return [link.target for link in graph.outgoing[node]]


def _middle(neighbours: list[str], spots: Mapping[str, float], own: float) -> float:
    return sum(spots[node] for node in neighbours) / len(neighbours) if neighbours else own
