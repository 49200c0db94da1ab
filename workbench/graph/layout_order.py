"""The order of the items in each row, so that few wires cross; among equals the document's order stays."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Mapping
from itertools import pairwise

from workbench.graph.layout_rows import Item, Part

SWEEPS = 8
MANY = 4000
"""Items beyond this are swept half as often: then speed is worth more than the last crossing."""


def ordered(rows: Part) -> list[list[Item]]:
    """Each row's items from left to right."""
    best = _first(rows)
    fewest = _crossings(best, rows.below)
    current = best
    for sweep in range(SWEEPS if sum(map(len, best)) < MANY else SWEEPS // 2):
        if not fewest:
            break
        current = _swept(current, rows.above if sweep % 2 == 0 else rows.below, down=sweep % 2 == 0)
        crossings = _crossings(current, rows.below)
        if crossings < fewest:
            best, fewest = current, crossings
    return best


def _first(rows: Part) -> list[list[Item]]:
    """Children below their parents, in the parents' order; a lane to the right of what its source feeds next."""
    order: list[list[Item]] = []
    place: dict[Item, float] = {}
    for row in rows.items:
        ranked = sorted(
            enumerate(row),
            key=lambda one: (
                min((place[up] for up in rows.above[one[1]]), default=one[0]),
                not isinstance(one[1], str),
            ),
        )
        order.append([item for _, item in ranked])
        place.update({item: at for at, item in enumerate(order[-1])})
    return order


def _swept(order: list[list[Item]], towards: Mapping[Item, list[Item]], *, down: bool) -> list[list[Item]]:
    """Every row by where its neighbours in the row before (or behind) are."""
    swept = [list(row) for row in order]
    middle = {item: at - (len(row) - 1) / 2 for row in swept for at, item in enumerate(row)}
    for row in swept if down else reversed(swept):
        row.sort(key=lambda item: _mean([middle[near] for near in towards[item]], middle[item]))
        middle.update({item: at - (len(row) - 1) / 2 for at, item in enumerate(row)})
    return swept


def _mean(values: list[float], own: float) -> float:
    return sum(values) / len(values) if values else own


def _crossings(order: list[list[Item]], below: Mapping[Item, list[Item]]) -> int:
    """How many pairs of wires cross between one row and the next."""
    total = 0
    for upper, lower in pairwise(order):
        if len(upper) < 2 or len(lower) < 2:
            continue
        place = {item: at for at, item in enumerate(lower)}
        seen: list[int] = []
        for item in upper:
            ends = sorted(place[near] for near in below[item])
            total += sum(len(seen) - bisect_right(seen, end) for end in ends)
            for end in ends:
                insort(seen, end)
    return total
