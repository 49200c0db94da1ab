"""What goes in and out of a node: the names of its inputs and outputs, how many links each takes, which are free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workbench.catalog.layers import KEPT, layer_spec
from workbench.graph.model import INPUT, OUTPUT, Graph, Link, Node

ANY = "input"
"""The port of a link that names none: it takes the first that is free."""
MAIN = "output"
"""The port of a link that comes from what a layer puts out first."""
SCORES = "return_attention_scores"
STATES = "return_state"

_TWO, _ONE = ("state h", "state c"), ("state",)
_STATES = {
    "LSTM": _TWO, "LSTMCell": _TWO, "ConvLSTM1D": _TWO, "ConvLSTM2D": _TWO, "ConvLSTM3D": _TWO,
    "GRU": _ONE, "GRUCell": _ONE, "SimpleRNN": _ONE, "SimpleRNNCell": _ONE,
}  # fmt: skip


def states(layer: str, params: Mapping[str, Any]) -> tuple[str, ...]:
    """What a recurrent layer remembers from step to step, in the order of Keras; nothing for any other layer.

    Args:
        layer: Keras's class name.
        params: What the user set.
    """
    if layer in _STATES:
        return _STATES[layer]
    inner = _inner(layer, params)
    if inner is None:
        return ()
    if layer == "StackedRNNCells":
        return tuple(
            name.replace("state", f"state {number}", 1)
            for number, cell in enumerate(inner, 1)
            for name in states(cell["layer"], cell.get("params", {}))
        )
    names = states(inner["layer"], inner.get("params", {}))
    return names if layer == "RNN" else tuple(f"{way} {name}" for way in ("forward", "backward") for name in names)


def state_sizes(layer: str, params: Mapping[str, Any]) -> tuple[int, ...]:
    """How many numbers each state of a recurrent layer has at the last axis, in the order of `states`.

    Args:
        layer: Keras's class name.
        params: What the user set.
    """
    inner = _inner(layer, params)
    if inner is None:
        spec = layer_spec(layer)
        asked = spec.arguments(dict(params)) if spec is not None else {}
        size = asked.get("units", asked.get("filters"))
        return (size,) * len(states(layer, params)) if isinstance(size, int) else ()
    cells = inner if isinstance(inner, list) else [inner]
    sizes = tuple(size for cell in cells for size in state_sizes(cell["layer"], cell.get("params", {})))
    return sizes * 2 if layer == "Bidirectional" else sizes


def _inner(layer: str, params: Mapping[str, Any]) -> Any:
    """The cell, cells or layer that a recurrent wrapper holds; None for any other layer."""
    key = {"RNN": "cell", "StackedRNNCells": "cells", "Bidirectional": "layer"}.get(layer)
    spec = layer_spec(layer) if key is not None else None
    param = spec.param(key) if spec is not None and key is not None else None
    if param is None:
        return None
    value = params.get(param.name, param.default)
    listed = value if isinstance(value, list) else [value]
    sound = all(isinstance(one, Mapping) and isinstance(one.get("layer"), str) for one in listed)
    return value if sound and isinstance(value, list) == (layer == "StackedRNNCells") else None


def grouped(layer: str, params: Mapping[str, Any], items: Sequence[Any]) -> list[Any]:
    """What belongs to a layer's states as Keras groups it: a list for each of stacked cells that has several.

    Args:
        layer: Keras's class name.
        params: What the user set.
        items: One for each state, in the order of `states`.
    """
    cell = _inner(layer, params)
    if layer != "RNN" or cell is None or cell["layer"] != "StackedRNNCells":
        return list(items)
    found, left = list[Any](), list(items)
    for one in _inner("StackedRNNCells", cell.get("params", {})) or ():
        width = len(states(one["layer"], one.get("params", {})))
        found.append(left[0] if width == 1 else left[:width])
        left = left[width:]
    return found


def input_ports(node: Node) -> tuple[str, ...]:
    """The names of a node's inputs; none for an Input. A recurrent layer's states may begin with what flows in."""
    if node.layer == INPUT:
        return ()
    spec = layer_spec(node.layer)
    return (*spec.ports, *states(node.layer, node.params)) if spec is not None else (ANY,)


def output_ports(node: Node) -> tuple[str, ...]:
    """The names of what a node puts out, in the order of Keras; none for an Output."""
    if node.layer == OUTPUT:
        return ()
    params = node.params
    if node.layer == KEPT and isinstance(params.get("outputs"), int):
        return (MAIN, *(f"{MAIN} {number}" for number in range(2, params["outputs"] + 1)))
    if params.get(SCORES) is True and layer_takes(node.layer, SCORES):
        return (MAIN, "scores")
    holder: Any = _inner(node.layer, params) if node.layer == "Bidirectional" else None
    asked = holder.get("params", {}) if isinstance(holder, Mapping) else params
    return (MAIN, *states(node.layer, params)) if asked.get(STATES) is True else (MAIN,)


def layer_takes(layer: str, name: str) -> bool:
    """Whether a layer has a setting of that name."""
    spec = layer_spec(layer)
    return spec is not None and spec.param(name) is not None


def telling(node: Node) -> dict[str, Any] | None:
    """The settings that make a node put out all that it can; None where it has nothing more."""
    if layer_takes(node.layer, SCORES):
        return {SCORES: True}
    if not states(node.layer, node.params):
        return None
    if node.layer != "Bidirectional":
        return {STATES: True}
    inner = _inner(node.layer, node.params)
    return {"layer": {**inner, "params": {**inner.get("params", {}), STATES: True}}}


def optional(node: Node, port: str) -> bool:
    """Whether an input can be left free; of several named ones, one alone stands for all where they are alike."""
    return port == "key" or port in states(node.layer, node.params)


def most_links(node: Node) -> int | None:
    """How many links a node takes at most; None for any number."""
    spec = layer_spec(node.layer)
    if spec is None or spec.max_inputs is None:
        return None
    return spec.max_inputs + len(states(node.layer, node.params))


def takes_many(node: Node) -> bool:
    """Whether a node's one input takes several links, in their order."""
    return len(input_ports(node)) == 1 and most_links(node) != 1


def filled(graph: Graph, node: str) -> dict[str, tuple[Link, ...]]:
    """The links in each input of a node, in the inputs' own order; an input may have none, or by mistake several.

    A link that names none of several inputs takes the first that is free.
    """
    links, ports = graph.incoming[node], input_ports(graph.by_id[node])
    if len(ports) < 2:
        return dict.fromkeys(ports, links)
    placed: dict[str, list[Link]] = {port: [link for link in links if link.target_port == port] for port in ports}
    for link in links:
        if link.target_port not in placed:
            placed[next((port for port in ports if not placed[port]), ports[-1])].append(link)
    return {port: tuple(found) for port, found in placed.items()}


def free_port(graph: Graph, node: str) -> str:
    """The input that a link takes which names none: the first that must have one and has none, else the last such."""
    there, drawn = filled(graph, node), graph.by_id[node]
    if ANY in there:
        return ANY
    named = [port for port in there if port not in states(drawn.layer, drawn.params)]
    return next((port for port in named if not there[port]), named[-1] if named else ANY)


def output_fault(graph: Graph, node: str) -> str:
    """Why what a node is linked to is not put out, in plain words; empty where it is."""
    for link in graph.incoming[node]:
        source = graph.by_id[link.source]
        if link.source_port not in output_ports(source):
            return f"{source.name} puts out no {link.source_port}, which this layer is linked to."
    return ""


def place_of(graph: Graph, link: Link) -> int:
    """Which of its source's outputs a link carries, from 0."""
    ports = output_ports(graph.by_id[link.source])
    return ports.index(link.source_port) if link.source_port in ports else 0
