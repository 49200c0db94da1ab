"""The check of a whole drawing: every node's shape and size, every problem in plain words with its repair."""

from __future__ import annotations

import dataclasses
from functools import cached_property
from typing import Any

from workbench.catalog.losses import LossSpec, resolve_loss
from workbench.core.errors import UsageError
from workbench.data.spec import DatasetInfo
from workbench.engine import shapes
from workbench.engine.ends import end_problems, vocabulary_problems
from workbench.engine.translate import problem_of
from workbench.graph.model import OUTPUT, Graph
from workbench.graph.problems import Problem
from workbench.graph.rules import leading, problems
from workbench.project.model import Project


@dataclasses.dataclass(frozen=True)
class NodeReport:
    """What is known of one node.

    Args:
        id: The node's id.
        layer: Keras's class name.
        name: The node's name.
        output_shape: One sample's shape, the batch axis apart; None where it is not known.
        params: How many numbers the layer keeps.
        trainable_params: How many of them learn.
        flops: Operations for one sample, estimated.
        error: Why it cannot be placed, in plain words.
    """

    id: str
    layer: str
    name: str
    output_shape: tuple[int | None, ...] | None = None
    params: int = 0
    trainable_params: int = 0
    flops: int = 0
    error: str | None = None


@dataclasses.dataclass(frozen=True)
class CheckReport:
    """What is known of a drawing. `ok` says that a training could start; the totals count what leads to the output."""

    ok: bool
    total_params: int
    trainable_params: int
    nodes: tuple[NodeReport, ...]
    problems: tuple[Problem, ...]
    total_flops: int = 0

    @cached_property
    def by_id(self) -> dict[str, NodeReport]:
        """The nodes by id."""
        return {node.id: node for node in self.nodes}

    def to_json(self) -> dict[str, Any]:
        """The report as the command line's contract words it."""
        return {
            "ok": self.ok,
            "total_params": self.total_params,
            "trainable_params": self.trainable_params,
            "total_flops": self.total_flops,
            "nodes": [dataclasses.asdict(node) for node in self.nodes],
            "problems": [problem.to_json() for problem in self.problems],
        }


def check(project: Project) -> CheckReport:
    """Every node's shape and every problem of a project's drawing; cheap after the first time.

    Args:
        project: Needs `info` for shapes; without data the plain rules are all that is told.
    """
    graph, info = project.graph, project.info
    loss, found = _loss(project)
    found += problems(graph, info, loss)
    inferred = shapes.infer(graph, info) if info is not None else {}
    faulty = {problem.node for problem in found if problem.severity == "error"}
    for node in graph.nodes:
        answer = inferred.get(node.id)
        if answer is None or not answer.error or node.id in faulty:
            continue
        found.append(problem_of(graph, node, [spec.shape for spec in answer.inputs], answer.error))
    if info is not None:
        found += vocabulary_problems(graph, info)
        if loss is not None:
            found += _end(graph, info, loss, inferred, found)
    return _report(graph, inferred, found)


def _loss(project: Project) -> tuple[LossSpec | None, list[Problem]]:
    if project.info is None:
        return None, []
    try:
        return resolve_loss(project.training.loss, project.info), []
    except UsageError as error:
        return None, [Problem(f"{error.rule} It is {project.training.loss}.", hint=error.hint)]


def _end(
    graph: Graph, info: DatasetInfo, loss: LossSpec, inferred: dict[str, shapes.Inferred], found: list[Problem]
) -> list[Problem]:
    output = graph.output
    answer = inferred.get(output.id) if output is not None else None
    if output is None or answer is None or answer.output is None:
        return []
    ranks = {node: len(one.output.shape) for node, one in inferred.items() if one.output is not None}
    return end_problems(graph, info, loss, answer.output.shape, ranks, found)


def _report(graph: Graph, inferred: dict[str, shapes.Inferred], found: list[Problem]) -> CheckReport:
    errors = {problem.node: problem.message for problem in reversed(found) if problem.severity == "error"}
    nodes = []
    for node_id in (*graph.order, *(node.id for node in graph.nodes if node.id not in set(graph.order))):
        node, answer = graph.by_id[node_id], inferred.get(node_id, shapes.Inferred())
        nodes.append(
            NodeReport(
                id=node_id,
                layer=node.layer,
                name=node.name,
                output_shape=answer.output.shape if answer.output is not None else None,
                params=answer.params,
                trainable_params=answer.trainable,
                flops=answer.flops,
                error=errors.get(node_id),
            )
        )
    counted = leading(graph) if graph.of_layer(OUTPUT) else set(graph.by_id)
    return CheckReport(
        ok=not any(problem.severity == "error" for problem in found),
        total_params=sum(node.params for node in nodes if node.id in counted),
        trainable_params=sum(node.trainable_params for node in nodes if node.id in counted),
        total_flops=sum(node.flops for node in nodes if node.id in counted),
        nodes=tuple(nodes),
        problems=tuple(found),
    )
