"""A drawing as a Keras script that stands alone: Sequential where it is a stack, functional otherwise."""

from __future__ import annotations

from dataclasses import replace

from workbench.catalog.layers import KEPT
from workbench.codegen.applications import Application, is_application
from workbench.codegen.arguments import called_again, layer_call, made, placed
from workbench.codegen.blocks import Block, find_blocks
from workbench.codegen.functions import block_call, block_function
from workbench.codegen.names import layer_names, variable
from workbench.codegen.printer import Call, Expr, call, listed, literal, statement
from workbench.core.errors import GraphError
from workbench.data.spec import DatasetInfo
from workbench.graph.calls import call_order, feeds
from workbench.graph.inputs import COLUMNS, input_shape
from workbench.graph.model import INPUT, OUTPUT, Graph, Node
from workbench.graph.ports import MAIN, grouped, input_ports, output_ports, states
from workbench.graph.wiring import owner

MODEL_NAME = "network"


def model_script(graph: Graph, info: DatasetInfo) -> str:
    """A script that builds the model and needs nothing but Keras; layers that lead nowhere are left out.

    Args:
        graph: The drawing.
        info: What the data are: gives the inputs' shapes.

    Raises:
        GraphError: The drawing has no way from input to output, or holds what is no Keras layer.
    """
    parts = ["import keras\nfrom keras import layers", *model_lines(graph, info)]
    title = f'"""The network for {plain(info.title)}."""'
    end = 'if __name__ == "__main__":\n    model.summary()'
    return "\n\n".join([title, parts[0], *_spaced(parts[1:]), end]) + "\n"


def _spaced(parts: list[str]) -> list[str]:
    """Two empty lines around each function, as the style guide asks."""
    spaced = []
    for place, part in enumerate(parts):
        around = part.startswith("def ") or (place > 0 and parts[place - 1].startswith("def "))
        spaced.append("\n" + part if around else part)
    return spaced


def plain(title: str) -> str:
    """A title as a docstring can hold it."""
    words = " ".join(title.replace("\\", " ").replace('"', "'").split())
    return words if len(words) <= 40 else words[:39].rstrip() + "…"


def model_lines(graph: Graph, info: DatasetInfo) -> list[str]:
    """The script's paragraphs that end in `model = ...`, functions for repeated blocks first.

    Raises:
        GraphError: The drawing has no way from input to output, or holds what is no Keras layer.
    """
    order = call_order(graph)
    layers = {node: graph.by_id[node].layer for node in order}
    if INPUT not in layers.values() or OUTPUT not in layers.values():
        raise GraphError("The network must lead from the input to the output.", "", "Link the layers into one stack.")
    for node in order:
        if layers[node] != INPUT and not all(link.source in layers for link in graph.incoming[node]):
            raise GraphError("A network must not run in a circle.", graph.by_id[node].name, "Take a link away.")
        if layers[node] != INPUT and not graph.incoming[node]:
            raise GraphError("Every layer needs an input.", graph.by_id[node].name, "Link it to the layer before it.")
    if _is_stack(graph, order):
        return [_sequential(graph, order, info)]
    return _Functional(graph, order, info).paragraphs()


def _is_stack(graph: Graph, order: tuple[str, ...]) -> bool:
    nodes = [graph.by_id[node] for node in order]
    return (
        all(len(graph.incoming[node.id]) == (node.layer != INPUT) and _plain(node) for node in nodes)
        and all(
            node.shares is None
            and node.layer != KEPT
            and not is_application(node.layer)
            and (node.layer != INPUT or not node.params)
            for node in nodes
        )
        and [node.layer for node in nodes].count(OUTPUT) == 1
        and len({graph.incoming[node.id][0].source for node in nodes if node.layer != INPUT}) == len(nodes) - 1
        and nodes[-1].name == "output"
        and len(nodes) > 2
    )


def _plain(node: Node) -> bool:
    """Whether a layer takes one tensor and puts one out."""
    named = len(input_ports(node)) - len(states(node.layer, node.params))
    return named < 2 and len(output_ports(node)) < 2


def _sequential(graph: Graph, order: tuple[str, ...], info: DatasetInfo) -> str:
    names = layer_names(graph)
    lines: list[Expr] = [_input(graph.by_id[order[0]], names[order[0]], info)]
    stack = [graph.by_id[node] for node in order[1:-1]]
    lines += [layer_call(node.layer, node.params, literal(names[node.id])) for node in stack]
    whole = call("keras.Sequential", replace(listed(lines), broken=True), name=literal(MODEL_NAME))
    return statement("model = ", replace(whole, broken=True))


def _input(node: Node, name: str, info: DatasetInfo) -> Call:
    keywords: dict[str, Expr] = {"shape": literal(tuple(input_shape(node, info)))}
    if info.integer_input:
        keywords["dtype"] = literal("int32")
    return call("keras.Input", **keywords, name=literal(name))


class _Functional:
    """Writes calls line by line: `x` for a tensor that only the next line uses, a name of its own for any other."""

    def __init__(self, graph: Graph, order: tuple[str, ...], info: DatasetInfo) -> None:
        self._graph, self._info = graph, info
        self._names = layer_names(graph)
        self._inputs = [node for node in order if graph.by_id[node].layer == INPUT]
        self._outputs = [node for node in order if graph.by_id[node].layer == OUTPUT]
        self._calls = [node for node in order if graph.by_id[node].layer not in (INPUT, OUTPUT)]
        families = [owner(graph, graph.by_id[node]).id for node in self._calls]
        self._shared = {family for family in families if families.count(family) > 1}
        self._layers: dict[str, str] = {}
        self._applications: dict[str, Application] = {}
        self._blocks = find_blocks(graph, self._calls, self._names, self._fixed())
        self._variables: dict[tuple[str, str], str] = {}
        self._taken: set[str] = {block.name for block in self._blocks}

    def _fixed(self) -> set[str]:
        """Nodes whose name shows in a variable, or that pass more than one tensor on: no function may hold them."""
        return {
            node
            for node in self._calls
            if owner(self._graph, self._graph.by_id[node]).id in self._shared
            or is_application(self._graph.by_id[node].layer)
            or len(output_ports(self._graph.by_id[node])) > 1
            or any(feed.source_port != MAIN for feed in feeds(self._graph, node))
        }

    def paragraphs(self) -> list[str]:
        """Functions, then the model."""
        functions = [block_function(self._graph, block) for block in self._blocks]
        columns = {
            self._names[node]: list(self._graph.by_id[node].params[COLUMNS])
            for node in self._inputs
            if self._graph.by_id[node].params.get(COLUMNS)
        }
        constant = [statement("COLUMNS = ", literal(columns))] if columns else []
        body = [*self._input_lines(), *self._call_lines(), *self._output_lines()]
        return [*constant, *functions, "\n".join(body)]

    def _input_lines(self) -> list[str]:
        lines = []
        for node in self._inputs:
            name = self._name(node, self._names[node])
            lines.append(statement(f"{name} = ", _input(self._graph.by_id[node], self._names[node], self._info)))
        return lines

    def _name(self, node: str, wanted: str) -> str:
        found = variable(wanted, self._taken)
        self._taken.add(found)
        self._variables[node, MAIN] = found
        return found

    def _call_lines(self) -> list[str]:
        steps = _steps(self._calls, self._blocks)
        made = [step if isinstance(step, str) else step[1][-1] for step in steps]
        lines = []
        for place, (step, node) in enumerate(zip(steps, made, strict=True)):
            following = steps[place + 1] if place + 1 < len(steps) else None
            target = (node, {following} if isinstance(following, str) else set(following[1]) if following else set())
            if isinstance(step, str):
                lines += self._placed(step, target)
            else:
                block, instance = step
                source = self._variables[block.source(self._graph, instance), MAIN]
                made_by = block_call(self._graph, block, instance, self._names, source)
                lines.append(statement(f"{self._target(*target)} = ", made_by))
        return lines

    def _placed(self, node: str, target: tuple[str, set[str]]) -> list[str]:
        drawn = self._graph.by_id[node]
        family = owner(self._graph, drawn)
        if is_application(drawn.layer):
            return self._application(node, family, target)
        fed, name = feeds(self._graph, node), literal(self._names[family.id])
        if family.id not in self._shared:
            expr = placed(family.layer, family.params, name, fed, self._variables)
            return [statement(f"{self._target(*target)} = ", expr)]
        lines = []
        if family.id not in self._layers:
            self._layers[family.id] = self._kept(f"{self._names[family.id]}_layer")
            layer = made(family.layer, family.params, name)
            lines.append(statement(f"{self._layers[family.id]} = ", layer))
        expr = called_again(drawn.layer, drawn.params, self._layers[family.id], fed, self._variables)
        return [*lines, statement(f"{self._target(*target)} = ", expr)]

    def _application(self, node: str, family: Node, target: tuple[str, set[str]]) -> list[str]:
        """The lines that place a published model, made where it is used for the first time."""
        source, name = self._variables[feeds(self._graph, node)[0].tensor], self._names[family.id]
        block, lines = self._applications.get(family.id), list[str]()
        if block is None:
            block = Application(self._graph, family, self._info, name, self._kept(f"{name}_model"))
            self._applications[family.id] = block
            lines += block.made(source)
            if block.prepares and family.id in self._shared:
                self._layers[family.id] = self._kept(f"{name}_scale")
                lines.append(statement(f"{self._layers[family.id]} = ", block.scaling()))
        if block.prepares:
            lines += block.scaled(source, self._layers.get(family.id) or block.scaling())
            source = "x"
        return [*lines, statement(f"{self._target(*target)} = ", call(block.variable, source))]

    def _kept(self, wanted: str) -> str:
        """A variable for what is no tensor."""
        found = variable(wanted, self._taken)
        self._taken.add(found)
        return found

    def _target(self, node: str, following: set[str]) -> str:
        """The variable that takes a node's tensor."""
        if len(output_ports(self._graph.by_id[node])) > 1:
            return self._several(node)
        users = [link.target for link in self._graph.outgoing[node]]
        family = owner(self._graph, self._graph.by_id[node]).id
        users = [user for user in users if user in self._calls or user in self._outputs]
        if users and following.issuperset(users) and family not in self._shared:
            self._variables[node, MAIN] = "x"
            return "x"
        output = next((user for user in users if user in self._outputs), None)
        if output is not None and family not in self._shared and (output, MAIN) not in self._variables:
            self._variables[node, MAIN] = self._name(output, self._names[output])
            return self._variables[node, MAIN]
        return self._name(node, self._names[node])

    def _several(self, node: str) -> str:
        """The variables that take all that a node puts out: `encoded, encoded_state_h, _`."""
        used = {link.source_port for link in self._graph.outgoing[node]}
        found = []
        for port in output_ports(self._graph.by_id[node]):
            if port not in used:
                found.append("_")
            elif port == MAIN:
                found.append(self._name(node, self._names[node]))
            else:
                self._variables[node, port] = self._kept(f"{self._names[node]}_{port.replace(' ', '_')}")
                found.append(self._variables[node, port])
        return _nested(self._graph.by_id[node], found)

    def _output_lines(self) -> list[str]:
        lines = []
        for output in self._outputs:
            if (output, MAIN) not in self._variables:
                source = self._variables[feeds(self._graph, output)[0].tensor]
                lines.append(f"{self._name(output, self._names[output])} = {source}")
        ends = [
            self._variables[ends[0], MAIN] if len(ends) == 1 else listed([self._variables[end, MAIN] for end in ends])
            for ends in (self._inputs, self._outputs)
        ]
        return [*lines, statement("model = ", call("keras.Model", *ends, name=literal(MODEL_NAME)))]


def _nested(node: Node, names: list[str]) -> str:
    """The variables as Keras puts them out: stacked cells with several states each give a list for each."""
    behind = grouped(node.layer, node.params, names[1:])
    return ", ".join([names[0], *(one if isinstance(one, str) else f"({', '.join(one)})" for one in behind)])


def _steps(calls: list[str], blocks: list[Block]) -> list[str | tuple[Block, tuple[str, ...]]]:
    """The calls, those of a block taken together."""
    first = {instance[0]: (block, instance) for block in blocks for instance in block.instances}
    inside = {node for block in blocks for instance in block.instances for node in instance}
    return [first.get(node, node) for node in calls if node in first or node not in inside]
