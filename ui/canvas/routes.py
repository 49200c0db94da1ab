"""How a wire finds its way: straight on where it can, around the nodes that stand between its ends."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath

from ui.canvas.node_item import HEIGHT, WIDTH, Flow
from workbench.graph.layout import Point
from workbench.graph.model import Link

CLEAR = 22.0
LEAST_BEND = 12.0
TURN = 20.0
TRIES = 6
APART = 14.0
"""Between two wires that run side by side."""
MOST_LANES = 8


Wire = tuple[Link, Point, Point]
"""A link, and where it begins and ends."""


class Boxes:
    """Where the nodes stand, sorted along the way that the wires run."""

    def __init__(self, corners: Iterable[Point], flow: Flow) -> None:
        self.flow = flow
        self.long, self.wide = (HEIGHT, WIDTH) if flow == "down" else (WIDTH, HEIGHT)
        self._spots = sorted((y, x) if flow == "down" else (x, y) for x, y in corners)
        self._along = [along for along, _ in self._spots]
        self._known: dict[tuple[Point, Point, int], float | None] = {}

    def lane(self, start: Point, end: Point, rank: int = 0) -> float | None:
        """How far aside a wire must go to pass what stands between its ends; None where nothing does.

        Args:
            start: Where it begins.
            end: Where it ends.
            rank: How many lanes nearer to the nodes it leaves to others.
        """
        key = start, end, rank
        if key not in self._known:
            self._known[key] = self._lane(start, end, rank)
        return self._known[key]

    def _lane(self, start: Point, end: Point, rank: int) -> float | None:
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
            if not rank and all(abs(spot + self.wide / 2 - column) >= half for _, spot in between):
                return column
        right = self._free(max(blocking) + self.wide + CLEAR, between, 1)
        left = self._free(min(blocking) - CLEAR, between, -1)
        for _ in range(rank):
            right, left = self._free(right + APART, between, 1), self._free(left - APART, between, -1)
        middle = (aside + aside_end) / 2
        return right if right - middle <= middle - left + 1 else left

    def _free(self, lane: float, between: list[Point], way: int) -> float:
        """The next lane on the way to the right (1) or left (-1) that meets no node."""
        for _ in range(TRIES):
            met = [spot for _, spot in between if spot - CLEAR / 2 < lane < spot + self.wide + CLEAR / 2]
            if not met:
                break
            lane = max(met) + self.wide + CLEAR if way > 0 else min(met) - CLEAR
        return lane

    def ranks(self, wires: Iterable[Wire]) -> dict[Link, int]:
        """The ranks of long wires that would otherwise lie on one another: the shorter, the nearer to the nodes.

        Wires of one source may share a lane, and wires into one node the column above it. Those of rank 0 are left out.

        Args:
            wires: In an order that stays.
        """
        along = 1 if self.flow == "down" else 0
        found = dict[Link, int]()
        beside, reach = list[Wire](), -math.inf
        for wire in sorted(wires, key=lambda wire: wire[1][along]):
            if wire[1][along] >= reach:
                found |= self._told_apart(beside, along)
                beside = []
            beside.append(wire)
            reach = max(reach, wire[2][along])
        return found | self._told_apart(beside, along)

    def _told_apart(self, wires: Sequence[Wire], along: int) -> dict[Link, int]:
        """The ranks of wires that run beside one another."""
        found = dict[Link, int]()
        if len({link.source for link, _, _ in wires}) < 2:
            return found
        taken = defaultdict[int, list[tuple[float, float, str]]](list)
        for link, start, end in sorted(wires, key=lambda wire: wire[2][along] - wire[1][along]):
            first, last = start[along], end[along]
            for rank in range(MOST_LANES):
                lane = self.lane(start, end, rank)
                if lane is None or lane in (start[1 - along], end[1 - along]):
                    break
                beside = taken[round(lane / APART)]
                place = bisect_left(beside, (first,))
                if all(other == link.source for _, _, other in _met(beside, place, first, last)):
                    insort(beside, (first, last, link.source))
                    if rank:
                        found[link] = rank
                    break
        return found


def _met(
    taken: list[tuple[float, float, str]], place: int, first: float, last: float
) -> Iterator[tuple[float, float, str]]:
    """What overlaps a piece of a lane, among pieces that overlap only where they are of one source."""
    before = place - 1
    while before >= 0 and taken[before][1] > first:
        yield taken[before]
        before -= 1
    while place < len(taken) and taken[place][0] < last:
        yield taken[place]
        place += 1


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
