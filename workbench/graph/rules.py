"""What a drawing must keep, told from the document alone; what needs shapes is told by the engine's check."""

from __future__ import annotations

from workbench.catalog.layers import LayerSpec, layer_spec
from workbench.catalog.losses import LossSpec
from workbench.core.errors import UsageError
from workbench.core.params import Param
from workbench.data.spec import DatasetInfo
from workbench.graph.head import fit_head, head, head_problems, new_head
from workbench.graph.model import INPUT, OUTPUT, Graph, Node
from workbench.graph.problems import Problem, Repair

__all__ = ["fit_head", "head", "leading", "problems"]


def problems(graph: Graph, info: DatasetInfo | None, loss: LossSpec | None) -> list[Problem]:
    """Everything that is wrong with a drawing as far as no shape is needed, in the order of the drawing.

    Args:
        graph: The drawing.
        info: What the data are; None while none are picked.
        loss: What is made small; None while no data are picked.
    """
    found = [*_whole(graph, info)]
    reached, useful = _reached(graph), leading(graph)
    for node in graph.nodes:
        found += _node_problems(graph, node, node.id in reached, node.id in useful)
    if info is not None and loss is not None and not _broken(graph):
        found += head_problems(graph, info, loss)
        output = graph.output
        if output is not None and head(graph).last is not None and head(graph).last == graph.input:
            message = "There is no layer between the input and the output yet."
            found.append(Problem(message, output.id, new_head(output.id, loss)))
    return found


def _whole(graph: Graph, info: DatasetInfo | None) -> list[Problem]:
    found = []
    if info is None:
        start = graph.input.id if graph.input else None
        found.append(Problem("No data are picked yet.", start, hint="Pick data: then every shape is known"))
    if graph.input is None:
        found.append(Problem("The network has no input.", hint="Begin a new drawing, or undo its removal"))
    if graph.output is None:
        repair = Repair("Add the output", "add_output", None)
        found.append(Problem("The network has no output.", repair=repair))
    ordered = set(graph.order)
    circle = [node for node in graph.nodes if node.id not in ordered and node.id in _ahead(graph, node.id)]
    if circle:
        names = ", ".join(node.name for node in circle[:4])
        message = f"A network must not run in a circle, as it does through {names}."
        found.append(Problem(message, circle[0].id, hint="Take one of the links of the circle away"))
    return found


def _broken(graph: Graph) -> bool:
    return graph.input is None or graph.output is None or len(graph.order) < len(graph.nodes)


def _node_problems(graph: Graph, node: Node, reached: bool, leading: bool) -> list[Problem]:
    spec = layer_spec(node.layer)
    if spec is None:
        message = f"This program does not know a layer called {node.layer}."
        return [Problem(message, node.id, Repair(f"Remove {node.name}", "remove", node.id))]
    found = [*_ends(graph, node), *_links(graph, node, spec), *_params(node, spec)]
    if not found and not reached:
        found.append(Problem("No data reach this layer.", node.id, hint="Link it to what the input leads to"))
    elif not found and not leading and node.layer != INPUT and graph.output is not None:
        repair = Repair(f"Remove {node.name}", "remove", node.id)
        message = "This layer leads nowhere, so the network goes without it."
        found.append(Problem(message, node.id, repair, "warning"))
    return found


def _ends(graph: Graph, node: Node) -> list[Problem]:
    if node.layer not in (INPUT, OUTPUT) or graph.of_layer(node.layer)[0].id == node.id:
        return []
    return [Problem(f"A network has one {node.layer.lower()}; this is another.", node.id, hint="Undo its making")]


def _links(graph: Graph, node: Node, spec: LayerSpec) -> list[Problem]:
    count = len(graph.incoming[node.id])
    if count < spec.min_inputs:
        needs = "an input" if spec.min_inputs == 1 else f"at least {spec.min_inputs} inputs"
        has = "has none" if not count else f"has {count}"
        return [Problem(f"{node.layer} needs {needs}, but {has}.", node.id, _connection(graph, node))]
    if spec.max_inputs is not None and count > spec.max_inputs:
        takes = "no input" if not spec.max_inputs else f"at most {spec.max_inputs} input{'s'[: spec.max_inputs > 1]}"
        hint = "Take a link away, or bring the inputs together with Add or Concatenate"
        return [Problem(f"{node.layer} takes {takes}, but gets {count}.", node.id, hint=hint)]
    return []


def _connection(graph: Graph, node: Node) -> Repair | None:
    """Link to the only layer that leads nowhere yet, where there is just one."""
    ahead = _ahead(graph, node.id)
    linked = {link.source for link in graph.incoming[node.id]}
    free = [
        other
        for other in graph.nodes
        if not graph.outgoing[other.id] and other.layer != OUTPUT and other.id not in ahead | linked | {node.id}
    ]
    if len(free) != 1:
        return None
    return Repair(f"Link it to {free[0].name}", "connect", node.id, {"source": free[0].id})


def _params(node: Node, spec: LayerSpec, where: str = "") -> list[Problem]:
    found = []
    for name, value in node.params.items():
        param = spec.param(name)
        clear = Repair(f"Set {name.replace('_', ' ')} back", "set_params", node.id, {"params": {name: ...}})
        if param is None:
            found.append(Problem(f"{spec.name} has no setting called {name!r}.", node.id, clear))
            continue
        problem = _value_problem(param, value)
        if problem:
            found.append(Problem(f"{where}{problem}", node.id, clear))
    return found


def _value_problem(param: Param, value: object) -> str:
    try:
        param.check(value)
    except UsageError as error:
        return f"{error.rule} It is {value!r}."
    if param.kind != "layer" or not isinstance(value, dict):
        return ""
    inner = layer_spec(value["layer"])
    if inner is None or (param.choices and inner.name not in param.choices):
        return f"{param.title} must be {' or '.join(param.choices) or 'a known layer'}. It is {value['layer']}."
    node = Node(id="inner", layer=inner.name, name="inner", params=value.get("params", {}))
    return next((problem.message for problem in _params(node, inner, f"Inside, {inner.name}: ")), "")


def _ahead(graph: Graph, node: str) -> set[str]:
    found, waiting = set[str](), [node]
    while waiting:
        for link in graph.outgoing[waiting.pop()]:
            if link.target not in found:
                found.add(link.target)
                waiting.append(link.target)
    return found


def _reached(graph: Graph) -> set[str]:
    starts = {node.id for node in graph.of_layer(INPUT)}
    return starts.union(*(_ahead(graph, start) for start in starts)) if starts else set()


def leading(graph: Graph) -> set[str]:
    """The ids of the nodes that lead to an output: what the network is made of."""
    ends = [node.id for node in graph.of_layer(OUTPUT)]
    found, waiting = set(ends), list(ends)
    while waiting:
        for link in graph.incoming[waiting.pop()]:
            if link.source not in found:
                found.add(link.source)
                waiting.append(link.source)
    return found
