"""What all edits are made of: ids, names, a node put on the canvas or taken off."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from workbench.core.errors import GraphError
from workbench.graph.model import Graph, Node
from workbench.graph.wiring import owner


def snake_case(layer: str) -> str:
    """Keras's own way from a class name to a layer name: Conv2D to conv2d, MaxPooling2D to max_pooling2d."""
    step = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", re.sub(r"\W+", "", layer))
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", step).lower()


def free_id(graph: Graph) -> str:
    """An id that no node of the graph has."""
    return next(_numbered("n", len(graph.nodes) + 1, graph.by_id.keys()))


def free_mark(letter: str, taken: Collection[str]) -> str:
    """The first of letter1, letter2... that is not taken; for groups and comments."""
    return next(_numbered(letter, len(taken) + 1, taken))


def _numbered(letter: str, start: int, taken: Collection[str]) -> Iterator[str]:
    return (name for number in itertools.count(start) if (name := f"{letter}{number}") not in taken)


def free_name(graph: Graph, base: str) -> str:
    """`base`, or the first of base_1, base_2... that no node of the graph has."""
    return name_beside({node.name for node in graph.nodes}, base)


def name_beside(taken: Collection[str], base: str) -> str:
    """`base`, or the first of base_1, base_2... that is not taken."""
    stem = re.sub(r"_\d+$", "", base)
    if base not in taken:
        return base
    return next(name for number in itertools.count(1) if (name := f"{stem}_{number}") not in taken)


def add(
    graph: Graph,
    layer: str,
    params: Mapping[str, Any] | None = None,
    *,
    name: str | None = None,
    position: tuple[float, float] | None = None,
) -> tuple[Graph, str]:
    """Put a layer on the canvas, linked to nothing; returns the new graph and the node's id."""
    node = Node(
        id=free_id(graph),
        layer=layer,
        name=free_name(graph, name or snake_case(layer)),
        params=dict(params or {}),
        position=position,
    )
    return graph.with_(nodes=(*graph.nodes, node)), node.id


def require(graph: Graph, node: str) -> None:
    """Raise unless the node is there."""
    if node not in graph.by_id:
        raise GraphError("The layer must be on the canvas.", node, "It may have been deleted.")


def downstream(graph: Graph, node: str) -> set[str]:
    """The ids of all that a node leads to."""
    return _reached(graph, node, forward=True)


def upstream(graph: Graph, node: str) -> set[str]:
    """The ids of all that leads to a node."""
    return _reached(graph, node, forward=False)


def _reached(graph: Graph, node: str, *, forward: bool) -> set[str]:
    seen: set[str] = set()
    waiting = [node]
    while waiting:
        current = waiting.pop()
        links = graph.outgoing[current] if forward else graph.incoming[current]
        for link in links:
            other = link.target if forward else link.source
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return seen


def family(graph: Graph, node: str) -> list[str]:
    """The nodes that use one layer together, the one that owns it first; a node that shares nothing is alone."""
    first = owner(graph, graph.by_id[node]).id
    return [first, *(other.id for other in graph.nodes if other.shares and owner(graph, other).id == first)]
