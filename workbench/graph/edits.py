"""Every edit of a drawing, as a pure function from one graph to the next. The rules live here, not in the window."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from workbench.core.errors import GraphError
from workbench.graph.edits_base import add, downstream, family, free_id, free_name, require, snake_case
from workbench.graph.edits_comments import add_comment, move_comments, remove_comments, set_comment
from workbench.graph.edits_copy import (
    copied,
    duplicate,
    paste,
    paste_loose,
    paste_on_link,
    paste_shared,
    places_of,
    repeat,
)
from workbench.graph.edits_links import (
    can_connect,
    connect,
    disconnect,
    plug,
    port_of,
    replaced_by,
    replug,
    sources,
    targets,
)
from workbench.graph.edits_place import aligned, distributed, place
from workbench.graph.groups import joined
from workbench.graph.model import INPUT, OUTPUT, Graph, Link, Node
from workbench.graph.ports import MAIN, free_port
from workbench.graph.problems import Repair

__all__ = [
    "add",
    "add_comment",
    "aligned",
    "append",
    "apply_repair",
    "blank",
    "can_connect",
    "connect",
    "copied",
    "disconnect",
    "distributed",
    "downstream",
    "duplicate",
    "free_id",
    "free_name",
    "free_port",
    "insert_after",
    "insert_before",
    "insert_on_link",
    "move",
    "move_comments",
    "paste",
    "paste_loose",
    "paste_on_link",
    "paste_shared",
    "place",
    "places_of",
    "plug",
    "port_of",
    "remove",
    "remove_comments",
    "rename",
    "repeat",
    "replaced_by",
    "replug",
    "set_comment",
    "set_params",
    "snake_case",
    "sources",
    "targets",
]


def blank() -> Graph:
    """The drawing a project begins with: data in, answer out, nothing between."""
    return Graph(
        nodes=(Node(id="n1", layer=INPUT, name="input"), Node(id="n2", layer=OUTPUT, name="output")),
        links=(Link(source="n1", target="n2"),),
    )


def insert_on_link(
    graph: Graph, link: Link, layer: str, params: Mapping[str, Any] | None = None, *, name: str | None = None
) -> tuple[Graph, str]:
    """Put a layer between the two ends of a link."""
    grown, node = add(graph, layer, params, name=name)
    return joined(_splice(grown, link, node, node), [node]), node


def insert_after(
    graph: Graph, after: str, layer: str, params: Mapping[str, Any] | None = None, *, name: str | None = None
) -> tuple[Graph, str]:
    """Put a layer behind a node; what the node fed, the new layer feeds."""
    require(graph, after)
    if graph.by_id[after].layer == OUTPUT:
        raise GraphError("Nothing can follow the output.", layer, "Drop the layer before the output.")
    grown, node = add(graph, layer, params, name=name)
    moved = [
        link.model_copy(update={"source": node}) if (link.source, link.source_port) == (after, MAIN) else link
        for link in grown.links
    ]
    return joined(grown.with_(links=(*moved, Link(source=after, target=node))), [node]), node


def insert_before(
    graph: Graph, before: str, layer: str, params: Mapping[str, Any] | None = None, *, name: str | None = None
) -> tuple[Graph, str]:
    """Put a layer in front of a node, on its first incoming link if it has one."""
    require(graph, before)
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
    """Take nodes off; one with one way in and one way out leaves its neighbours linked. One of each end stays."""
    current = graph
    for node in nodes:
        if node not in current.by_id:
            continue
        layer = current.by_id[node].layer
        if layer not in (INPUT, OUTPUT):
            current = _without(_bypass(current, node), node)
        elif len(current.of_layer(layer)) > 1:
            current = _without(current, node)
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
    return joined(current, moving)


def set_params(graph: Graph, node: str, params: Mapping[str, Any]) -> Graph:
    """Set some of a node's parameters, for all that share its layer; a value of `...` clears one to its default."""
    require(graph, node)
    old = graph.by_id[node]
    merged = {key: value for key, value in {**old.params, **params}.items() if value is not ...}
    if old.shares is None and all(other.shares != node for other in graph.nodes):
        return graph.replaced(old.model_copy(update={"params": merged}))
    sharing = set(family(graph, node))
    return graph.with_(
        nodes=(other.model_copy(update={"params": merged}) if other.id in sharing else other for other in graph.nodes)
    )


def rename(graph: Graph, node: str, name: str) -> Graph:
    """Give a node another name.

    Raises:
        GraphError: The name is empty, has a character Keras refuses, or is taken.
    """
    require(graph, node)
    name = name.strip()
    if not name or "/" in name or not name.isprintable():
        raise GraphError("A layer's name must be printable text without a slash.", repr(name), "Choose another name.")
    if any(other.name == name and other.id != node for other in graph.nodes):
        raise GraphError("Every layer needs a name of its own.", f"{name!r} twice", "Choose another name.")
    return graph.replaced(graph.by_id[node].model_copy(update={"name": name}))


def apply_repair(graph: Graph, repair: Repair) -> Graph:
    """Carry out what a problem's repair offers."""
    from workbench.graph.repairs import repaired  # repairs are made of these edits

    return repaired(graph, repair)


def _without(graph: Graph, node: str) -> Graph:
    others = [other.id for other in graph.nodes if other.shares == node]
    # What shared its layer goes on sharing one, that of the first of them.
    nodes = (
        other.model_copy(update={"shares": others[0]}) if other.id in others[1:] else other
        for other in graph.nodes
        if other.id != node
    )
    return graph.with_(nodes=nodes, links=(link for link in graph.links if node not in (link.source, link.target)))


def _bypass(graph: Graph, node: str) -> Graph:
    """Link a node's feeder to what it fed, and leave the node itself unlinked."""
    sources = graph.incoming[node]
    links: list[Link] = []
    for link in graph.links:
        if link.target == node:
            continue
        if link.source != node:
            links.append(link)
        elif len(sources) == 1 and link.source_port == MAIN:
            links.append(link.model_copy(update={"source": sources[0].source, "source_port": sources[0].source_port}))
    return graph.with_(links=dict.fromkeys(links)) if len(sources) == 1 else graph.with_(links=links)


def _splice(graph: Graph, link: Link, first: str, last: str) -> Graph:
    """Put first...last in the place of a link; the end keeps its place in the target's order."""
    if link not in graph.links:
        raise GraphError("The line is no longer there.", f"{link.source} to {link.target}", "Drop it on another line.")
    place = graph.links.index(link)
    into = link.model_copy(update={"target": first, "target_port": "input"})
    on = link.model_copy(update={"source": last, "source_port": "output"})
    return graph.with_(links=(*graph.links[:place], into, on, *graph.links[place + 1 :]))
