"""What a repair does to a drawing: pure functions from one graph to the next, so that each can be shown before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workbench.core.errors import GraphError
from workbench.graph import edits
from workbench.graph.model import INPUT, OUTPUT, Graph, Link
from workbench.graph.problems import Action, Repair


def repaired(graph: Graph, repair: Repair) -> Graph:
    """The drawing after a repair.

    Raises:
        GraphError: What the repair works on is no longer there.
    """
    if repair.action == "all":
        for step in repair.args["repairs"]:
            graph = repaired(graph, step)
        return graph
    return _STEPS[repair.action](graph, repair.node or "", repair.args)


def _inserted_on(graph: Graph, args: dict[str, Any]) -> Graph:
    """Put layers on a link, in their order from its source on."""
    link = Link(**args["link"])
    for step in args["layers"]:
        graph, node = edits.insert_on_link(graph, link, step["layer"], step.get("params"))
        link = link.model_copy(update={"source": node, "source_port": "output"})
    return graph


def _disconnected(graph: Graph, link: Link) -> Graph:
    if link not in graph.links:
        raise GraphError("The line is no longer there.", f"{link.source} to {link.target}", "Check the drawing again.")
    return edits.disconnect(graph, link)


def _unshared(graph: Graph, node: str) -> Graph:
    """Give a node a layer of its own, with the settings of the one that it used."""
    current = graph.by_id[node]
    params = graph.by_id[current.shares].params if current.shares else current.params
    return graph.replaced(current.model_copy(update={"shares": None, "params": dict(params)}))


def _removed(graph: Graph, node: str) -> Graph:
    """Take a node off; an Input or an Output only where there is another."""
    layer = graph.by_id[node].layer if node in graph.by_id else ""
    if layer not in (INPUT, OUTPUT):
        return edits.remove(graph, [node])
    if len(graph.of_layer(layer)) < 2:
        return graph
    return graph.with_(
        nodes=(other for other in graph.nodes if other.id != node),
        links=(link for link in graph.links if node not in (link.source, link.target)),
    )


def _with_output(graph: Graph) -> Graph:
    """A drawing with an output, linked to what comes last and leads nowhere."""
    ends = [end for end in graph.order if not graph.outgoing[end]]
    grown, output = edits.add(graph, OUTPUT)
    return edits.connect(grown, ends[-1], output) if ends else grown


def _with_input(graph: Graph) -> Graph:
    """A drawing with an input, linked to what comes first and is fed nothing."""
    starts = [start for start in graph.order if not graph.incoming[start] and graph.by_id[start].layer != OUTPUT]
    grown, start = edits.add(graph, INPUT)
    return edits.connect(grown, start, starts[0]) if starts else grown


_STEPS: dict[Action, Callable[[Graph, str, dict[str, Any]], Graph]] = {
    "insert_before": lambda graph, node, args: edits.insert_before(graph, node, args["layer"], args.get("params"))[0],
    "insert_after": lambda graph, node, args: edits.insert_after(graph, node, args["layer"], args.get("params"))[0],
    "insert_on": lambda graph, node, args: _inserted_on(graph, args),
    "set_params": lambda graph, node, args: edits.set_params(graph, node, args["params"]),
    "connect": lambda graph, node, args: edits.connect(graph, args["source"], node),
    "disconnect": lambda graph, node, args: _disconnected(graph, Link(**args["link"])),
    "unshare": lambda graph, node, args: _unshared(graph, node),
    "remove": lambda graph, node, args: _removed(graph, node),
    "add_output": lambda graph, node, args: _with_output(graph),
    "add_input": lambda graph, node, args: _with_input(graph),
}
