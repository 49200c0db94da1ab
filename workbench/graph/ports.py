"""The inputs of a node: their names, how many links each takes, and which of them are free."""

from __future__ import annotations

from workbench.catalog.layers import layer_spec
from workbench.graph.model import INPUT, Graph, Link, Node

ANY = "input"
"""The port of a link that names none: it takes the first that is free."""


def input_ports(node: Node) -> tuple[str, ...]:
    """The names of a node's inputs; none for an Input."""
    if node.layer == INPUT:
        return ()
    spec = layer_spec(node.layer)
    return spec.ports if spec is not None else (ANY,)


def most_links(node: Node) -> int | None:
    """How many links a node takes at most; None for any number."""
    spec = layer_spec(node.layer)
    return spec.max_inputs if spec is not None else None


def takes_many(node: Node) -> bool:
    """Whether a node's one input takes several links, in their order."""
    return len(input_ports(node)) == 1 and most_links(node) != 1


def filled(graph: Graph, node: str) -> dict[str, tuple[Link, ...]]:
    """The links in each input of a node, in the inputs' own order; an input may have none, or by mistake several.

    A link that names none of several inputs takes the first that is free.
    """
    links, ports = graph.incoming[node], input_ports(graph.by_id[node])
    if len(ports) < 2:
        return dict.fromkeys(ports, links)
    placed: dict[str, list[Link]] = {port: [link for link in links if link.target_port == port] for port in ports}
    for link in links:
        if link.target_port not in placed:
            placed[next((port for port in ports if not placed[port]), ports[-1])].append(link)
    return {port: tuple(found) for port, found in placed.items()}


def free_port(graph: Graph, node: str) -> str:
    """The first input of a node that has no link; the last where all have."""
    there = filled(graph, node)
    return next((port for port, links in there.items() if not links), next(reversed(there), ANY))
