"""What a drawing must keep, told from the document alone; what needs shapes is told by the engine's check."""

from __future__ import annotations

import dataclasses

from workbench.catalog.layers import LayerSpec, layer_spec
from workbench.catalog.losses import LossSpec
from workbench.core.errors import UsageError
from workbench.core.params import Param
from workbench.data.spec import DatasetInfo
from workbench.graph.head import Asks, asks_alike, fit_head, head, head_problems, new_head
from workbench.graph.inputs import input_problem
from workbench.graph.model import INPUT, OUTPUT, Graph, Link, Node
from workbench.graph.ports import MAIN, filled, most_links, output_fault, output_ports, telling
from workbench.graph.problems import Problem, Repair
from workbench.graph.wiring import arranged, owner, port_fault, share_fault

__all__ = ["fit_head", "head", "leading", "own_layer", "problems", "without_link"]


Sound = dict[str, tuple[Node, tuple[Link, ...]]]
"""Nodes by id, with the links into them, that nothing was wrong with: looked at again only when either is another."""


def problems(
    graph: Graph,
    info: DatasetInfo | None,
    loss: LossSpec | None,
    sound: Sound | None = None,
    asks: Asks | None = None,
) -> list[Problem]:
    """Everything that is wrong with a drawing as far as no shape is needed, in the order of the drawing.

    Args:
        graph: The drawing.
        info: What the data are; None while none are picked.
        loss: What is made small; None while no data are picked.
        sound: What earlier calls found sound; brought up to date.
        asks: What each output must answer; the main target where it is not given. An output that is not in it is let
            be.
    """
    found = [*_whole(graph, info)]
    reached, useful = _reached(graph), leading(graph)
    before, now = sound if sound is not None else {}, Sound()
    for node in graph.nodes:
        known, links = before.get(node.id), graph.incoming[node.id]
        here, useful_here = node.id in reached, node.id in useful
        same = known is not None and known[0] is node and known[1] == links
        wrong = [] if same and here and useful_here else _node_problems(graph, info, node, here, useful_here)
        if wrong:
            found += wrong
        elif node.shares is None and node.layer != INPUT and all(link.source_port == MAIN for link in links):
            # What an input, a shared layer, or one that takes another's states is judged by stands elsewhere.
            now[node.id] = known if same and known is not None else (node, links)
    if sound is not None:
        sound.clear()
        sound.update(now)
    if asks is None and info is not None and loss is not None:
        asks = asks_alike(graph, info, loss)
    if info is not None and asks and not _broken(graph):
        found += head_problems(graph, info, asks)
        for output in graph.outputs:
            last = head(graph, output).last
            if last is not None and last.layer == INPUT and output.id in asks:
                message = "There is no layer between the input and the output yet."
                found.append(Problem(message, output.id, new_head(output.id, asks[output.id].loss)))
    return found


def _whole(graph: Graph, info: DatasetInfo | None) -> list[Problem]:
    found = []
    if info is None:
        start = graph.input.id if graph.input else None
        found.append(Problem("No data are picked yet.", start, hint="Pick data: then every shape is known"))
    if graph.input is None:
        found.append(Problem("The network has no input.", repair=Repair("Add the input", "add_input", None)))
    if graph.output is None:
        repair = Repair("Add the output", "add_output", None)
        found.append(Problem("The network has no output.", repair=repair))
    circle = _circle(graph)
    if circle:
        names = ", ".join(graph.by_id[link.source].name for link in circle[:4])
        message = f"A network must not run in a circle, as it does through {names}."
        newest = max(circle, key=graph.links.index)
        found.append(Problem(message, circle[0].source, without_link(graph, newest)))
    return found


def _circle(graph: Graph) -> list[Link]:
    """The links of one circle, in their direction; empty where there is none."""
    left = set(graph.by_id) - set(graph.order)
    # What is only fed by a circle is on none itself.
    ends = [node for node in left if not any(link.target in left for link in graph.outgoing[node])]
    while ends:
        gone = ends.pop()
        left.discard(gone)
        before = {link.source for link in graph.incoming[gone]} & left
        ends += [node for node in before if not any(link.target in left for link in graph.outgoing[node])]
    if not left:
        return []
    current = next(node.id for node in graph.nodes if node.id in left)
    trail: dict[str, Link] = {}
    while current not in trail:
        trail[current] = next(link for link in graph.incoming[current] if link.source in left)
        current = trail[current].source
    links = list(trail.values())
    return list(reversed(links[list(trail).index(current) :]))


def without_link(graph: Graph, link: Link) -> Repair:
    """The repair that takes a link away."""
    words = f"Take the link from {graph.by_id[link.source].name} to {graph.by_id[link.target].name} away"
    return Repair(words, "disconnect", link.target, {"link": link.model_dump()})


def _broken(graph: Graph) -> bool:
    return graph.input is None or graph.output is None or len(graph.order) < len(graph.nodes)


def _node_problems(graph: Graph, info: DatasetInfo | None, node: Node, reached: bool, leading: bool) -> list[Problem]:
    spec = layer_spec(node.layer)
    if spec is not None and spec.reason:
        message = f"{node.layer} cannot be placed. {spec.reason}"
        return [Problem(message, node.id, Repair(f"Remove {node.name}", "remove", node.id))]
    if spec is None:
        message = f"This program does not know a layer called {node.layer}."
        return [Problem(message, node.id, Repair(f"Remove {node.name}", "remove", node.id))]
    found = [*_links(graph, node, spec), *_shared(graph, node)]
    if node.layer == INPUT:
        problem = input_problem(node, info)
        found += [problem] if problem else []
    elif node.shares is None:
        found += _params(node, spec)
    if not found and not reached:
        found.append(Problem("No data reach this layer.", node.id, hint="Link it to what the input leads to"))
    elif not found and not leading and graph.output is not None:
        found += _idle(graph, node)
    return found


def _idle(graph: Graph, node: Node) -> list[Problem]:
    repair = Repair(f"Remove {node.name}", "remove", node.id)
    if node.layer != INPUT:
        message = "This layer leads nowhere, so the network goes without it."
        return [Problem(message, node.id, repair, "warning")]
    if len(graph.inputs) < 2:
        return []
    return [Problem("Nothing that leads to the output uses this input.", node.id, repair, "warning")]


def _shared(graph: Graph, node: Node) -> list[Problem]:
    fault = share_fault(graph, node)
    return [Problem(fault, node.id, own_layer(node))] if fault else []


def own_layer(node: Node) -> Repair:
    """The repair that gives a node weights of its own."""
    return Repair(f"Give {node.name} weights of its own", "unshare", node.id)


def _links(graph: Graph, node: Node, spec: LayerSpec) -> list[Problem]:
    links = arranged(graph, node.id)
    count = len(links)
    if count < spec.min_inputs:
        needs = "an input" if spec.min_inputs == 1 else f"at least {spec.min_inputs} inputs"
        has = "has none" if not count else f"has {count}"
        repair = _connection(graph, node)
        hint = "" if repair else "Draw a wire to it from another layer's lower port"
        return [Problem(f"{node.layer} needs {needs}, but {has}.", node.id, repair, hint=hint)]
    most = most_links(node)
    if most is not None and count > most:
        takes = "no input" if not most else f"at most {most} input{'s'[: most > 1]}"
        hint = "Or bring the inputs together with Add or Concatenate" if most else ""
        message = f"{node.layer} takes {takes}, but gets {count}."
        return [Problem(message, node.id, without_link(graph, links[-1]), hint=hint)]
    fault = port_fault(graph, node.id)
    if not fault:
        return []
    if output_fault(graph, node.id):
        return [Problem(fault, node.id, _output_repair(graph, node))]
    surplus = next((found[-1] for found in filled(graph, node.id).values() if len(found) > 1), None)
    repair = without_link(graph, surplus) if surplus is not None else _connection(graph, node)
    return [Problem(fault, node.id, repair, hint="" if repair else "Draw a link to it")]


def _output_repair(graph: Graph, node: Node) -> Repair:
    """Let the layer before put out what is asked for; where it cannot, take the link away."""
    link = next(one for one in graph.incoming[node.id] if one.source_port not in output_ports(graph.by_id[one.source]))
    source = owner(graph, graph.by_id[link.source])
    params = telling(source)
    told = source.model_copy(update={"params": source.params | (params or {})})
    if params is not None and link.source_port in output_ports(told):
        return Repair(f"Let {source.name} put out its {link.source_port}", "set_params", source.id, {"params": params})
    return without_link(graph, link)


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
    if param.kind == "layers" and isinstance(value, list):
        one = dataclasses.replace(param, kind="layer")
        return next((problem for inner in value if (problem := _value_problem(one, inner))), "")
    if param.kind != "layer" or not isinstance(value, dict):
        return ""
    inner = layer_spec(value["layer"])
    if inner is None or (inner.name not in param.choices if param.choices else not inner.nestable):
        known = " or ".join(param.choices) or "a layer that can be inside another"
        return f"{param.title} must be {known}. It is {value['layer']}."
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
