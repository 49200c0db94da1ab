"""What each output of a network learns: its target, loss, weight and metrics, from the plan and the data."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Mapping, Sequence
from typing import Any

from workbench.catalog.losses import AUTO, LossSpec, MetricSpec, resolve_loss, resolve_metrics
from workbench.core.errors import UsageError
from workbench.data.spec import DatasetInfo, TargetInfo
from workbench.graph.model import Graph
from workbench.graph.problems import Problem
from workbench.project.model import Project
from workbench.project.training import OutputSettings, TrainingSettings

_UNFIT = re.compile(r"[^A-Za-z0-9_.-]")
"""What TensorFlow allows in no name."""


@dataclasses.dataclass(frozen=True)
class End:
    """One output.

    Args:
        name: Of the Output in the drawing, as Keras takes it: its figures are named after it.
        place: Which target it learns: 0 the main one, then the further ones in their order.
        target: What was found of that.
        loss: What is made small.
        params: What was set of the loss's own settings.
        metrics: What is measured.
        weight: How much its loss counts in the sum.
    """

    name: str
    place: int
    target: TargetInfo
    loss: LossSpec
    params: Mapping[str, Any]
    metrics: tuple[MetricSpec, ...]
    weight: float


def ends_of(settings: TrainingSettings, info: DatasetInfo, names: Sequence[str]) -> tuple[End, ...]:
    """What each output learns, in the order of the outputs.

    Args:
        settings: The plan.
        info: What the data are.
        names: Of the outputs; a single one learns the main target.

    Raises:
        UsageError: A target, a loss or a metric is not one that there is, or does not fit.
    """
    found = [_end(settings, info, name, several=len(names) > 1) for name in names]
    keys: list[str] = []
    for end in found:
        base = _UNFIT.sub("_", end.name)
        base = base if base[:1].isalnum() else f"output{base}"
        keys.append(
            next(key for number in itertools.count() if (key := f"{base}_{number}" if number else base) not in keys)
        )
    return tuple(dataclasses.replace(end, name=key) for end, key in zip(found, keys, strict=True))


def _end(settings: TrainingSettings, info: DatasetInfo, name: str, *, several: bool) -> End:
    own = settings.outputs.get(name, OutputSettings()) if several else OutputSettings()
    place = _place(info, name, own.target)
    target = info.targets[place]
    if place:
        loss = resolve_loss(own.loss, target, _path(name, "loss"))
        chosen = resolve_metrics(own.metrics, target, loss, _path(name, "metrics"))
        return End(name, place, target, loss, {}, chosen, own.weight)
    main = resolve_loss(settings.loss, target)
    loss = main if own.loss == AUTO else resolve_loss(own.loss, target, _path(name, "loss"))
    metrics = settings.metrics if own.metrics == (AUTO,) else own.metrics
    params = settings.loss_params if loss.name == main.name else {}
    return End(name, 0, target, loss, params, resolve_metrics(metrics, target, loss), own.weight)


def _path(name: str, what: str) -> str:
    return f"training.outputs.{name}.{what}"


def _place(info: DatasetInfo, name: str, wanted: str) -> int:
    names = [target.name for target in info.targets]
    if not wanted:
        return 0
    if wanted not in names:
        raise UsageError(
            "An output must learn one of the targets.",
            f"{_path(name, 'target')}={wanted}",
            f"The targets are: {', '.join(names)}. Choose another one in the plan, or this one on the Data page.",
        )
    return names.index(wanted)


def with_graph(project: Project, graph: Graph) -> Project:
    """The project with another drawing; what the plan says of an Output follows that when it is renamed."""
    before = {node.id: node.name for node in project.graph.outputs}
    renamed = {before[node.id]: node.name for node in graph.outputs if before.get(node.id, node.name) != node.name}
    changes: dict[str, Any] = {"graph": graph}
    if renamed and project.training.outputs:
        outputs = {renamed.get(name, name): own for name, own in project.training.outputs.items()}
        changes["training"] = project.training.model_copy(update={"outputs": outputs})
    return project.model_copy(update=changes)


def main_place(ends: Sequence[End]) -> int:
    """Which output is the main one: the first that learns the main target."""
    return next((place for place, end in enumerate(ends) if not end.place), 0)


def answering_places(ends: Sequence[End]) -> tuple[int, ...]:
    """The outputs that answer: for each target the first that learns it, the main target's first."""
    first: dict[int, int] = {}
    for place, end in enumerate(ends):
        first.setdefault(end.place, place)
    return tuple(first[target] for target in sorted(first))


def asked_of(project: Project) -> tuple[dict[str, End], list[Problem]]:
    """What each Output of a drawing must answer, by the node's id, and what is wrong with the plan of them.

    Args:
        project: Without data nothing is asked.
    """
    info, outputs = project.info, project.graph.outputs
    if info is None:
        return {}, []
    found: dict[str, End] = {}
    problems: list[Problem] = []
    for node in outputs:
        try:
            found[node.id] = _end(project.training, info, node.name, several=len(outputs) > 1)
        except UsageError as error:
            setting, _, value = error.received.partition("=")
            where = node.id if setting.startswith("training.outputs.") else None
            problem = Problem(f"{error.rule} It is {value}.", where, hint=error.hint)
            problems += [problem] if problem not in problems else []
    if found and not problems:
        problems = [_unlearnt(target) for target in _missing(info, found)]
    return found, problems


def _missing(info: DatasetInfo, found: Mapping[str, End]) -> list[TargetInfo]:
    learnt = {end.place for end in found.values()}
    return [target for place, target in enumerate(info.targets) if place not in learnt]


def _unlearnt(target: TargetInfo) -> Problem:
    return Problem(
        f"No output learns {target.name!r}.",
        hint="Choose it for an output in the plan, or take this target away on the Data page",
    )
