"""A drawing in parts: where a row holds a single layer, what is above and below it is laid out each on its own.

So an edit costs the part that it is in. A part is remembered by how it looks, not by its layers' names: blocks that are
alike are laid out once, and an undo finds again what was there.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from workbench.graph.layout_lines import across
from workbench.graph.layout_order import ordered
from workbench.graph.layout_rows import Item, Part, Rows

REMEMBERED = 2048

Entry = tuple[bool, tuple[int, ...]]
Look = tuple[tuple[Entry, ...], ...]
"""A part: for each row, for each item, whether it is a layer, and the places in the next row that it leads to."""


def middles(rows: Rows, node: float, lane: float) -> dict[Item, float]:
    """How far across the middle of each item stands.

    Args:
        rows: The items and the wires between them.
        node: How much room a layer takes across, its distance to a neighbour in it.
        lane: How much room a wire's lane takes.
    """
    found: dict[Item, float] = {}
    for first, last in _cuts(rows):
        if last - first == 1 and len(rows.items[first]) == len(rows.items[last]) == 1:
            # One layer above another, as most of a drawing is.
            upper, lower = rows.items[first][0], rows.items[last][0]
            found[lower] = found.setdefault(upper, 0.0)
            continue
        # Both ends of a part are single layers, but for the drawing's own; the upper one has its place already.
        places = _places(_look(rows, first, last), node, lane)
        start = next(iter(rows.items[first]), None)
        shift = found[start] - places[0][0] if start in found else 0.0
        for row, row_places in zip(rows.items[first : last + 1], places, strict=True):
            found.update(zip(row, (place + shift for place in row_places), strict=True))
    return found


def _cuts(rows: Rows) -> Iterator[tuple[int, int]]:
    """The first and the last row of each part; neighbours share the row of a single layer."""
    last = len(rows.items) - 1
    single = [at for at, row in enumerate(rows.items) if len(row) == 1 and isinstance(row[0], str)]
    ends = [*dict.fromkeys((0, *single, last))] if last > 0 else [0, 0] if last == 0 else []
    return pairwise(ends)


def _look(rows: Rows, first: int, last: int) -> Look:
    look: list[tuple[Entry, ...]] = []
    below = rows.below
    for at in range(first, last):
        lower = rows.items[at + 1]
        if len(lower) == 1:
            # All that leads on leads to the one.
            look.append(tuple([(type(item) is str, (0,) * len(below.get(item, ()))) for item in rows.items[at]]))
            continue
        place = {item: number for number, item in enumerate(lower)}
        look.append(
            tuple([(type(item) is str, tuple([place[low] for low in below.get(item, ())])) for item in rows.items[at]])
        )
    look.append(tuple([(type(item) is str, ()) for item in rows.items[last]]))
    return tuple(look)


@lru_cache(REMEMBERED)
def _places(look: Look, node: float, lane: float) -> tuple[tuple[float, ...], ...]:
    """How far across each item of a part stands, row by row."""
    if all(len(row) == 1 for row in look):
        return ((0.0,),) * len(look)
    items: list[list[Item]] = [
        [f"{row}.{place}" if entry[0] else (str(place), row) for place, entry in enumerate(entries)]
        for row, entries in enumerate(look)
    ]
    below: dict[Item, list[Item]] = {}
    above: dict[Item, list[Item]] = {item: [] for row in items for item in row}
    for row, entries in enumerate(look):
        for place, (_, targets) in enumerate(entries):
            item = items[row][place]
            below[item] = [items[row + 1][target] for target in targets]
            for lower in below[item]:
                above[lower].append(item)
    part = Part(items, below, above)

    def gap(left: Item, right: Item) -> float:
        return sum(node if isinstance(item, str) else lane for item in (left, right)) / 2

    middle = across(part, ordered(part), gap)
    return tuple(tuple(middle[item] for item in row) for row in items)
