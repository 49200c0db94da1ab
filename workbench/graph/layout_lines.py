"""How far across each item stands: long runs and lanes are straight, and each stands near what it is linked to."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable
from itertools import pairwise

from workbench.graph.layout_rows import Item, Part

ROUNDS = 12
MANY = 4000
"""Lines beyond this are drawn near one another less often: then speed is worth more."""
STRETCH = 2.0
"""How much wider than the widest row straight lines may make a drawing."""

Gap = Callable[[Item, Item], float]


def across(rows: Part, order: list[list[Item]], gap: Gap) -> dict[Item, float]:
    """The middle of each item.

    Args:
        rows: The items and the wires between them.
        order: Each row's items from left to right.
        gap: How far apart the middles of two neighbours are at least.
    """
    line = _lines(rows, order)
    steps = _steps(order, line, gap)
    sequence = _sequence(set(line.values()), steps)
    widest = max((sum(gap(left, right) for left, right in pairwise(row)) for row in order), default=0.0)
    if sequence is None or max(_lowest(steps, sequence).values(), default=0.0) > STRETCH * widest:
        # Straight lines would push one another far apart: every item for itself.
        line = {item: item for row in order for item in row}
        steps = _steps(order, line, gap)
        sequence = [item for row in order for item in row]
    place = _relaxed(rows, line, steps, sequence)
    return {item: place[line[item]] for row in order for item in row}


def _lines(rows: Part, order: list[list[Item]]) -> dict[Item, Item]:
    """The first item of the straight line that each is part of."""
    place = {item: at for row in order for at, item in enumerate(row)}
    line: dict[Item, Item] = {item: item for row in order for item in row}
    chosen = _choices(rows, order, place)
    for number, row in enumerate(order):
        joined: list[tuple[int, int]] = []
        # Lines of layers first, then lanes, then where one becomes the other.
        for rank in range(3):
            for upper in row:
                lower = chosen.get(upper)
                if lower is None or _rank(upper, lower) != rank:
                    continue
                pair = place[upper], place[lower]
                at = bisect_left(joined, pair)
                if (at and joined[at - 1][1] >= pair[1]) or (at < len(joined) and joined[at][1] <= pair[1]):
                    continue
                joined.insert(at, pair)
        for top, bottom in joined:
            line[order[number + 1][bottom]] = line[row[top]]
    return line


def _rank(upper: Item, lower: Item) -> int:
    return (0 if isinstance(lower, str) else 2) if isinstance(upper, str) else (2 if isinstance(lower, str) else 1)


def _choices(rows: Part, order: list[list[Item]], place: dict[Item, int]) -> dict[Item, Item]:
    """With which item of the next row each goes on straight, where that is plain to see."""
    height: dict[Item, int] = {}
    for row in reversed(order):
        for item in row:
            nexts = [height[low] + 1 for low in rows.below[item] if isinstance(low, str)]
            height[item] = max(nexts, default=0)
    wishes: dict[Item, list[Item]] = {}
    for row in order:
        for item in row:
            lower = _middle(_foremost(rows.below[item], height), place)
            if lower is not None:
                wishes.setdefault(lower, []).append(item)
    run: dict[Item, int] = {}
    chosen: dict[Item, Item] = {}
    for row in order:
        for item in row:
            upper = _middle(_foremost(wishes.get(item, []), run), place)
            run[item] = run[upper] + 1 if upper is not None else 0
            if upper is not None:
                chosen[upper] = item
    return chosen


def _foremost(items: list[Item], weight: dict[Item, int]) -> list[Item]:
    """The layers among the items, or the lanes where there are none; of those, the ones of the greatest weight."""
    real = [item for item in items if isinstance(item, str)] or items
    most = max((weight[item] for item in real), default=0)
    return [item for item in real if weight[item] == most]


def _middle(items: list[Item], place: dict[Item, int]) -> Item | None:
    return sorted(items, key=place.__getitem__)[len(items) // 2] if len(items) % 2 else None


Steps = dict[Item, dict[Item, float]]


def _steps(order: list[list[Item]], line: dict[Item, Item], gap: Gap) -> Steps:
    """For each line, how far the lines to its right must at least be from it."""
    steps: Steps = {line[item]: {} for row in order for item in row}
    for row in order:
        for left, right in pairwise(row):
            there = steps[line[left]]
            there[line[right]] = max(there.get(line[right], 0.0), gap(left, right))
    return steps


def _sequence(lines: set[Item], steps: Steps) -> list[Item] | None:
    """The lines from left to right; None where no such order is."""
    waiting = dict.fromkeys(steps, 0)
    for nexts in steps.values():
        for right in nexts:
            waiting[right] += 1
    ready = [line for line, count in waiting.items() if not count]
    for line in ready:
        for right in steps[line]:
            waiting[right] -= 1
            if not waiting[right]:
                ready.append(right)
    return ready if len(ready) == len(lines) else None


def _lowest(steps: Steps, sequence: list[Item]) -> dict[Item, float]:
    """As far to the left as each line can be."""
    lowest = dict.fromkeys(sequence, 0.0)
    for item in sequence:
        for right, gap in steps[item].items():
            lowest[right] = max(lowest[right], lowest[item] + gap)
    return lowest


def _relaxed(rows: Part, line: dict[Item, Item], steps: Steps, sequence: list[Item]) -> dict[Item, float]:
    lowest = _lowest(steps, sequence)
    highest = dict.fromkeys(sequence, max(lowest.values(), default=0.0))
    before: Steps = {item: {} for item in sequence}
    for item in reversed(sequence):
        for right, gap in steps[item].items():
            highest[item] = min(highest[item], highest[right] - gap)
            before[right][item] = gap
    place = {item: (lowest[item] + highest[item]) / 2 for item in sequence}
    near: dict[Item, list[tuple[Item, float]]] = {item: [] for item in sequence}
    for upper, nexts in rows.below.items():
        for lower in nexts:
            one, other = line[upper], line[lower]
            if one != other:
                weight = 1.0 if isinstance(upper, str) and isinstance(lower, str) else 0.5
                near[one].append((other, weight))
                near[other].append((one, weight))
    for turn in range(ROUNDS if len(sequence) < MANY else ROUNDS // 3):
        for item in sequence if turn % 2 == 0 else reversed(sequence):
            if near[item]:
                total = sum(weight for _, weight in near[item])
                wanted = sum(place[other] * weight for other, weight in near[item]) / total
                least = max((place[left] + gap for left, gap in before[item].items()), default=-math.inf)
                most = min((place[right] - gap for right, gap in steps[item].items()), default=math.inf)
                place[item] = max(least, min(wanted, most))
    return place
