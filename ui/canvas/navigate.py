"""Where the arrow keys lead."""

from __future__ import annotations

from ui.canvas.scene import CanvasScene


def neighbour(canvas: CanvasScene, node: str | None, direction: str) -> str | None:
    """The node one step "up", "down", "left" or "right": along the links first, then what is nearest on the screen."""
    graph = canvas.graph
    if node is None or node not in graph.by_id:
        return graph.order[0] if graph.order else None
    if direction == "down" and graph.outgoing[node]:
        return graph.outgoing[node][0].target
    if direction == "up" and graph.incoming[node]:
        return graph.incoming[node][0].source
    here = canvas.place_of(node)
    found: list[tuple[float, str]] = []
    for other in graph.by_id:
        way = canvas.place_of(other) - here
        along, aside = (way.x(), way.y()) if direction in ("left", "right") else (way.y(), way.x())
        if direction in ("left", "up"):
            along = -along
        if other != node and along > abs(aside):
            found.append((along + 2 * abs(aside), other))
    return min(found)[1] if found else None
