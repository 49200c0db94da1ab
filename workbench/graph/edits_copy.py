"""Edits that make copies: of any part of the drawing, behind a layer or loose, with weights of their own or shared."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from workbench.catalog.layers import layer_spec
from workbench.core.errors import GraphError
from workbench.graph.edits_base import free_id, free_mark, name_beside
from workbench.graph.groups import joined
from workbench.graph.model import INPUT, OUTPUT, Comment, Graph, Group, Link, Node
from workbench.graph.ports import ANY, MAIN, filled, takes_many
from workbench.graph.wiring import owner

Point = tuple[float, float]
ASIDE = 32.0


def copied(graph: Graph, nodes: Collection[str], comments: Collection[str] = ()) -> Graph:
    """The chosen nodes with the links, whole groups and comments among them, as a graph of their own."""
    chosen = {node for node in nodes if node in graph.by_id and graph.by_id[node].layer not in (INPUT, OUTPUT)}
    return Graph(
        nodes=tuple(
            node if node.shares is None or node.shares in chosen else node.model_copy(update={"shares": None})
            for node in graph.nodes
            if node.id in chosen
        ),
        links=tuple(link for link in graph.links if link.source in chosen and link.target in chosen),
        groups=tuple(group for group in graph.groups if chosen.issuperset(group.nodes)),
        comments=tuple(comment for comment in graph.comments if comment.id in comments),
    )


def paste(graph: Graph, clip: Graph, after: str | None) -> tuple[Graph, list[str]]:
    """Put copied nodes behind `after` (at the end of the stack when None); returns the new ids, in order.

    Pieces that were not linked to one another are chained in their order. What ends in several layers has no one way
    on: it is put loose, beside what was copied.
    """
    if after is None or after not in graph.by_id or graph.by_id[after].layer == OUTPUT:
        after = _last_before_output(graph)
    pieces = _pieces(clip)
    if after is None or any(len(_tails(clip, piece)) != 1 for piece in pieces):
        return paste_loose(graph, clip)
    current, ids = _added(graph, _unplaced(clip), (0.0, 0.0))
    previous = after
    for piece in pieces:
        tail = ids[_tails(clip, piece)[0]]
        entries = _entries(current, [ids[node] for node in piece], previous)
        moved = [
            link.model_copy(update={"source": tail}) if (link.source, link.source_port) == (previous, MAIN) else link
            for link in current.links
        ]
        current = current.with_(links=dict.fromkeys((*moved, *entries)))
        previous = tail
    new = [ids[node] for node in clip.order if node in ids]
    return joined(current, new), new


def paste_loose(graph: Graph, clip: Graph, way: Point = (ASIDE, ASIDE)) -> tuple[Graph, list[str]]:
    """Put copied nodes beside the drawing, linked only to one another; hand-set places are moved by `way`."""
    current, ids = _added(graph, clip, way)
    return current, [ids[node.id] for node in clip.nodes if node.id in ids]


def paste_on_link(graph: Graph, clip: Graph, link: Link) -> tuple[Graph, list[str]]:
    """Put copied nodes on one link, between its ends; loose where what was copied has no one way on."""
    pieces = _pieces(clip)
    if link not in graph.links or any(len(_tails(clip, piece)) != 1 for piece in pieces):
        return paste_loose(graph, clip)
    current, ids = _added(graph, _unplaced(clip), (0.0, 0.0))
    previous, entries = link.source, list[Link]()
    for piece in pieces:
        entries += _entries(current, [ids[node] for node in piece], previous)
        previous = ids[_tails(clip, piece)[0]]
    last = link.model_copy(update={"source": previous, "source_port": "output"})
    links = [last if other == link else other for other in current.links]
    new = [ids[node] for node in clip.order if node in ids]
    return joined(current.with_(links=dict.fromkeys((*links, *entries))), new), new


def paste_shared(graph: Graph, clip: Graph, way: Point = (ASIDE, ASIDE)) -> tuple[Graph, list[str]]:
    """Put nodes beside the drawing that use the copied layers again, weights and all.

    Raises:
        GraphError: The layers that were copied are not in this drawing.
    """
    for node in clip.nodes:
        if node.id not in graph.by_id or graph.by_id[node.id].layer != node.layer:
            raise GraphError(
                "Only a layer of this drawing can be used a second time.", node.name, "Copy it here, then paste."
            )
    current, ids = _added(graph, clip.with_(groups=()), way)
    first = {new: owner(graph, graph.by_id[old]).id for old, new in ids.items()}
    return current.with_(
        nodes=(
            node.model_copy(update={"shares": first[node.id], "params": graph.by_id[first[node.id]].params})
            if node.id in first
            else node
            for node in current.nodes
        )
    ), list(first)


def duplicate(graph: Graph, nodes: Collection[str]) -> tuple[Graph, list[str]]:
    """Copy nodes and put the copies behind the last of them, or beside them where there is no one way on."""
    chosen = [node for node in graph.order if node in set(nodes)]
    return paste(graph, copied(graph, nodes), chosen[-1] if chosen else None)


def repeat(graph: Graph, nodes: Collection[str], times: int) -> tuple[Graph, list[str]]:
    """Put a block `times` times in all, one copy behind the other; copies of a group are groups too.

    Raises:
        GraphError: The number is out of range, or the block is no one piece with one way out.
    """
    if not 2 <= times <= 100:
        raise GraphError("A block stands 2 to 100 times in a row.", str(times), "Choose a number between.")
    clip = copied(graph, nodes)
    pieces = _pieces(clip)
    if len(pieces) != 1 or len(_tails(clip, pieces[0])) != 1:
        raise GraphError(
            "Only what hangs together and has one way out can be repeated.", "", "Select one piece of the network."
        )
    current, previous, made = graph, _tails(clip, pieces[0])[0], list[str]()
    for _ in range(times - 1):
        current, new = paste(current, clip, previous)
        made += new
        inside = set(new)
        previous = next(node for node in new if not any(link.target in inside for link in current.outgoing[node]))
    return current, made


def _added(graph: Graph, clip: Graph, way: Point) -> tuple[Graph, dict[str, str]]:
    """Put every node of a clip into the graph with an id and a name of its own, and what links and groups them."""
    ids: dict[str, str] = {}
    names = {node.name for node in graph.nodes}
    nodes = list(graph.nodes)
    first = int(free_id(graph)[1:])
    taken = graph.by_id.keys()
    inner = [clip.by_id[node] for node in clip.order if clip.by_id[node].layer not in (INPUT, OUTPUT)]
    for node in inner:
        while f"n{first}" in taken:
            first += 1
        ids[node.id] = f"n{first}"
        first += 1
    for node in inner:
        name = name_beside(names, node.name)
        names.add(name)
        position = None if node.position is None else (node.position[0] + way[0], node.position[1] + way[1])
        shares = ids.get(node.shares) if node.shares is not None else None
        nodes.append(
            Node(id=ids[node.id], layer=node.layer, name=name, params=node.params, position=position, shares=shares)
        )
    links = [
        link.model_copy(update={"source": ids[link.source], "target": ids[link.target]})
        for link in clip.links
        if link.source in ids and link.target in ids
    ]
    groups, comments = list(graph.groups), list(graph.comments)
    for group in clip.groups:
        members = tuple(ids[node] for node in group.nodes if node in ids)
        if members:
            mark = free_mark("g", {other.id for other in groups})
            name = name_beside({other.name for other in groups}, group.name)
            groups.append(Group(id=mark, name=name, nodes=members, folded=group.folded))
    for comment in clip.comments:
        mark = free_mark("c", {other.id for other in comments})
        place = (comment.position[0] + way[0], comment.position[1] + way[1])
        comments.append(Comment(id=mark, text=comment.text, position=place, size=comment.size))
    return graph.with_(nodes, (*graph.links, *links), groups, comments), ids


def _unplaced(clip: Graph) -> Graph:
    return clip.with_(nodes=(node.model_copy(update={"position": None}) for node in clip.nodes))


def _pieces(clip: Graph) -> list[list[str]]:
    """The parts of a clip that hang together, each in its order."""
    part: dict[str, int] = {}
    for start in clip.order:
        if start in part or clip.by_id[start].layer in (INPUT, OUTPUT):
            continue
        number, waiting = len(part), [start]
        while waiting:
            node = waiting.pop()
            if node in part or clip.by_id[node].layer in (INPUT, OUTPUT):
                continue
            part[node] = number
            waiting += [link.source for link in clip.incoming[node]] + [link.target for link in clip.outgoing[node]]
    pieces: dict[int, list[str]] = {}
    for node in clip.order:
        if node in part:
            pieces.setdefault(part[node], []).append(node)
    return list(pieces.values())


def _tails(clip: Graph, piece: list[str]) -> list[str]:
    inside = set(piece)
    return [node for node in piece if not any(link.target in inside for link in clip.outgoing[node])]


def _entries(graph: Graph, piece: list[str], source: str) -> list[Link]:
    """Links from `source` to every input of the piece that must have one and has none, such as a skip's into Add."""
    found = []
    for node in piece:
        entry = graph.by_id[node]
        spec = layer_spec(entry.layer)
        missing = max((spec.min_inputs if spec is not None else 1) - len(graph.incoming[node]), 0)
        if not missing:
            continue
        free = [port for port, links in filled(graph, node).items() if not links]
        ports = [ANY] if takes_many(entry) or len(free) <= 1 else free[:missing]
        found += [Link(source=source, target=node, target_port=port) for port in ports]
    return found


def _last_before_output(graph: Graph) -> str | None:
    if graph.output is not None and graph.incoming[graph.output.id]:
        return graph.incoming[graph.output.id][0].source
    chosen = [node for node in graph.order if graph.by_id[node].layer != OUTPUT]
    return chosen[-1] if chosen else None


def places_of(clip: Graph, places: Mapping[str, Point]) -> Graph:
    """The clip with the places that its nodes have on the screen, for pasting it loose."""
    return clip.with_(nodes=(node.model_copy(update={"position": places.get(node.id)}) for node in clip.nodes))
