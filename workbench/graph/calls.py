"""A drawing as a sequence of calls: in which order layers are called, with what, and what each asks of its layer."""

from __future__ import annotations

from typing import Any, NamedTuple

from workbench.catalog.layers import LayerSpec, layer_spec
from workbench.graph.model import INPUT, OUTPUT, Graph, Node
from workbench.graph.ports import ANY, MAIN, filled, input_ports


class Feed(NamedTuple):
    """What flows into a node: by which of its ports, from which node, and from which of that one's ports."""

    port: str
    source: str
    source_port: str = MAIN

    @property
    def tensor(self) -> tuple[str, str]:
        """The tensor: a node and its output."""
        return self.source, self.source_port


def feeds(graph: Graph, node: str) -> tuple[Feed, ...]:
    """What feeds a node, as Keras is called with it; attention with one link attends to itself.

    Args:
        graph: The drawing.
        node: A node's id.
    """
    ports = input_ports(graph.by_id[node])
    if len(ports) < 2:
        return tuple(Feed(link.target_port, link.source, link.source_port) for link in graph.incoming[node])
    links = [Feed(port, link.source, link.source_port) for port, found in filled(graph, node).items() for link in found]
    if len(links) == 1 and ports[0] != ANY:
        return tuple(links[0]._replace(port=port) for port in ports[:2])
    return tuple(links)


def alive(graph: Graph) -> set[str]:
    """The ids of the nodes that lead to an output."""
    found = {node.id for node in graph.outputs}
    waiting = list(found)
    while waiting:
        for link in graph.incoming[waiting.pop()]:
            if link.source not in found:
                found.add(link.source)
                waiting.append(link.source)
    return found


def call_order(graph: Graph) -> tuple[str, ...]:
    """The nodes that lead to an output, inputs first and outputs last, each chain followed as far as it goes."""
    wanted = alive(graph)
    waiting = {node: len(graph.incoming[node]) for node in wanted}
    done = [node.id for node in graph.inputs if node.id in wanted]
    ready = [node.id for node in graph.nodes if node.id in wanted and not waiting[node.id] and node.layer != INPUT]
    for start in list(done):
        ready = [*ready, *_freed(graph, start, waiting)]
    while ready:
        current = ready.pop(0)
        done.append(current)
        ready = [*_freed(graph, current, waiting), *ready]
    reached = set(done)
    calls = (node for node in done if graph.by_id[node].layer != OUTPUT)
    return (*calls, *(node.id for node in graph.outputs if node.id in reached))


def _freed(graph: Graph, node: str, waiting: dict[str, int]) -> list[str]:
    """What waits for nothing any more once a node is called."""
    freed = []
    for link in graph.outgoing[node]:
        if link.target in waiting:
            waiting[link.target] -= 1
            if not waiting[link.target]:
                freed.append(link.target)
    return freed


def settings(node: Node) -> dict[str, Any]:
    """What a node asks of its layer: every required parameter, and what differs from Keras's default."""
    spec = layer_spec(node.layer)
    return dict(node.params) if spec is None else layer_settings(spec, node.params)


def layer_settings(spec: LayerSpec, params: dict[str, Any]) -> dict[str, Any]:
    """The same of a layer's parameters, in the order of its signature, each value in its stored form.

    Raises:
        UsageError: A value is not one that the parameter takes.
    """
    given = spec.arguments(params)
    kept: dict[str, Any] = {}
    for param in spec.params:
        if param.name not in given:
            continue
        value = _whole(param.check(given[param.name]))
        if param.required or value != param.default:
            kept[param.name] = value
    return kept | {name: value for name, value in given.items() if spec.param(name) is None}


def _whole(value: Any) -> Any:
    """A nested layer, or a list of such, with its own settings made whole."""
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if not isinstance(value, dict) or not isinstance(value.get("layer"), str):
        return value
    inner, nested = layer_spec(value["layer"]), value.get("params", {})
    return {"layer": value["layer"], "params": nested if inner is None else layer_settings(inner, nested)}
