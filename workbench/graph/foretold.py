"""What an edit would change, before it is made: the pieces to draw as a ghost, and the sentence that says it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from workbench.graph.describe import shape_words
from workbench.graph.model import INPUT, OUTPUT, Graph, Link, Node

Shape = tuple[int | None, ...]
Shapes = Mapping[str, Shape | None]


@dataclasses.dataclass(frozen=True)
class Setting:
    """A parameter that would change; `...` stands for its default."""

    node: Node
    name: str
    old: Any
    new: Any

    @property
    def words(self) -> str:
        """The change, short: units 3 → 10."""
        return f"{self.name} {_value(self.old)} → {_value(self.new)}"


@dataclasses.dataclass(frozen=True)
class Change:
    """The difference between a drawing and what would become of it.

    Args:
        before: The drawing as it is.
        after: As it would be.
        added: Nodes that would come.
        removed: Nodes that would go.
        settings: Parameters that would change.
        linked: Links that would come between nodes that are there.
        unlinked: Links that would go between nodes that stay, with nothing put in their place.
    """

    before: Graph
    after: Graph
    added: tuple[Node, ...] = ()
    removed: tuple[Node, ...] = ()
    settings: tuple[Setting, ...] = ()
    linked: tuple[Link, ...] = ()
    unlinked: tuple[Link, ...] = ()

    def ends(self, node: str) -> tuple[str | None, str | None]:
        """What an added node would stand between: the nearest nodes above and below that are there already."""
        return self._nearest(node, up=True), self._nearest(node, up=False)

    def _nearest(self, node: str, *, up: bool) -> str | None:
        waiting, seen = [node], {node}
        while waiting:
            current = waiting.pop(0)
            links = self.after.incoming[current] if up else self.after.outgoing[current]
            for link in links:
                other = link.source if up else link.target
                if other in self.before.by_id:
                    return other
                if other not in seen:
                    seen.add(other)
                    waiting.append(other)
        return None

    def sizes(self, node: str, shapes: Shapes | None) -> str:
        """What an added node would make of what: 3×3×16 → 144; empty while that is not known."""
        incoming = self.after.incoming[node]
        given = shapes.get(incoming[0].source) if shapes and len(incoming) == 1 else None
        made = shapes.get(node) if shapes else None
        return f"{shape_words(given)} → {shape_words(made)}" if given is not None and made is not None else ""

    def words(self, shapes: Shapes | None = None) -> str:
        """The sentence: Inserts Flatten before dense_1: 3×3×16 → 144.

        Args:
            shapes: Each node's output after the edit, where it is known.
        """
        pieces = [self._added_words(node, shapes) for node in self.added]
        pieces += [f"Removes {node.name}" for node in self.removed]
        pieces += [
            f"Sets {one.name.replace('_', ' ')} of {one.node.name}: {_value(one.old)} → {_value(one.new)}"
            for one in self.settings
        ]
        name = {node.id: node.name for node in (*self.before.nodes, *self.after.nodes)}
        pieces += [f"Links {name[link.source]} to {name[link.target]}" for link in self.linked]
        pieces += [f"Takes off the line from {name[link.source]} to {name[link.target]}" for link in self.unlinked]
        return "; ".join(pieces[:1] + [piece[0].lower() + piece[1:] for piece in pieces[1:]])

    def _added_words(self, node: Node, shapes: Shapes | None) -> str:
        if node.layer in (INPUT, OUTPUT):
            return f"Adds the {node.layer.lower()}"
        above, below = self.ends(node.id)
        where = ""
        if below is not None:
            where = f" before {self.before.by_id[below].name}"
        elif above is not None:
            where = f" after {self.before.by_id[above].name}"
        sizes = self.sizes(node.id, shapes)
        return f"Inserts {node.layer}{where}" + (f": {sizes}" if sizes else "")


def change(before: Graph, after: Graph) -> Change:
    """What differs between two states of a drawing."""
    old, new = before.by_id, after.by_id
    staying = old.keys() & new.keys()
    settings = [
        Setting(new[node.id], name, node.params.get(name, ...), new[node.id].params.get(name, ...))
        for node in before.nodes
        if node.id in staying
        for name in dict.fromkeys((*node.params, *new[node.id].params))
        if node.params.get(name, ...) != new[node.id].params.get(name, ...)
    ]
    found = Change(before, after)
    added = tuple(node for node in after.nodes if node.id not in old)
    ends = dataclasses.replace(found, added=added)
    spliced = {ends.ends(node.id) for node in added}
    removed = {node.id for node in before.nodes if node.id not in new}
    return dataclasses.replace(
        ends,
        removed=tuple(node for node in before.nodes if node.id in removed),
        settings=tuple(settings),
        linked=tuple(
            link
            for link in after.links
            if link not in before.links and {link.source, link.target} <= staying and not removed
        ),
        unlinked=tuple(
            link
            for link in before.links
            if link not in after.links
            and {link.source, link.target} <= staying
            and (link.source, link.target) not in spliced
        ),
    )


def _value(value: Any) -> str:
    if value is ...:
        return "default"
    if isinstance(value, dict):
        return str(value.get("layer") or value.get("class_name") or "other settings")
    if isinstance(value, list | tuple):
        return "×".join(_value(item) for item in value)
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(value)
