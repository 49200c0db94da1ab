"""A drawing while it is made: nodes, links, groups, and from which of the file's layers each came."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from typing import Any

from workbench.graph.model import Graph, Group, Link, Node
from workbench.graph.ports import ANY, input_ports, output_ports

Path = tuple[str, ...]
Place = tuple[str, int]
"""Where a tensor comes from: a node, and which of its outputs."""


@dataclasses.dataclass
class Drawing:
    """What was drawn so far.

    Args:
        nodes: In the order of their making.
        links: In the order of their making.
        members: The nodes of each group, by the group's id.
        titles: The groups' names.
        owners: The node that a layer of the file was first drawn as.
        sources: From where in the file each node takes its weights.
        kept: What could not be edited, and why.
        notes: What else is to be told.
        outputs: The names of what each node puts out.
    """

    nodes: list[Node] = dataclasses.field(default_factory=list)
    links: list[Link] = dataclasses.field(default_factory=list)
    members: dict[str, list[str]] = dataclasses.field(default_factory=dict)
    titles: dict[str, str] = dataclasses.field(default_factory=dict)
    owners: dict[Path, str] = dataclasses.field(default_factory=dict)
    sources: dict[str, Path] = dataclasses.field(default_factory=dict)
    kept: list[str] = dataclasses.field(default_factory=list)
    notes: list[str] = dataclasses.field(default_factory=list)
    outputs: dict[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    _names: set[str] = dataclasses.field(default_factory=set)

    def place(
        self,
        layer: str,
        name: str,
        params: dict[str, Any],
        inputs: Sequence[Place],
        *,
        group: str | None = None,
        shares: str | None = None,
    ) -> Place:
        """Put a layer on the drawing, linked to what flows into it."""
        identity = f"n{len(self.nodes) + 1}"
        node = Node(id=identity, layer=layer, name=self._free(name), params=params, shares=shares)
        self.nodes.append(node)
        self.outputs[identity] = output_ports(node)
        ports = input_ports(node)
        for number, (source, output) in enumerate(inputs):
            port = ports[number] if 1 < len(ports) > number else ANY
            way = self.outputs[source][output]
            self.links.append(Link(source=source, target=identity, source_port=way, target_port=port))
        if group is not None:
            self.members.setdefault(group, []).append(identity)
        return identity, 0

    def places(self, place: Place) -> list[Place]:
        """All that the node of a place puts out."""
        return [(place[0], number) for number in range(len(self.outputs[place[0]]))]

    def new_group(self, name: str) -> str:
        """A further group; returns its id."""
        identity = f"g{len(self.titles) + 1}"
        self.titles[identity] = name
        return identity

    def _free(self, name: str) -> str:
        base = re.sub(r"\s+", " ", name).strip() or "layer"
        found, number = base, 1
        while found in self._names:
            found, number = f"{base}_{number}", number + 1
        self._names.add(found)
        return found

    def copy(self) -> Drawing:
        """The same again, to go back to."""
        return Drawing(
            list(self.nodes),
            list(self.links),
            {group: list(nodes) for group, nodes in self.members.items()},
            dict(self.titles),
            dict(self.owners),
            dict(self.sources),
            list(self.kept),
            list(self.notes),
            dict(self.outputs),
            set(self._names),
        )

    def restore(self, other: Drawing) -> None:
        """Become what was copied."""
        self.__dict__.update(other.copy().__dict__)

    def graph(self) -> Graph:
        """The finished document."""
        groups = [Group(id=group, name=self.titles[group], nodes=tuple(nodes)) for group, nodes in self.members.items()]
        return Graph(nodes=tuple(self.nodes), links=tuple(self.links), groups=tuple(groups))
