"""Two drawings compared: what was added, removed, changed, and what is fed by others than before."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Hashable, Iterable
from typing import Any, NamedTuple

from workbench.core.errors import UsageError
from workbench.graph.calls import Feed, feeds, settings
from workbench.graph.model import INPUT, OUTPUT, Graph, Node
from workbench.graph.ports import MAIN
from workbench.graph.wiring import owner


class Change(NamedTuple):
    """One layer that is set otherwise: by each setting what it was and what it is, None where it was not set."""

    before: Node
    after: Node
    params: dict[str, tuple[Any, Any]]


class Move(NamedTuple):
    """One layer that others feed than before, by their names."""

    before: Node
    after: Node
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Difference:
    """What differs between two drawings; positions, comments and groups do not count.

    Args:
        added: Nodes of the second that the first has not.
        removed: Nodes of the first that the second has not.
        changed: Nodes of both whose settings, class ("layer"), name ("name") or sharing ("shares") differ.
        moved: Nodes of both that are fed by others.
        pairs: The ids of the nodes that were found to be the same, first to second.
    """

    added: tuple[Node, ...] = ()
    removed: tuple[Node, ...] = ()
    changed: tuple[Change, ...] = ()
    moved: tuple[Move, ...] = ()
    pairs: dict[str, str] = dataclasses.field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed or self.moved)

    def to_json(self) -> dict[str, Any]:
        """The difference for programs, by kind."""
        return {
            "added": [{"name": node.name, "layer": node.layer} for node in self.added],
            "removed": [{"name": node.name, "layer": node.layer} for node in self.removed],
            "changed": [
                {
                    "name": change.after.name,
                    "layer": change.after.layer,
                    "settings": {key: {"before": old, "after": new} for key, (old, new) in change.params.items()},
                }
                for change in self.changed
            ],
            "rewired": [
                {
                    "name": move.after.name,
                    "layer": move.after.layer,
                    "before": list(move.old),
                    "after": list(move.new),
                }
                for move in self.moved
            ],
        }

    def lines(self) -> list[str]:
        """The difference in words, a line each."""
        told = [f"+ {node.name} ({node.layer})" for node in self.added]
        told += [f"- {node.name} ({node.layer})" for node in self.removed]
        for change in self.changed:
            words = ", ".join(f"{key}: {said(old)} → {said(new)}" for key, (old, new) in change.params.items())
            told.append(f"~ {change.before.name} ({change.before.layer}): {words}")
        for move in self.moved:
            old, new = (", ".join(names) or "nothing" for names in (move.old, move.new))
            told.append(f"> {move.after.name} ({move.after.layer}): fed by {new}, before by {old}")
        return told


def compare(a: Graph, b: Graph) -> Difference:
    """What leads from one drawing to the other.

    Layers are matched by name, and what is left by what they are and where they stand. A setting at Keras's default is
    the same as one that is not set.

    Args:
        a: The drawing before.
        b: The drawing after.
    """
    pairs = _matched(a, b)
    back = {after: before for before, after in pairs.items()}
    changed: list[Change] = []
    moved: list[Move] = []
    for before, after in pairs.items():
        old, new = a.by_id[before], b.by_id[after]
        params = _changes(a, b, old, new, pairs)
        if params:
            changed.append(Change(old, new, params))
        fed = [feed._replace(source=pairs.get(feed.source, "")) for feed in feeds(a, before)]
        if fed != list(feeds(b, after)):
            names = [tuple(_told(graph, feed) for feed in feeds(graph, node)) for graph, node in
                     ((a, before), (b, after))]  # fmt: skip
            moved.append(Move(old, new, names[0], names[1]))
    return Difference(
        added=tuple(node for node in b.nodes if node.id not in back),
        removed=tuple(node for node in a.nodes if node.id not in pairs),
        changed=tuple(changed),
        moved=tuple(moved),
        pairs=pairs,
    )


def _matched(a: Graph, b: Graph) -> dict[str, str]:
    pairs: dict[str, str] = {}
    pair = _Pairing(a, b, pairs)
    pair(lambda graph, node: (node.layer, node.name))
    pair(lambda graph, node: (node.name, node.layer in (INPUT, OUTPUT)))
    pair(lambda graph, node: (node.layer, _stand(graph, node, pairs, a is graph), _asked(node)))
    for _ in range(3):
        pair(lambda graph, node: (node.layer, _asked(node), _neighbours(graph, node, pairs, a is graph, feeding=True)))
        pair(lambda graph, node: (node.layer, _asked(node), _neighbours(graph, node, pairs, a is graph, feeding=False)))
    pair(lambda graph, node: (node.layer, _neighbours(graph, node, pairs, a is graph, feeding=True)))
    pair(lambda graph, node: (node.layer, _neighbours(graph, node, pairs, a is graph, feeding=False)))
    pair(lambda graph, node: (node.layer, _asked(node)))
    return {node.id: pairs[node.id] for node in a.nodes if node.id in pairs}


class _Pairing:
    """Pairs what is left of two drawings by a key, in the order of the documents."""

    def __init__(self, a: Graph, b: Graph, pairs: dict[str, str]) -> None:
        self._a, self._b, self._pairs = a, b, pairs

    def __call__(self, key: Callable[[Graph, Node], Hashable]) -> None:
        taken = set(self._pairs.values())
        waiting: dict[Hashable, list[str]] = {}
        for node in self._b.nodes:
            if node.id not in taken:
                waiting.setdefault(key(self._b, node), []).append(node.id)
        for node in self._a.nodes:
            found = waiting.get(key(self._a, node)) if node.id not in self._pairs and waiting else None
            if found:
                self._pairs[node.id] = found.pop(0)


def _asked(node: Node) -> str:
    return json.dumps(_settings(node), sort_keys=True, default=str)


def _settings(node: Node) -> dict[str, Any]:
    try:
        return settings(node)
    except UsageError:
        # A value that its parameter does not take is compared as it stands.
        return dict(node.params)


def _stand(graph: Graph, node: Node, pairs: dict[str, str], first: bool) -> Hashable:
    return tuple(_neighbours(graph, node, pairs, first, feeding=side) for side in (True, False))


def _neighbours(graph: Graph, node: Node, pairs: dict[str, str], first: bool, *, feeding: bool) -> Hashable:
    """The nodes beside it that are paired already, by their ids in the second drawing."""
    ids: Iterable[str]
    ids = (
        (link.source for link in graph.incoming[node.id])
        if feeding
        else sorted(link.target for link in graph.outgoing[node.id])
    )
    paired = set(pairs.values())
    found = tuple(pairs.get(other, "") if first else other if other in paired else "" for other in ids)
    return found if any(found) else (id(graph), node.id)


def _changes(a: Graph, b: Graph, old: Node, new: Node, pairs: dict[str, str]) -> dict[str, tuple[Any, Any]]:
    found: dict[str, tuple[Any, Any]] = {}
    if old.layer != new.layer:
        found["layer"] = (old.layer, new.layer)
    if old.name != new.name:
        found["name"] = (old.name, new.name)
    sharing = [None if node.shares is None else owner(graph, node) for graph, node in ((a, old), (b, new))]
    before, after = sharing
    if (before is None) != (after is None) or (before and after and pairs.get(before.id) != after.id):
        found["shares"] = (before and before.name, after and after.name)
    if old.shares is None or new.shares is None:
        was, is_now = _settings(owner(a, old)), _settings(owner(b, new))
        for key in dict.fromkeys([*was, *is_now]):
            if was.get(key) != is_now.get(key):
                found[key] = (was.get(key), is_now.get(key))
    return found


def _told(graph: Graph, feed: Feed) -> str:
    name = graph.by_id[feed.source].name
    return name if feed.source_port == MAIN else f"{name} ({feed.source_port})"


def said(value: Any) -> str:
    """A setting's value in words."""
    if value is None:
        return "not set"
    if isinstance(value, dict):
        name = value.get("layer") or value.get("class_name") or ""
        inner = value.get("params") or value.get("config") or {}
        return f"{name}({', '.join(f'{key}={said(item)}' for key, item in inner.items())})"
    if isinstance(value, list):
        numbers = all(isinstance(item, int | float) for item in value)
        return ("×" if numbers else ", ").join(said(item) for item in value) or "none"
    return str(value)
