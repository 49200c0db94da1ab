"""Edits of wires: what fits where and why not, linking, re-plugging an end, taking a link away."""

from __future__ import annotations

from workbench.core.errors import GraphError
from workbench.graph.edits_base import downstream, require, upstream
from workbench.graph.model import INPUT, OUTPUT, Graph, Link
from workbench.graph.ports import ANY, MAIN, filled, free_port, input_ports, most_links, output_ports, takes_many

_CIRCLE = "A network must not run in a circle."
_LINKED = "These two layers are linked already."


def port_of(graph: Graph, link: Link) -> str:
    """The input that a link really feeds."""
    return next((port for port, links in filled(graph, link.target).items() if link in links), link.target_port)


def can_connect(graph: Graph, source: str, target: str, port: str = ANY, source_port: str = MAIN) -> str | None:
    """Why a link from one node to another's input does not fit; None where it does.

    An input that takes one link and has it still fits: the new link takes the old one's place.
    """
    require(graph, source)
    require(graph, target)
    if graph.by_id[source].layer == OUTPUT:
        return f"Nothing follows {graph.by_id[source].name}: there the answer goes out."
    circle = source == target or source in downstream(graph, target)
    return _refusal(graph, (source, source_port), target, port, circle=circle)


def targets(graph: Graph, source: str, source_port: str = MAIN) -> dict[str, str | None]:
    """For every other node, why a link from this output of `source` to it does not fit, or None where it does."""
    before = upstream(graph, source) | {source}
    blocked = f"Nothing follows {graph.by_id[source].name}." if graph.by_id[source].layer == OUTPUT else None
    return {
        node.id: blocked or _refusal(graph, (source, source_port), node.id, ANY, circle=node.id in before)
        for node in graph.nodes
        if node.id != source
    }


def sources(graph: Graph, target: str, port: str = ANY) -> dict[str, str | None]:
    """For every other node, why a link from it to `target` does not fit, or None where it does."""
    after = downstream(graph, target) | {target}
    found: dict[str, str | None] = {}
    for node in graph.nodes:
        if node.id == target:
            continue
        if node.layer == OUTPUT:
            found[node.id] = f"Nothing follows {node.name}: there the answer goes out."
        else:
            found[node.id] = _refusal(graph, (node.id, MAIN), target, port, circle=node.id in after)
    return found


def _refusal(graph: Graph, source: tuple[str, str], target: str, port: str, *, circle: bool) -> str | None:
    node = graph.by_id[target]
    if node.layer == INPUT:
        return f"{node.name} takes nothing: there the data come in."
    if circle:
        return _CIRCLE
    ports, given = input_ports(node), output_ports(graph.by_id[source[0]])
    if port != ANY and port not in ports:
        return f"{node.layer} has no input called {port}."
    if source[1] not in given:
        return f"{graph.by_id[source[0]].name} puts out no {source[1]}."
    incoming = graph.incoming[target]
    if len(ports) == 1 and any((link.source, link.source_port) == source for link in incoming):
        return _LINKED
    if len(ports) > 1:
        there = filled(graph, target)[port if port in ports else free_port(graph, target)]
        return _LINKED if any((link.source, link.source_port) == source for link in there) else None
    most = most_links(node)
    if takes_many(node) and most is not None and len(incoming) >= most:
        return f"{node.layer} takes {most} inputs and has them: take one away first."
    return None


def connect(graph: Graph, source: str, target: str, target_port: str = ANY, source_port: str = MAIN) -> Graph:
    """Link two nodes, beside whatever else ends there.

    Raises:
        GraphError: The link exists, would close a cycle, or an end cannot take it.
    """
    require(graph, source)
    require(graph, target)
    if graph.by_id[target].layer == INPUT or graph.by_id[source].layer == OUTPUT:
        raise GraphError("Data flow from the input to the output.", "", "Draw the line the other way.")
    if source == target or source in downstream(graph, target):
        raise GraphError(_CIRCLE, "", "Link it to a later layer.")
    link = Link(source=source, target=target, source_port=source_port, target_port=target_port)
    if link in graph.links:
        raise GraphError(_LINKED)
    return graph.with_(links=(*graph.links, link))


def replaced_by(graph: Graph, target: str, port: str = ANY) -> Link | None:
    """The link that a new one into this input takes the place of, if any."""
    node = graph.by_id[target]
    if takes_many(node) or not input_ports(node):
        return None
    there = filled(graph, target).get(port if port in input_ports(node) else free_port(graph, target), ())
    return there[-1] if there else None


def plug(graph: Graph, source: str, target: str, port: str = ANY, source_port: str = MAIN) -> Graph:
    """Draw a wire into an input; what was in an input for one link makes room.

    Raises:
        GraphError: It does not fit (see `can_connect`).
    """
    reason = can_connect(graph, source, target, port, source_port)
    if reason is not None:
        raise GraphError(reason)
    return _plugged(graph, (source, source_port), target, port, None)


def replug(
    graph: Graph,
    link: Link,
    *,
    source: str | None = None,
    target: str | None = None,
    port: str = ANY,
    source_port: str = MAIN,
) -> Graph:
    """Take one end of a wire elsewhere; it keeps its place among the links.

    Args:
        graph: The drawing.
        link: The wire.
        source: The node that it comes from now, or None to leave that end.
        target: The node that it goes to now, or None to leave that end.
        port: The input it goes to now, where `target` is given.
        source_port: The output it comes from now, where `source` is given.

    Raises:
        GraphError: The wire is gone, or does not fit there (see `can_connect`).
    """
    if link not in graph.links:
        raise GraphError("The line is no longer there.", f"{link.source} to {link.target}", "Draw a new one.")
    bare, held = graph, link
    if target is None:
        port = port_of(graph, link)
        bare, held = _named(graph, link.target), link.model_copy(update={"target_port": port})
    place = bare.links.index(held)
    bare = bare.with_(links=(other for other in bare.links if other != held))
    begin = (link.source, link.source_port) if source is None else (source, source_port)
    reason = can_connect(bare, begin[0], target or link.target, port, begin[1])
    if reason is not None:
        raise GraphError(reason)
    return _plugged(bare, begin, target or link.target, port, place)


def _plugged(graph: Graph, source: tuple[str, str], target: str, port: str, place: int | None) -> Graph:
    ports = input_ports(graph.by_id[target])
    if len(ports) > 1:
        graph = _named(graph, target)
        port = port if port in ports else free_port(graph, target)
    old = replaced_by(graph, target, port)
    link = Link(source=source[0], target=target, source_port=source[1], target_port=port)
    if old is not None:
        return graph.with_(links=(link if other == old else other for other in graph.links))
    links = list(graph.links)
    links.insert(len(links) if place is None else place, link)
    return graph.with_(links=links)


def _named(graph: Graph, node: str) -> Graph:
    """Write down which input each link of a node with several feeds, so that other links may come and go."""
    if len(input_ports(graph.by_id[node])) <= 1:
        return graph
    port = {link: name for name, links in filled(graph, node).items() for link in links}
    return graph.with_(
        links=dict.fromkeys(
            link.model_copy(update={"target_port": port[link]}) if link in port else link for link in graph.links
        )
    )


def disconnect(graph: Graph, link: Link) -> Graph:
    """Take one link away; the other inputs of its target keep what they have."""
    if link not in graph.links:
        return graph
    held = link.model_copy(update={"target_port": port_of(graph, link)})
    named = _named(graph, link.target)
    return named.with_(links=(other for other in named.links if other not in (link, held)))
