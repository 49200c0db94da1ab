"""What the presets are written with: a drawing that grows layer by layer, and the record that becomes a file."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import re
from collections.abc import Iterator
from typing import Any

from workbench.graph.edits import snake_case
from workbench.graph.model import INPUT, OUTPUT, Graph, Group, Link, Node

# Above this many layers a drawing begins with its blocks folded.
READABLE = 50


class Drawing:
    """A graph in the making. What is added follows what was added last, unless it is told what feeds it."""

    def __init__(self) -> None:
        self._nodes = [Node(id="n1", layer=INPUT, name="input"), Node(id="n2", layer=OUTPUT, name="output")]
        self._links: list[Link] = []
        self._groups: list[tuple[str, list[str]]] = []
        self._open: list[str] | None = None
        self._prefix = ""
        self._names = {node.name for node in self._nodes}
        self.last = "n1"

    def add(self, layer: str, /, *sources: str, name: str | None = None, **params: Any) -> str:
        """Add a layer; returns its id.

        Args:
            layer: Keras's class name.
            *sources: What feeds it, in order; "id:port" names the input it goes to. None: what was added last.
            name: Its name inside its block; made from its class when not given.
            **params: What is set of it.
        """
        node = Node(
            id=f"n{len(self._nodes) + 1}", layer=layer, name=self._free(name or snake_case(layer)), params=params
        )
        self._nodes.append(node)
        for source in sources or (self.last,):
            self._link(source, node.id)
        if self._open is not None:
            self._open.append(node.id)
        self.last = node.id
        return node.id

    def _link(self, source: str, target: str) -> None:
        start, _, port = source.partition(":")
        self._links.append(Link(source=start, target=target, target_port=port or "input"))

    def _free(self, base: str) -> str:
        base = f"{self._prefix}{base}"
        number, name = 0, base
        while name in self._names:
            number += 1
            name = f"{base}_{number}"
        self._names.add(name)
        return name

    @contextlib.contextmanager
    def block(self, name: str) -> Iterator[str]:
        """Layers added inside are a group of that name, and carry it before their own; yields what feeds the block."""
        self._open = []
        self._prefix = re.sub(r"\W+", "_", name).lower() + "_"
        yield self.last
        self._groups.append((name, self._open))
        self._open, self._prefix = None, ""

    def end(self) -> Graph:
        """The graph, what was added last leading to the output."""
        self._link(self.last, "n2")
        folded = len(self._nodes) > READABLE
        groups = tuple(
            Group(id=f"g{place}", name=name, nodes=tuple(nodes), folded=folded)
            for place, (name, nodes) in enumerate(self._groups, 1)
        )
        return Graph(nodes=tuple(self._nodes), links=tuple(self._links), groups=groups)


def stack(*layers: tuple[str, dict[str, Any]]) -> Graph:
    """One layer behind the other."""
    drawing = Drawing()
    for layer, params in layers:
        drawing.add(layer, **params)
    return drawing.end()


@dataclasses.dataclass(frozen=True)
class Recipe:
    """A preset as its file says it. `more` holds the fields that not every preset has."""

    name: str
    title: str
    description: str
    suits: dict[str, Any]
    graph: Graph
    training: dict[str, Any]
    more: dict[str, Any] = dataclasses.field(default_factory=dict)
    dataset: str | None = None

    @property
    def group(self) -> str:
        return "project" if self.dataset else "architecture"

    def record(self) -> dict[str, Any]:
        """The file's content."""
        project: dict[str, Any] = {
            "version": 1,
            "name": self.name,
            "graph": _graph_record(self.graph),
            "training": self.training,
        }
        if self.dataset:
            project["dataset"] = {
                "source": "builtin" if self.dataset in BUILT_IN else "download",
                "location": self.dataset,
            }
        head = {"title": self.title, "description": self.description}
        return {**head, **self.more, "suits": self.suits, "project": project}


BUILT_IN = ("digits", "iris", "wine", "breast_cancer", "diabetes")


def patient(epochs: int, patience: int, **settings: Any) -> dict[str, Any]:
    """Training settings with early stopping."""
    return {"epochs": epochs, **settings, "early_stopping": {"patience": patience}}


def _graph_record(graph: Graph) -> dict[str, Any]:
    record: dict[str, Any] = {
        "nodes": [
            {key: value for key, value in node.model_dump(mode="json").items() if value not in (None, {})}
            for node in graph.nodes
        ],
        "links": [
            {key: value for key, value in link.model_dump().items() if value not in ("output", "input")}
            for link in graph.links
        ],
    }
    if graph.groups:
        record["groups"] = [group.model_dump(mode="json") for group in graph.groups]
    return record


def file_text(value: Any, depth: int = 0, key: str = "") -> str:
    """JSON with one line for each node, link and group, so that a change is readable as a diff."""
    inner, outer = " " * (depth + 1), " " * depth
    if isinstance(value, dict):
        items = [f"{inner}{_scalar(name)}: {file_text(item, depth + 1, name)}" for name, item in value.items()]
        return "{\n" + ",\n".join(items) + f"\n{outer}}}" if items else "{}"
    if isinstance(value, list):
        lines = [
            inner + (_line(item) if key in ("nodes", "links", "groups") else file_text(item, depth + 1))
            for item in value
        ]
        return "[\n" + ",\n".join(lines) + f"\n{outer}]" if lines else "[]"
    return _scalar(value)


def _line(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_scalar(name)}: {_line(item)}" for name, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_line(item) for item in value) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
