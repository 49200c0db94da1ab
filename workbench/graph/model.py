"""The graph document: immutable nodes and links, told apart by id."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

INPUT = "Input"
OUTPUT = "Output"


class Node(BaseModel):
    """One layer on the canvas.

    `layer` is Keras's class name, or "Input" / "Output" for the two ends; `params` holds only what the user set, as
    JSON; `position` is in scene units, None where the automatic layout decides.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=1)
    layer: str = Field(min_length=1)
    name: str = Field(min_length=1)
    params: dict[str, Any] = Field(default_factory=dict)
    position: tuple[float, float] | None = None
    shares: str | None = Field(None, description="The id of the node whose layer, weights and all, is used again here.")

    def __hash__(self) -> int:
        return hash(self.id)


class Link(BaseModel):
    """A tensor's way from one node's output to another's input; an n-ary input takes its links in their order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    target: str
    source_port: str = "output"
    target_port: str = "input"

    def __hash__(self) -> int:
        return hash((self.source, self.target))


class Group(BaseModel):
    """Nodes that belong together under a name; folded, they are drawn as one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=1)
    name: str = Field(min_length=1)
    nodes: tuple[str, ...] = Field(min_length=1)
    folded: bool = False


class Comment(BaseModel):
    """Words on the canvas, in scene units; they change nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=1)
    text: str
    position: tuple[float, float]
    size: tuple[float, float] = (220.0, 88.0)


class Graph(BaseModel):
    """All nodes and links. Never changed in place: every edit makes a new graph (see `edits`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    nodes: tuple[Node, ...] = ()
    links: tuple[Link, ...] = ()
    groups: tuple[Group, ...] = ()
    comments: tuple[Comment, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Graph:
        ids = [node.id for node in self.nodes]
        if len(set(ids)) != len(ids):
            raise ValueError("two nodes share one id")
        known = set(ids)
        for link in self.links:
            if link.source not in known or link.target not in known:
                raise ValueError(f"a link names a missing node: {link.source} to {link.target}")
        for node in self.nodes:
            if node.shares is not None and node.shares not in known:
                raise ValueError(f"{node.name} shares the layer of a missing node: {node.shares}")
        grouped = [node for group in self.groups for node in group.nodes]
        if len(set(grouped)) != len(grouped) or not known.issuperset(grouped):
            raise ValueError("a node is in two groups, or a group names a missing node")
        return self

    @cached_property
    def by_id(self) -> dict[str, Node]:
        return {node.id: node for node in self.nodes}

    @cached_property
    def incoming(self) -> dict[str, tuple[Link, ...]]:
        """The links that end in each node, in their order."""
        groups: dict[str, list[Link]] = {node.id: [] for node in self.nodes}
        for link in self.links:
            groups[link.target].append(link)
        return {key: tuple(links) for key, links in groups.items()}

    @cached_property
    def outgoing(self) -> dict[str, tuple[Link, ...]]:
        """The links that begin in each node, in their order."""
        groups: dict[str, list[Link]] = {node.id: [] for node in self.nodes}
        for link in self.links:
            groups[link.source].append(link)
        return {key: tuple(links) for key, links in groups.items()}

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Node ids, sources first; those on a cycle are left out. Among equals the document's order holds."""
        outgoing, waiting = self.outgoing, {node: len(links) for node, links in self.incoming.items()}
        done = [node for node, count in waiting.items() if not count]
        for current in done:
            for link in outgoing[current]:
                waiting[link.target] -= 1
                if not waiting[link.target]:
                    done.append(link.target)
        return tuple(done)

    def of_layer(self, layer: str) -> tuple[Node, ...]:
        """The nodes of one Keras class."""
        return tuple(node for node in self.nodes if node.layer == layer)

    @cached_property
    def inputs(self) -> tuple[Node, ...]:
        """Every Input node."""
        return self.of_layer(INPUT)

    @cached_property
    def outputs(self) -> tuple[Node, ...]:
        """Every Output node."""
        return self.of_layer(OUTPUT)

    @property
    def input(self) -> Node | None:
        """The first Input node."""
        return next(iter(self.inputs), None)

    @property
    def output(self) -> Node | None:
        """The first Output node."""
        return next(iter(self.outputs), None)

    def with_(
        self,
        nodes: Iterable[Node] | None = None,
        links: Iterable[Link] | None = None,
        groups: Iterable[Group] | None = None,
        comments: Iterable[Comment] | None = None,
    ) -> Graph:
        """A new graph with these in place of the old.

        What names a node that is gone is mended: groups lose it, and what shared its layer gets one of its own.
        """
        kept = self.nodes if nodes is None else tuple(nodes)
        known = {node.id for node in kept}
        return Graph(
            nodes=tuple(
                node if node.shares is None or node.shares in known else node.model_copy(update={"shares": None})
                for node in kept
            ),
            links=self.links if links is None else tuple(links),
            groups=_pruned(self.groups if groups is None else groups, known),
            comments=self.comments if comments is None else tuple(comments),
        )

    def replaced(self, node: Node) -> Graph:
        """A new graph with `node` in the place of the one of its id."""
        return self.with_(nodes=(node if other.id == node.id else other for other in self.nodes))


def _pruned(groups: Iterable[Group], known: set[str]) -> tuple[Group, ...]:
    pruned = []
    for group in groups:
        nodes = tuple(node for node in group.nodes if node in known)
        if nodes:
            pruned.append(group if nodes == group.nodes else group.model_copy(update={"nodes": nodes}))
    return tuple(pruned)
