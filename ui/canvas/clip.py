"""Layers as text on the clipboard. What is pasted may come from anyone: it is checked as data and never run."""

from __future__ import annotations

import json
from typing import Any

from pydantic import ValidationError

from workbench.catalog.layers import layer_spec
from workbench.core.errors import GraphError, UsageError
from workbench.graph.model import INPUT, OUTPUT, Graph, Node

FORMAT = "keras-workbench-layers"
VERSION = 1
PARTS = ("nodes", "links", "groups", "comments")
LONGEST = 2_000_000
MOST_NODES = 2_000
FARTHEST = 1e6
_COPY = "Copy layers on a canvas of Keras Workbench first."


def to_text(graph: Graph) -> str:
    """The graph as text for the clipboard."""
    return json.dumps({"format": FORMAT, "version": VERSION, **graph.model_dump(mode="json")}, indent=1)


def from_text(text: str) -> Graph:
    """The graph that a text holds.

    Raises:
        GraphError: It is no such text, or names a layer or a value that this program does not take.
    """
    record = _read(text)
    try:
        graph = Graph.model_validate({part: record.get(part, []) for part in PARTS})
    except (ValidationError, RecursionError) as error:
        raise GraphError("The copied layers are not whole.", _first(error), _COPY) from None
    if len(graph.nodes) > MOST_NODES or not (graph.nodes or graph.comments):
        raise GraphError(f"A paste holds 1 to {MOST_NODES} layers.", str(len(graph.nodes)), _COPY)
    if len(graph.order) != len(graph.nodes):
        raise GraphError("The copied layers run in a circle.", "", _COPY)
    return graph.with_(nodes=[_checked(node) for node in graph.nodes])


def _read(text: str) -> dict[str, Any]:
    if len(text) > LONGEST or FORMAT not in text:
        raise GraphError("The clipboard holds no layers.", "", _COPY)
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        raise GraphError("The clipboard holds no layers.", "text that is not JSON", _COPY) from None
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise GraphError("The clipboard holds no layers.", "", _COPY)
    if record.get("version") != VERSION:
        raise GraphError(
            "The layers were copied in another version of the program.",
            f"version {record.get('version')!r}",
            "Use the same version in both windows.",
        )
    return record


def _checked(node: Node) -> Node:
    spec = layer_spec(node.layer)
    if spec is None or node.layer in (INPUT, OUTPUT):
        raise GraphError("Only layers that this program knows can be pasted.", node.layer[:80], _COPY)
    if "/" in node.name or not node.name.isprintable():
        raise GraphError("A layer's name must be printable text without a slash.", repr(node.name[:80]), _COPY)
    params = {}
    for name, value in node.params.items():
        param = spec.param(name)
        if param is None:
            raise GraphError(f"{node.layer} has no such parameter.", name[:80], _COPY)
        try:
            params[name] = param.check(value)
        except UsageError as error:
            raise GraphError(error.rule, f"{node.layer}: {error.received[:80]}", _COPY) from None
    return node.model_copy(update={"params": params, "position": _placed(node.position)})


def _first(error: ValidationError | RecursionError) -> str:
    return str(error.errors()[0]["msg"]) if isinstance(error, ValidationError) else "too deeply nested"


def _placed(position: tuple[float, float] | None) -> tuple[float, float] | None:
    if position is None or not all(abs(part) < FARTHEST for part in position):
        return None
    return position
