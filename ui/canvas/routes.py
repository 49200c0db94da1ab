"""How a wire finds its way: straight on where it can, around the nodes that stand between its ends."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath

from ui.canvas.node_item import HEIGHT, WIDTH, Flow
from workbench.graph.layout import Point

CLEAR = 22.0
LEAST_BEND = 12.0
TURN = 30.0
TRIES = 6


class Boxes:
    """Where the nodes stand, sorted along the way that the wires run."""

    def __init__(self, corners: Iterable[Point], flow: Flow) -> None:
        self.flow = flow
        self.long, self.wide = (HEIGHT, WIDTH) if flow == "down" else (WIDTH, HEIGHT)
        self._spots = sorted((y, x) if flow == "down" else (x, y) for x, y in corners)
        self._along = [along for along, _ in self._spots]

    def lane(self, start: Point, end: Point) -> float | None:
        """How far aside a wire must go to pass what stands between its ends; None where nothing does."""
        across, along = (0, 1) if self.flow == "down" else (1, 0)
        first, last = start[along], end[along]
        if last - first < self.long:
            return None
        aside, aside_end = start[across], end[across]
        low = bisect_left(self._along, first)
        high = bisect_right(self._along, last - self.long)
        between = self._spots[low:high]
        half = self.wide / 2 + CLEAR

        def at(along: float) -> float:
            return aside + (aside_end - aside) * (along + self.long / 2 - first) / (last - first)

        blocking = [spot for along, spot in between if abs(spot + self.wide / 2 - at(along)) < half]
        if not blocking:
            return None
        # Along its own column to the last row, or along the target's from the first: the calmest ways there are.
        for column in (aside, aside_end):
            if all(abs(spot + self.wide / 2 - column) >= half for _, spot in between):
                return column
        right, left = max(blocking) + self.wide + CLEAR, min(blocking) - CLEAR
        for _ in range(TRIES):
            met = [spot for _, spot in between if spot - CLEAR / 2 < right < spot + self.wide + CLEAR / 2]
            right = max(met) + self.wide + CLEAR if met else right
        for _ in range(TRIES):
            met = [spot for _, spot in between if spot - CLEAR / 2 < left < spot + self.wide + CLEAR / 2]
            left = min(met) - CLEAR if met else left
        middle = (aside + aside_end) / 2
        return right if right - middle <= middle - left + 1 else left


def wire(end: Point, flow: Flow, lane: float | None = None) -> QPainterPath:
    """A smooth way from the origin to a point, along a lane where there is one."""
    path, goal = QPainterPath(), QPointF(*end)
    ahead = QPointF(0, 1) if flow == "down" else QPointF(1, 0)
    span = QPointF.dotProduct(goal, ahead)
    if lane is None:
        bend = ahead * max(abs(span) / 2, LEAST_BEND)
        path.cubicTo(bend, goal - bend, goal)
        return path
    turn = min(TURN, span / 4)
    if flow == "down":
        out, back = QPointF(lane, 2 * turn), QPointF(lane, end[1] - 2 * turn)
    else:
        out, back = QPointF(2 * turn, lane), QPointF(end[0] - 2 * turn, lane)
    path.cubicTo(ahead * turn, out - ahead * turn, out)
    path.lineTo(back)
    path.cubicTo(back + ahead * turn, goal - ahead * turn, goal)
    return path
