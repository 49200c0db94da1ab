"""A drawing that follows an edited script: what is the same keeps its id, its place and its group."""

from __future__ import annotations

from workbench.graph import edits
from workbench.graph.diff import compare
from workbench.graph.model import INPUT, OUTPUT, Graph, Link, Node
from workbench.graph.rules import leading


def followed(drawn: Graph, read: Graph) -> Graph:
    """The drawing that a script asks for, made from the one that it was written from.

    Args:
        drawn: The drawing on the canvas. What leads to no output is in no script, and so it stays.
        read: The drawing that was read from the script.

    Returns:
        The read drawing with the drawn one's ids, places, groups and comments; `drawn` itself where both are alike.
    """
    difference = compare(drawn, read)
    if not difference:
        return drawn
    known = {after: before for before, after in difference.pairs.items()}
    loose = [node for node in drawn.nodes if node.id not in leading(drawn) and node.id not in difference.pairs]
    taken = Graph(nodes=drawn.nodes)
    for node in read.nodes:
        if node.id not in known:
            taken, known[node.id] = edits.add(taken, node.layer)
    names = {node.name for node in read.nodes}
    nodes = [_placed(node, known, drawn) for node in read.nodes]
    nodes += [node for node in loose if node.name not in names]
    links = [
        link.model_copy(update={"source": known[link.source], "target": known[link.target]}) for link in read.links
    ]
    links += _loose_links(drawn, {node.id for node in loose}, {node.id for node in nodes})
    order = {node.id: place for place, node in enumerate(drawn.nodes)}
    nodes.sort(key=lambda node: order.get(node.id, len(order)))
    return drawn.with_(nodes=nodes, links=links)


def _placed(node: Node, known: dict[str, str], drawn: Graph) -> Node:
    before = drawn.by_id.get(known[node.id])
    changes: dict[str, object] = {"id": known[node.id]}
    if node.shares is not None:
        changes["shares"] = known[node.shares]
    if before is not None:
        changes["position"] = before.position
        if node.layer in (INPUT, OUTPUT):
            changes |= {"name": before.name, "params": before.params}
    return node.model_copy(update=changes)


def _loose_links(drawn: Graph, loose: set[str], there: set[str]) -> list[Link]:
    return [link for link in drawn.links if {link.source, link.target} & loose and {link.source, link.target} <= there]
