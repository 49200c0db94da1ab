"""The drawing that grows while a script is read."""

from __future__ import annotations

import re
from typing import Any

from workbench.codegen.names import variable
from workbench.codegen.values import Layer, Network, Stack, Tensor
from workbench.graph.calls import alive
from workbench.graph.edits import snake_case
from workbench.graph.inputs import COLUMNS
from workbench.graph.model import INPUT, OUTPUT, Graph, Group, Link, Node
from workbench.graph.ports import MAIN, output_ports

_PLAIN = ("x", "outputs", "y", "out", "output", "predictions")


class Sketch:
    """Nodes and links as they are called; named when all is known."""

    def __init__(self) -> None:
        self.layers: dict[str, Layer] = {}
        self.variables: dict[str, str] = {}
        self.groups: list[tuple[str, list[str]]] = []
        self._links: list[Link] = []

    def input(self, name: str | None, line: int) -> Tensor:
        """A new Input."""
        return self.place(Layer(INPUT, {}, name, line), [])

    def place(self, layer: Layer, feeds: list[tuple[str, Tensor]]) -> Tensor:
        """Call a layer; each call is a node."""
        node = f"n{len(self.layers) + 1}"
        self.layers[node] = layer
        layer.nodes.append(node)
        self._links += [
            Link(source=tensor.node, target=node, source_port=tensor.port, target_port=port) for port, tensor in feeds
        ]
        return Tensor(node)

    def outputs(self, tensor: Tensor) -> Any:
        """All that the node of a tensor puts out, as Keras gives it: one tensor, or a tuple of them."""
        layer = self.layers[tensor.node]
        drawn = Node(id=tensor.node, layer=layer.layer, name=tensor.node, params=layer.params)
        found = tuple(Tensor(tensor.node, port) for port in output_ports(drawn))
        return found if len(found) > 1 else tensor

    def through(self, network: Network, tensors: list[Tensor]) -> list[Tensor]:
        """Call a functional model on other tensors: its layers come again, sharing their weights."""
        made = {inner.node: tensor for inner, tensor in zip(network.inputs, tensors, strict=True)}

        def again(node: str, port: str) -> Tensor:
            return made[node] if port == MAIN else Tensor(made[node].node, port)

        for node in list(self.layers):
            links = [link for link in self._links if link.target == node]
            if node not in made and links and all(link.source in made for link in links):
                feeds = [(link.target_port, again(link.source, link.source_port)) for link in links]
                made[node] = self.place(self.layers[node], feeds)
        return [again(tensor.node, tensor.port) for tensor in network.outputs]

    def run(self, stack: Stack, tensor: Tensor) -> Tensor:
        """Call a Sequential's layers one after the other."""
        for step in stack.steps:
            if isinstance(step, Layer):
                tensor = self.place(step, [("input", tensor)])
            elif isinstance(step, Stack):
                tensor = self.run(step, tensor)
            else:
                tensor = self.through(step, [tensor])[0]
        return tensor

    def graph(self, network: Network, columns: dict[str, Any]) -> Graph:
        """The drawing of what leads from a model's inputs to its outputs."""
        links = list(self._links)
        outputs = [f"n{len(self.layers) + place}" for place in range(1, len(network.outputs) + 1)]
        links += [
            Link(source=tensor.node, source_port=tensor.port, target=output)
            for tensor, output in zip(network.outputs, outputs, strict=True)
        ]
        names, owners = self._names(network)
        starts = [tensor.node for tensor in network.inputs]
        calls = [node for node in self.layers if node not in starts]
        nodes = []
        for node in [*starts, *calls]:
            layer = self.layers[node]
            params = dict(layer.params)
            if layer.layer == INPUT and isinstance(columns.get(names[node]), list):
                params = {COLUMNS: columns[names[node]]}
            shares = owners.get(node)
            nodes.append(Node(id=node, layer=layer.layer, name=names[node], params=params, shares=shares))
        for place, output in enumerate(outputs):
            word = _output_name(network, place)
            names[output] = _free("output" if word in names.values() else word, set(names.values()))
            nodes.append(Node(id=output, layer=OUTPUT, name=names[output]))
        whole = Graph(nodes=tuple(nodes), links=tuple(links))
        kept = alive(whole) | set(starts)
        return whole.with_(
            nodes=(node for node in whole.nodes if node.id in kept),
            links=(link for link in links if link.source in kept and link.target in kept),
            groups=self._grouped(kept),
        )

    def _names(self, network: Network) -> tuple[dict[str, str], dict[str, str]]:
        """A name for each node, and for those whose layer is called more than once the node that owns it."""
        taken = {layer.name for layer in self.layers.values() if layer.name}
        names: dict[str, str] = {}
        owners: dict[str, str] = {}
        counted: dict[str, int] = {}
        for layer in dict.fromkeys(self.layers.values()):
            base = layer.name or _next("input" if layer.layer == INPUT else snake_case(layer.layer), counted, taken)
            wanted = variable(base, ())
            first = next((node for node in layer.nodes if self.variables.get(node) == wanted), layer.nodes[0])
            names[first] = _free(base, set(names.values()))
            for node in layer.nodes:
                if node != first:
                    owners[node] = first
        for node in owners:
            names[node] = _free(self.variables.get(node, names[owners[node]]), set(names.values()))
        return names, owners

    def _grouped(self, kept: set[str]) -> list[Group]:
        groups: list[Group] = []
        taken: set[str] = set()
        for name, nodes in self.groups:
            inside = tuple(node for node in nodes if node in kept and node not in taken)
            if len(inside) > 1:
                taken.update(inside)
                groups.append(Group(id=f"g{len(groups) + 1}", name=name, nodes=inside))
        return groups


def _output_name(network: Network, place: int) -> str:
    word = network.names[place] if place < len(network.names) else ""
    if not word or (len(network.outputs) == 1 and word in _PLAIN):
        return "output"
    return word


def _next(base: str, counted: dict[str, int], taken: set[str]) -> str:
    """Keras's own way: dense, dense_1, dense_2."""
    while True:
        number = counted.get(base, 0)
        counted[base] = number + 1
        name = f"{base}_{number}" if number else base
        if name not in taken:
            return name


def _free(base: str, taken: set[str]) -> str:
    stem, number, name = re.sub(r"_\d+$", "", base), 0, base
    while name in taken:
        number += 1
        name = f"{stem}_{number}"
    return name
