"""The ends of a drawing follow the targets: a head and an Output for each that comes, none for one that is gone."""

from __future__ import annotations

from collections.abc import Collection

from workbench.catalog.losses import AUTO, resolve_loss
from workbench.data.spec import TargetInfo
from workbench.graph import edits
from workbench.graph.head import head
from workbench.graph.model import OUTPUT, Graph
from workbench.graph.rules import fit_head
from workbench.project.model import Project
from workbench.project.outputs import asked_of
from workbench.project.training import OutputSettings


def with_heads(project: Project, known: Collection[str] = ()) -> Project:
    """The project with an output for each further target, and every head fitted to what its output learns.

    Args:
        project: With data. What an output learnt that is no target any more goes, with its head.
        known: Further targets that there were before: who took their output away meant it.
    """
    info = project.info
    if info is None:
        return project
    project = _without_gone(project, {target.name for target in info.targets})
    learnt = {project.training.outputs.get(node.name, OutputSettings()).target for node in project.graph.outputs}
    for target in info.further:
        if target.name not in learnt and target.name not in known:
            project = _with_head(project, target)
    asks = {node: end for node, end in asked_of(project)[0].items() if end.place}
    return project.model_copy(update={"graph": fit_head(project.graph, info, asks=asks)})


def _without_gone(project: Project, targets: Collection[str]) -> Project:
    graph, outputs = project.graph, dict(project.training.outputs)
    for node in project.graph.outputs:
        own = outputs.get(node.name)
        if own is None or not own.target or own.target in targets:
            continue
        del outputs[node.name]
        graph = _without_head(graph, node.id)
    return _with(project, graph, outputs)


def _without_head(graph: Graph, output: str) -> Graph:
    """Take an Output off, and the Dense before it where nothing else is fed by that; the last Output stays."""
    if len(graph.of_layer(OUTPUT)) < 2:
        return graph
    found = head(graph, graph.by_id[output])
    ours = {output}
    current = output
    while found.dense is not None and current != found.dense.id:
        current = graph.incoming[current][0].source
        if any(link.target not in ours for link in graph.outgoing[current]):
            break
        ours.add(current)
    return graph.with_(
        nodes=(node for node in graph.nodes if node.id not in ours),
        links=(link for link in graph.links if not {link.source, link.target} & ours),
    )


def _with_head(project: Project, target: TargetInfo) -> Project:
    """An Output for a target, behind a Dense beside the one that makes the main answer."""
    graph, loss = project.graph, resolve_loss(AUTO, target)
    found = head(graph)
    beside = found.dense.id if found.dense is not None else graph.output.id if graph.output is not None else None
    feeds = graph.incoming[beside][:1] if beside is not None else ()
    if not feeds:
        return project
    params: dict[str, object] = {"units": loss.outputs}
    if loss.activation != "linear":
        params["activation"] = loss.activation
    name = target.name.replace("/", "_").strip() or "further"
    graph, dense = edits.add(graph, "Dense", params)
    graph, output = edits.add(graph, OUTPUT, name=name)
    feed = feeds[0].model_copy(update={"target": dense, "target_port": "input"})
    graph = edits.connect(graph.with_(links=(*graph.links, feed)), dense, output)
    settings = {**project.training.outputs, graph.by_id[output].name: OutputSettings(target=target.name)}
    return _with(project, graph, settings)


def _with(project: Project, graph: Graph, outputs: dict[str, OutputSettings]) -> Project:
    training = project.training.model_copy(update={"outputs": outputs})
    return project.model_copy(update={"graph": graph, "training": training})
