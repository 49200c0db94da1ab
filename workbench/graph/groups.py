"""Groups: nodes under a name, and the drawing as it is shown when some of them are folded into one."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping

from workbench.core.errors import GraphError
from workbench.graph.edits_base import free_mark, name_beside
from workbench.graph.layout import positions
from workbench.graph.model import INPUT, OUTPUT, Graph, Group, Link, Node
from workbench.graph.ports import MAIN

FOLDED = "Group"
Point = tuple[float, float]


def group(graph: Graph, nodes: Collection[str], name: str = "block") -> tuple[Graph, str]:
    """Put nodes into a group of their own; they leave the groups that they were in.

    Raises:
        GraphError: There is no layer among the nodes.
    """
    chosen = tuple(node.id for node in graph.nodes if node.id in set(nodes) and node.layer not in (INPUT, OUTPUT))
    if not chosen:
        raise GraphError("A group holds one layer or more.", "", "Select layers first.")
    mark = free_mark("g", {other.id for other in graph.groups})
    new = Group(id=mark, name=name_beside({other.name for other in graph.groups}, name), nodes=chosen)
    left = [
        other.model_copy(update={"nodes": kept})
        for other in graph.groups
        if (kept := tuple(node for node in other.nodes if node not in chosen))
    ]
    return graph.with_(groups=(*left, new)), mark


def ungroup(graph: Graph, groups: Collection[str]) -> Graph:
    """Give up groups; their nodes stay."""
    return graph.with_(groups=(other for other in graph.groups if other.id not in groups))


def fold(graph: Graph, groups: Collection[str], folded: bool) -> Graph:
    """Draw groups as one node each, or spread them out again."""
    return graph.with_(
        groups=(other.model_copy(update={"folded": folded}) if other.id in groups else other for other in graph.groups)
    )


def rename_group(graph: Graph, mark: str, name: str) -> Graph:
    """Give a group another name.

    Raises:
        GraphError: The name is empty or not printable, or another group has it.
    """
    name = name.strip()
    if not name or not name.isprintable():
        raise GraphError("A group's name must be printable text.", repr(name), "Choose another name.")
    if any(other.name == name and other.id != mark for other in graph.groups):
        raise GraphError("Every group needs a name of its own.", f"{name!r} twice", "Choose another name.")
    return graph.with_(
        groups=(other.model_copy(update={"name": name}) if other.id == mark else other for other in graph.groups)
    )


def group_of(graph: Graph, node: str) -> Group | None:
    """The group that a node is in."""
    return next((other for other in graph.groups if node in other.nodes), None)


def joined(graph: Graph, nodes: Collection[str]) -> Graph:
    """Let nodes that came to stand between two of one group belong to it.

    Those that are a group of their own, whole, stay one.
    """
    new = set(nodes)
    own = {node for other in graph.groups if new.issuperset(other.nodes) for node in other.nodes}
    sources = {link.source for node in nodes for link in graph.incoming[node]} - new
    targets = {link.target for node in nodes for link in graph.outgoing[node]} - new
    around = next(
        (other for other in graph.groups if not (sources.isdisjoint(other.nodes) or targets.isdisjoint(other.nodes))),
        None,
    )
    if around is None:
        return graph
    joining = tuple(node for node in nodes if node not in own and node not in around.nodes)
    members = {other.id: tuple(node for node in other.nodes if node not in joining) for other in graph.groups}
    members[around.id] += joining
    return graph.with_(groups=(other.model_copy(update={"nodes": members[other.id]}) for other in graph.groups))


@dataclasses.dataclass(frozen=True)
class Shown:
    """The drawing as it is shown: a folded group is one node, and its wires are those of its nodes.

    Args:
        graph: What is drawn. A folded group's node has the layer `FOLDED` and the group's name.
        stands_for: The folded group's node of every node that is hidden in it.
        folded: The group of every node that stands for one.
        links: The document's links behind each link that is drawn.
    """

    graph: Graph
    stands_for: Mapping[str, str]
    folded: Mapping[str, Group]
    links: Mapping[Link, tuple[Link, ...]]

    def visible(self, node: str) -> str:
        """The node that is drawn for a node of the document."""
        return self.stands_for.get(node, node)

    def members(self, node: str) -> tuple[str, ...]:
        """The document's nodes behind a node that is drawn."""
        found = self.folded.get(node)
        return found.nodes if found is not None else (node,)

    def drawn(self, link: Link) -> Link | None:
        """The link that is drawn for one of the document; None inside a folded group."""
        if not self.stands_for:
            return link
        source, target = self.visible(link.source), self.visible(link.target)
        return None if source == target else _rerouted(link, source, target)


def shown(graph: Graph) -> Shown:
    """How a drawing is shown; without a folded group it is shown as it is."""
    folded = [other for other in graph.groups if other.folded]
    if not folded:
        return Shown(graph, {}, {}, {})
    stands_for: dict[str, str] = {}
    marks: dict[str, Group] = {}
    for other in folded:
        mark = f"group {other.id}"
        while mark in graph.by_id:
            mark += "'"
        marks[mark] = other
        stands_for.update(dict.fromkeys(other.nodes, mark))
    nodes: dict[str, Node] = {}
    for node in graph.nodes:
        mark = stands_for.get(node.id, node.id)
        if mark == node.id:
            nodes[mark] = node if node.shares is None else node.model_copy(update={"shares": None})
        elif mark not in nodes:
            found = marks[mark]
            corner = corner_of([graph.by_id[member].position for member in found.nodes])
            nodes[mark] = Node(id=mark, layer=FOLDED, name=found.name, position=corner)
    links: dict[Link, list[Link]] = {}
    for link in graph.links:
        source, target = stands_for.get(link.source, link.source), stands_for.get(link.target, link.target)
        if source != target:
            links.setdefault(_rerouted(link, source, target), []).append(link)
    picture = Graph(nodes=tuple(nodes.values()), links=tuple(links))
    return Shown(picture, stands_for, marks, {link: tuple(behind) for link, behind in links.items()})


def _rerouted(link: Link, source: str, target: str) -> Link:
    if source == link.source and target == link.target:
        return link
    port = link.target_port if target == link.target else "input"
    way = link.source_port if source == link.source else MAIN
    return Link(source=source, target=target, source_port=way, target_port=port)


def corner_of(places: Collection[Point | None]) -> Point | None:
    """Where a folded group stands: over the middle of its nodes, level with the highest; None if one has no place."""
    known = [place for place in places if place is not None]
    if not known or len(known) < len(places):
        return None
    across = [place[0] for place in known]
    return ((min(across) + max(across)) / 2, min(place[1] for place in known))


def moved_group(graph: Graph, found: Group, corner: Point) -> dict[str, Point]:
    """Where the nodes of a folded group go when it is put at `corner`: they keep their places among themselves."""
    everywhere = positions(graph)
    places = {node: everywhere[node] for node in found.nodes}
    old = corner_of(list(places.values())) or corner
    way = (corner[0] - old[0], corner[1] - old[1])
    return {node: (x + way[0], y + way[1]) for node, (x, y) in places.items()}
