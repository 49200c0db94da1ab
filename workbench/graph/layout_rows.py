"""In which row of the layout each node stands, and the lanes that long wires keep free beside the rows between."""

from __future__ import annotations

import dataclasses
from collections import defaultdict

from workbench.graph.model import INPUT, Graph, Link

MOST_LANES = 6_000
"""Rows crossed by long wires that lanes are kept for; the longest wires go without first."""

Item = str | tuple[str, int]
"""A node by its id; or the lane of a source's long wires, in one row."""


@dataclasses.dataclass
class Part:
    """Items row by row, in their order, and the pieces of wire between one row and the next.

    Args:
        items: Each row's items, from left to right.
        below: What each item's wires lead to in the next row.
        above: What leads to each item from the row before.
    """

    items: list[list[Item]]
    below: dict[Item, list[Item]]
    above: dict[Item, list[Item]]


@dataclasses.dataclass
class Rows:
    """The items of a whole drawing.

    Args:
        items: Each row's items, from left to right.
        below: What each item's wires lead to in the next row; what leads nowhere is left out.
        depth: The row of each node.
    """

    items: list[list[Item]]
    below: dict[Item, list[Item]]
    depth: dict[str, int]


def made_rows(graph: Graph) -> Rows:
    """The rows of a drawing; what is on a circle is treated as if one of its links were not there."""
    links = _forward(graph)
    depth = _depths(graph, links)
    ends = _lanes(links, depth)
    items: list[list[Item]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    below = defaultdict[Item, list[Item]](list)
    for node in graph.nodes:
        items[depth[node.id]].append(node.id)
    for source, last in ends.items():
        before: Item = source
        for row in range(depth[source] + 1, last + 1):
            lane = (source, row)
            items[row].append(lane)
            below[before].append(lane)
            before = lane
    drawn = set[tuple[str, str]]()
    for link in links:
        source, target = pair = link.source, link.target
        if pair in drawn:
            continue
        drawn.add(pair)
        gap = depth[target] - depth[source]
        if gap == 1:
            below[source].append(target)
        elif source in ends and depth[target] - 1 <= ends[source]:
            below[source, depth[target] - 1].append(target)
    return Rows(items, dict(below), depth)


def _forward(graph: Graph) -> list[Link]:
    """The links without those that close a circle, found depth first in the document's order."""
    if len(graph.order) == len(graph.nodes):
        return list(graph.links)
    closing: set[int] = set()
    state: dict[str, int] = {}
    outgoing: dict[str, list[tuple[int, str]]] = {node.id: [] for node in graph.nodes}
    for place, link in enumerate(graph.links):
        outgoing[link.source].append((place, link.target))
    for node in graph.nodes:
        waiting = [(node.id, iter(outgoing[node.id]))] if node.id not in state else []
        state.setdefault(node.id, 1)
        while waiting:
            current, further = waiting[-1]
            step = next(further, None)
            if step is None:
                state[current] = 2
                waiting.pop()
            elif state.get(step[1]) == 1:
                closing.add(step[0])
            elif step[1] not in state:
                state[step[1]] = 1
                waiting.append((step[1], iter(outgoing[step[1]])))
    return [link for place, link in enumerate(graph.links) if place not in closing]


def _depths(graph: Graph, links: list[Link]) -> dict[str, int]:
    order = graph.order if len(links) == len(graph.links) else graph.with_(links=links).order
    fed, targets = set[str](), defaultdict[str, list[str]](list)
    for link in links:
        fed.add(link.target)
        targets[link.source].append(link.target)
    depth = dict.fromkeys(order, 0)
    for node in order:
        below = depth[node] + 1
        for target in targets.get(node, ()):
            if depth[target] < below:
                depth[target] = below
    if len(graph.outputs) == 1 and graph.outputs[0].id in fed:
        depth[graph.outputs[0].id] = max(depth[graph.outputs[0].id], *depth.values())
    # A source that nothing feeds stands just above what it feeds; a loose node stands below everything, but a loose
    # Input beside the first.
    loose = max(depth.values(), default=0)
    for end in graph.nodes:
        if end.id in fed or end is graph.input:
            continue
        if end.id in targets:
            depth[end.id] = max(0, min(depth[target] for target in targets[end.id]) - 1)
        elif end.layer != INPUT and len(graph.nodes) > 1:
            loose += 1
            depth[end.id] = loose
    return depth


def _lanes(links: list[Link], depth: dict[str, int]) -> dict[str, int]:
    """The row of the last lane of each source whose wires pass rows; all wires of a source share its lane."""
    furthest: dict[str, int] = {}
    for link in links:
        above = depth[link.target] - 1
        if above > depth[link.source]:
            furthest[link.source] = max(furthest.get(link.source, 0), above)
    kept: dict[str, int] = {}
    left = MOST_LANES
    for source, last in sorted(furthest.items(), key=lambda item: item[1] - depth[item[0]]):
        left -= last - depth[source]
        if left < 0:
            break
        kept[source] = last
    # In the document's order again, so that the drawing does not depend on the lengths.
    return {source: kept[source] for source in furthest if source in kept}
