"""Every edit of a drawing, as a pure function from one graph to the next. The rules live here, not in the window."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from workbench.core.errors import GraphError
from workbench.graph.model import INPUT, OUTPUT, Graph, Link, Node
from workbench.graph.problems import Repair


def blank() -> Graph:
    """The drawing a project begins with: data in, answer out, nothing between."""
    return Graph(
        nodes=(Node(id="n1", layer=INPUT, name="input"), Node(id="n2", layer=OUTPUT, name="output")),
        links=(Link(source="n1", target="n2"),),
    )


def snake_case(layer: str) -> str:
    """Keras's own way from a class name to a layer name: Conv2D to conv2d, MaxPooling2D to max_pooling2d."""
    step = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", re.sub(r"\W+", "", layer))
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", step).lower()


def free_id(graph: Graph) -> str:
    """An id that no node of the graph has."""
    taken = graph.by_id.keys()
    start = len(taken) + 1
    return next(name for number in itertools.count(start) if (name := f"n{number}") not in taken)


def free_name(graph: Graph, base: str) -> str:
    """`base`, or the first of base_1, base_2... that no node of the graph has."""
    taken = {node.name for node in graph.nodes}
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


def insert_on_link(
    graph: Graph, link: Link, layer: str, params: Mapping[str, Any] | None = None, *, name: str | None = None
) -> tuple[Graph, str]:
    """Put a layer between the two ends of a link."""
    grown, node = add(graph, layer, params, name=name)
    return _splice(grown, link, node, node), node


def insert_after(
    graph: Graph, after: str, layer: str, params: Mapping[str, Any] | None = None, *, name: str | None = None
) -> tuple[Graph, str]:
    """Put a layer behind a node; what the node fed, the new layer feeds."""
    _require(graph, after)
    if graph.by_id[after].layer == OUTPUT:
        raise GraphError("Nothing can follow the output.", layer, "Drop the layer before the output.")
    grown, node = add(graph, layer, params, name=name)
    moved = [
        Link(source=node, target=link.target, target_port=link.target_port) if link.source == after else link
        for link in grown.links
    ]
    return grown.with_(links=(*moved, Link(source=after, target=node))), node


def insert_before(
    graph: Graph, before: str, layer: str, params: Mapping[str, Any] | None = None, *, name: str | None = None
) -> tuple[Graph, str]:
    """Put a layer in front of a node, on its first incoming link if it has one."""
    _require(graph, before)
    if graph.by_id[before].layer == INPUT:
        raise GraphError("Nothing can come before the input.", layer, "Drop the layer after the input.")
    incoming = graph.incoming[before]
    if incoming:
        return insert_on_link(graph, incoming[0], layer, params, name=name)
    grown, node = add(graph, layer, params, name=name)
    return grown.with_(links=(*grown.links, Link(source=node, target=before))), node


def append(graph: Graph, layer: str, params: Mapping[str, Any] | None = None) -> tuple[Graph, str]:
    """Put a layer at the end of the stack: just before the output, or unlinked where there is none."""
    if graph.output is None:
        return add(graph, layer, params)
    return insert_before(graph, graph.output.id, layer, params)


def remove(graph: Graph, nodes: Collection[str]) -> Graph:
    """Take nodes off; a node with one way in and one way out leaves its neighbours linked. The two ends stay."""
    current = graph
    for node in nodes:
        if node in current.by_id and current.by_id[node].layer not in (INPUT, OUTPUT):
            current = _without(_bypass(current, node), node)
    return current


def move(graph: Graph, nodes: Sequence[str], link: Link) -> Graph:
    """Take a run of stacked nodes out of their place and put them, in their order, on `link`."""
    moving = [node for node in graph.order if node in set(nodes) and graph.by_id[node].layer not in (INPUT, OUTPUT)]
    if not moving or {link.source, link.target} & set(moving):
        return graph
    current = graph
    for node in moving:
        current = _bypass(current, node)
    if link not in current.links:
        raise GraphError("A layer can only be dropped between two linked layers.", "", "Drop it on a line.")
    for node in moving:
        current = _splice(current, link, node, node)
        link = Link(source=node, target=link.target, target_port=link.target_port)
    return current


def duplicate(graph: Graph, nodes: Collection[str]) -> tuple[Graph, list[str]]:
    """Copy nodes and put the copies behind the last of them."""
    return paste(graph, copied(graph, nodes), _last(graph, nodes))


def copied(graph: Graph, nodes: Collection[str]) -> Graph:
    """The chosen nodes and the links among them, as a graph of their own (for the clipboard)."""
    chosen = {node for node in nodes if node in graph.by_id and graph.by_id[node].layer not in (INPUT, OUTPUT)}
    return Graph(
        nodes=tuple(node for node in graph.nodes if node.id in chosen),
        links=tuple(link for link in graph.links if link.source in chosen and link.target in chosen),
    )


def paste(graph: Graph, clip: Graph, after: str | None) -> tuple[Graph, list[str]]:
    """Put copied nodes behind `after` (at the end of the stack when None); returns the new ids, in order."""
    if after is None or after not in graph.by_id or graph.by_id[after].layer == OUTPUT:
        after = _last_before_output(graph)
    current, new_ids = graph, dict[str, str]()
    for node in (clip.by_id[node_id] for node_id in clip.order):
        if node.layer in (INPUT, OUTPUT):
            continue
        current, new_ids[node.id] = add(current, node.layer, node.params, name=node.name)
    inner = [
        link.model_copy(update={"source": new_ids[link.source], "target": new_ids[link.target]})
        for link in clip.links
        if link.source in new_ids and link.target in new_ids
    ]
    heads = [new for old, new in new_ids.items() if not any(link.target == new for link in inner)]
    tails = [new for old, new in new_ids.items() if not any(link.source == new for link in inner)]
    current = current.with_(links=(*current.links, *inner))
    if after is None or not heads:
        return current, list(new_ids.values())
    # Pieces that were not linked to one another are chained in their order.
    previous = after
    for head, tail in zip(heads, tails, strict=False):
        moved = [
            link.model_copy(update={"source": tail, "source_port": "output"}) if link.source == previous else link
            for link in current.links
        ]
        current = current.with_(links=(*moved, Link(source=previous, target=head)))
        previous = tail
    return current, list(new_ids.values())


def set_params(graph: Graph, node: str, params: Mapping[str, Any]) -> Graph:
    """Set some of a node's parameters; a value of `...` (Ellipsis) clears one back to its default."""
    _require(graph, node)
    old = graph.by_id[node]
    merged = {key: value for key, value in {**old.params, **params}.items() if value is not ...}
    return graph.replaced(old.model_copy(update={"params": merged}))


def rename(graph: Graph, node: str, name: str) -> Graph:
    """Give a node another name.

    Raises:
        GraphError: The name is empty, has a character Keras refuses, or is taken.
    """
    _require(graph, node)
    name = name.strip()
    if not name or "/" in name or not name.isprintable():
        raise GraphError("A layer's name must be printable text without a slash.", repr(name), "Choose another name.")
    if any(other.name == name and other.id != node for other in graph.nodes):
        raise GraphError("Every layer needs a name of its own.", f"{name!r} twice", "Choose another name.")
    return graph.replaced(graph.by_id[node].model_copy(update={"name": name}))


def connect(graph: Graph, source: str, target: str, target_port: str = "input") -> Graph:
    """Link two nodes.

    Raises:
        GraphError: The link exists, would close a cycle, or an end cannot take it.
    """
    _require(graph, source)
    _require(graph, target)
    if graph.by_id[target].layer == INPUT or graph.by_id[source].layer == OUTPUT:
        raise GraphError("Data flow from the input to the output.", "", "Draw the line the other way.")
    if source == target or source in _downstream(graph, target):
        raise GraphError("A network must not run in a circle.", "", "Link it to a later layer.")
    link = Link(source=source, target=target, target_port=target_port)
    if link in graph.links:
        raise GraphError("These two layers are linked already.")
    return graph.with_(links=(*graph.links, link))


def disconnect(graph: Graph, link: Link) -> Graph:
    """Take one link away."""
    return graph.with_(links=(other for other in graph.links if other != link))


def place(graph: Graph, positions: Mapping[str, tuple[float, float] | None]) -> Graph:
    """Put nodes at scene positions; None gives a node back to the automatic layout."""
    return graph.with_(
        nodes=(
            node.model_copy(update={"position": positions[node.id]}) if node.id in positions else node
            for node in graph.nodes
        )
    )


def apply_repair(graph: Graph, repair: Repair) -> Graph:
    """Carry out what a problem's repair offers."""
    node = repair.node or ""
    match repair.action:
        case "insert_before":
            return insert_before(graph, node, repair.args["layer"], repair.args.get("params"))[0]
        case "insert_after":
            return insert_after(graph, node, repair.args["layer"], repair.args.get("params"))[0]
        case "set_params":
            return set_params(graph, node, repair.args["params"])
        case "connect":
            return connect(graph, repair.args["source"], node)
        case "remove":
            return remove(graph, [node])
        case "add_output":
            return _add_output(graph)


def _add_output(graph: Graph) -> Graph:
    ends = [node_id for node_id in graph.order if not graph.outgoing[node_id]]
    grown, output = add(graph, OUTPUT)
    return connect(grown, ends[-1], output) if ends else grown


def _require(graph: Graph, node: str) -> None:
    if node not in graph.by_id:
        raise GraphError("The layer must be on the canvas.", node, "It may have been deleted.")


def _without(graph: Graph, node: str) -> Graph:
    return graph.with_(
        nodes=(other for other in graph.nodes if other.id != node),
        links=(link for link in graph.links if node not in (link.source, link.target)),
    )


def _bypass(graph: Graph, node: str) -> Graph:
    """Link a node's feeder to what it fed, and leave the node itself unlinked."""
    sources = graph.incoming[node]
    links: list[Link] = []
    for link in graph.links:
        if link.target == node:
            continue
        if link.source != node:
            links.append(link)
        elif len(sources) == 1:
            links.append(link.model_copy(update={"source": sources[0].source, "source_port": sources[0].source_port}))
    return graph.with_(links=dict.fromkeys(links)) if len(sources) == 1 else graph.with_(links=links)


def _splice(graph: Graph, link: Link, first: str, last: str) -> Graph:
    """Put first...last in the place of a link; the end keeps its place in the target's order."""
    if link not in graph.links:
        raise GraphError("The line is no longer there.", f"{link.source} to {link.target}", "Drop it on another line.")
    links: list[Link] = []
    for other in graph.links:
        if other == link:
            links.append(link.model_copy(update={"target": first, "target_port": "input"}))
            links.append(link.model_copy(update={"source": last, "source_port": "output"}))
        else:
            links.append(other)
    return graph.with_(links=links)


def _downstream(graph: Graph, node: str) -> set[str]:
    seen: set[str] = set()
    waiting = [node]
    while waiting:
        for link in graph.outgoing[waiting.pop()]:
            if link.target not in seen:
                seen.add(link.target)
                waiting.append(link.target)
    return seen


def _last(graph: Graph, nodes: Collection[str]) -> str | None:
    chosen = [node for node in graph.order if node in set(nodes)]
    return chosen[-1] if chosen else None


def _last_before_output(graph: Graph) -> str | None:
    if graph.output is not None and graph.incoming[graph.output.id]:
        return graph.incoming[graph.output.id][0].source
    chosen = [node for node in graph.order if graph.by_id[node].layer != OUTPUT]
    return chosen[-1] if chosen else None
