"""How the links into a layer become its arguments, and what a layer that is used again shares."""

from __future__ import annotations

from workbench.graph.model import INPUT, OUTPUT, Graph, Link, Node
from workbench.graph.ports import filled, input_ports, optional, output_fault, states


def arranged(graph: Graph, node: str) -> tuple[Link, ...]:
    """The links into a node in the order in which Keras takes them."""
    if len(input_ports(graph.by_id[node])) < 2:
        return graph.incoming[node]
    return tuple(link for links in filled(graph, node).values() for link in links)


def port_fault(graph: Graph, node: str) -> str:
    """What is wrong with how a layer's named inputs are linked, in plain words; empty where nothing is."""
    drawn, fault = graph.by_id[node], output_fault(graph, node)
    layer, ports = drawn.layer, input_ports(drawn)
    if fault or len(ports) < 2 or not graph.incoming[node]:
        return fault
    links = filled(graph, node)
    if len(graph.incoming[node]) == 1 and links[ports[0]]:
        return ""
    for port in ports:
        if not links[port] and not optional(drawn, port):
            return f"{layer} has nothing linked to its {port}."
        if len(links[port]) > 1:
            return f"{layer} takes one {port}, but gets {len(links[port])}."
    first = states(layer, drawn.params)
    missing = [port for port in first if not links[port]]
    if missing and len(missing) < len(first):
        return f"{layer} begins with all of its states or with none, but nothing is linked to its {missing[0]}."
    return ""


def owner(graph: Graph, node: Node) -> Node:
    """The node whose layer a node uses: its own, or the one at the end of what it shares."""
    seen = {node.id}
    while node.shares is not None and node.shares not in seen:
        seen.add(node.shares)
        node = graph.by_id[node.shares]
    return node


def share_fault(graph: Graph, node: Node) -> str:
    """Why a node cannot use another's layer, in plain words; empty where it can, or uses its own."""
    if node.shares is None:
        return ""
    other = owner(graph, node)
    if other.shares is not None:
        return "These layers share one another's weights in a circle."
    if other.layer in (INPUT, OUTPUT) or other.layer != node.layer:
        return f"A {node.layer} cannot use the weights of {other.name}, which is a {other.layer}."
    return ""
