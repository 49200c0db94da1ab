"""Where the nodes of a drawing belong: the layout's places, those set by hand, room for the sentences under nodes."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Mapping
from itertools import accumulate

from workbench.graph.layout import Point, automatic
from workbench.graph.model import Graph, Link

LAYOUTS = 6

Key = tuple[tuple[str, ...], tuple[Link, ...]]


class Placing:
    """Remembers the last few layouts: an undo, or a group that folds and unfolds, comes back to one of them."""

    def __init__(self) -> None:
        self._layouts: deque[tuple[Key, dict[str, Point]]] = deque(maxlen=LAYOUTS)

    def places(self, picture: Graph, strips: Mapping[str, float]) -> dict[str, Point]:
        """The upper left corner of each node, in scene units.

        Args:
            picture: The drawing as it is shown.
            strips: How high the sentence is under a node that has one; it pushes down what is below.
        """
        base = self._base(picture)
        by_hand = {node.id: node.position for node in picture.nodes if node.position is not None}
        places = {**base, **by_hand} if by_hand else base
        rows = dict[float, float]()
        for node, height in strips.items():
            if node not in by_hand:
                row = base[node][1]
                rows[row] = max(rows.get(row, 0.0), height)
        if not rows:
            return places
        marks = sorted(rows)
        pushes = [0.0, *accumulate(rows[mark] for mark in marks)]
        return {
            node: place if node in by_hand else (place[0], place[1] + pushes[bisect_left(marks, place[1])])
            for node, place in places.items()
        }

    def _base(self, picture: Graph) -> dict[str, Point]:
        """The layout's places, worked out anew only when nodes or links differ."""
        key = (tuple(picture.by_id), picture.links)
        known = next((places for laid_out, places in self._layouts if laid_out == key), None)
        if known is None:
            known = automatic(picture)
            self._layouts.appendleft((key, known))
        return known
