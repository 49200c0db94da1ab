"""The check of a whole drawing: every node's shape and size, every problem in plain words with its repair."""

from __future__ import annotations

import dataclasses
from functools import cached_property
from typing import Any

from workbench.core.errors import TrainingError
from workbench.data.spec import DatasetInfo
from workbench.engine import memory, runtime, shapes
from workbench.engine.cost import count
from workbench.engine.ends import end_problems, vocabulary_problems
from workbench.engine.translate import problem_of
from workbench.graph.head import Asks
from workbench.graph.model import Graph, Node
from workbench.graph.ports import output_ports
from workbench.graph.problems import Problem
from workbench.graph.rules import leading, problems
from workbench.graph.wiring import owner
from workbench.project.model import Project
from workbench.project.outputs import asked_of
from workbench.project.training import TrainingSettings


@dataclasses.dataclass(frozen=True)
class NodeReport:
    """What is known of one node.

    Args:
        id: The node's id.
        layer: Keras's class name.
        name: The node's name.
        output_shape: One sample's shape, the batch axis apart; None where it is not known.
        params: How many numbers the layer keeps; 0 where it uses another node's.
        trainable_params: How many of them learn.
        flops: Operations for one sample, estimated.
        activation_bytes: What is kept of it during a step, at the plan's batch size.
        error: Why it cannot be placed, in plain words.
        output_shapes: The shape at each of its outputs by name, where it has several.
    """

    id: str
    layer: str
    name: str
    output_shape: tuple[int | None, ...] | None = None
    params: int = 0
    trainable_params: int = 0
    flops: int = 0
    error: str | None = None
    activation_bytes: int = 0
    output_shapes: dict[str, tuple[int | None, ...]] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class CheckReport:
    """What is known of a drawing.

    Args:
        ok: Whether a training could start.
        total_params: Of what leads to an output; a layer that is used again counts once.
        trainable_params: How many of them learn.
        nodes: Every node, sources first.
        problems: Everything that is wrong.
        total_flops: Operations for one sample, of what leads to an output.
        batch_size: The plan's.
        activation_bytes: What is kept during a step, at the plan's batch size.
        widest: How many numbers the largest tensor has for one sample.
        largest_batch: The largest power of two that fits the memory of the plan's device; None where it is not known.
    """

    ok: bool
    total_params: int
    trainable_params: int
    nodes: tuple[NodeReport, ...]
    problems: tuple[Problem, ...]
    total_flops: int = 0
    batch_size: int = 1
    activation_bytes: int = 0
    widest: int = 0
    largest_batch: int | None = None

    @property
    def sample_bytes(self) -> int:
        """What is kept of one sample during a step."""
        return self.activation_bytes // self.batch_size

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
            "activation_bytes": self.activation_bytes,
            "batch_size": self.batch_size,
            "largest_batch": self.largest_batch,
            "nodes": [dataclasses.asdict(node) for node in self.nodes],
            "problems": [problem.to_json() for problem in self.problems],
        }


def check(project: Project) -> CheckReport:
    """Every node's shape and every problem of a project's drawing; cheap after the first time.

    Args:
        project: Needs `info` for shapes; without data the plain rules are all that is told.
    """
    graph, info = project.graph, project.info
    asks, found = asked_of(project)
    found += problems(graph, info, None, asks=asks)
    inferred = shapes.infer(graph, info) if info is not None else {}
    faulty = {problem.node for problem in found if problem.severity == "error"}
    for node in graph.nodes:
        answer = inferred.get(node.id)
        if answer is None or not answer.error or node.id in faulty:
            continue
        found.append(problem_of(graph, node, [spec.shape for spec in answer.inputs], answer.error))
    if info is not None:
        found += vocabulary_problems(graph, info)
        found += _end(graph, info, asks, inferred, found)
    return _report(project, inferred, found)


def _end(
    graph: Graph, info: DatasetInfo, asks: Asks, inferred: dict[str, shapes.Inferred], found: list[Problem]
) -> list[Problem]:
    ranks = {node: len(one.output.shape) for node, one in inferred.items() if one.output is not None}
    ends: list[Problem] = []
    for output in graph.outputs:
        answer = inferred.get(output.id)
        if answer is not None and answer.output is not None and output.id in asks:
            ends += end_problems(graph, info, asks[output.id], output, answer.output.shape, ranks, [*found, *ends])
    return ends


def _report(project: Project, inferred: dict[str, shapes.Inferred], found: list[Problem]) -> CheckReport:
    graph, batch = project.graph, project.training.batch_size
    errors = {problem.node: problem.message for problem in reversed(found) if problem.severity == "error"}
    ordered = set(graph.order)
    counted = leading(graph) if graph.outputs else set(graph.by_id)
    holders = _holders(graph, inferred, counted)
    nodes = []
    for node_id in (*graph.order, *(node.id for node in graph.nodes if node.id not in ordered)):
        node, answer = graph.by_id[node_id], inferred.get(node_id, _UNKNOWN)
        holds = node_id in holders
        nodes.append(
            NodeReport(
                id=node_id,
                layer=node.layer,
                name=node.name,
                output_shape=answer.output.shape if answer.output is not None else None,
                params=answer.params if holds else 0,
                trainable_params=answer.trainable if holds else 0,
                flops=answer.flops,
                error=errors.get(node_id),
                activation_bytes=answer.activation_bytes * batch,
                output_shapes=_output_shapes(node, answer),
            )
        )
    ours = [node for node in nodes if node.id in counted]
    params, trainable = sum(node.params for node in ours), sum(node.trainable_params for node in ours)
    kept = sum(node.activation_bytes for node in ours)
    widest = max((count(node.output_shape) for node in ours if node.output_shape), default=0)
    return CheckReport(
        ok=not any(problem.severity == "error" for problem in found),
        total_params=params,
        trainable_params=trainable,
        total_flops=sum(node.flops for node in ours),
        nodes=tuple(nodes),
        problems=tuple(found),
        batch_size=batch,
        activation_bytes=kept,
        widest=widest,
        largest_batch=_largest_batch(project.training, params, trainable, kept // batch, widest) if kept else None,
    )


def _output_shapes(node: Node, answer: shapes.Inferred) -> dict[str, tuple[int | None, ...]]:
    if answer.output is None or not answer.others:
        return {}
    specs = (answer.output, *answer.others)
    return {port: spec.shape for port, spec in zip(output_ports(node), specs, strict=False)}


_UNKNOWN = shapes.Inferred()


def _holders(graph: Graph, inferred: dict[str, shapes.Inferred], counted: set[str]) -> set[str]:
    """The nodes that each layer's weights are told of: its own, or the first that counts where that does not."""
    holder: dict[str, str] = {}
    for node in sorted(graph.nodes, key=lambda node: node.shares is not None):
        own = owner(graph, node).id
        first = holder.get(own)
        known = inferred.get(node.id, _UNKNOWN).output is not None
        if first is None or (known and node.id in counted and first not in counted):
            holder[own] = node.id
    return set(holder.values())


def _largest_batch(settings: TrainingSettings, params: int, trainable: int, each: int, widest: int) -> int | None:
    try:
        free = memory.device_bytes(runtime.device_in_use(settings.device))
    except TrainingError:
        return None
    if free is None:
        return None
    fixed = memory.fixed_bytes(params, trainable, settings)
    return memory.fitting_batch(memory.largest_batch(free, fixed, each, widest))
