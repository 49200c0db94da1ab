"""One edit of the plan: a setting, and what else has to follow it so that the plan stays one that can be trained."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbench.catalog.layers import layer_spec
from workbench.catalog.losses import AUTO, Asked, losses_for, metrics_for
from workbench.catalog.objects import ObjectKind, object_spec
from workbench.core.errors import UsageError
from workbench.core.validation import validated
from workbench.data.spec import DatasetInfo
from workbench.graph.head import head
from workbench.graph.model import Graph
from workbench.project.model import Project
from workbench.project.training import TrainingSettings

_OWN: dict[str, tuple[ObjectKind, tuple[str, ...]]] = {
    "optimizer": ("optimizers", ("optimizer_params",)),
    "schedule.name": ("schedules", ("schedule", "params")),
    "loss": ("losses", ("loss_params",)),
}
"""The settings that name an object of Keras, and where that object's own settings stand."""


def with_setting(project: Project, path: str, value: Any) -> Project:
    """The project with one training setting changed, and with what follows from it.

    Another optimizer, schedule or loss keeps the settings that it shares with the one before; another loss keeps the
    metrics that can be measured beside it.

    Args:
        project: Where to change it.
        path: The setting's name, dotted for one in a group.
        value: Its new value.

    Raises:
        UsageError: It is not one that the setting takes.
    """
    record = project.training.model_dump(mode="json")
    place = record
    *groups, name = path.split(".")
    for group in groups:
        place = place[group]
    place[name] = value
    follow(record, path, project.info)
    training = validated(TrainingSettings, record, "The plan", UsageError, "Enter another value.")
    return project.model_copy(update={"training": training})


def follow(record: dict[str, Any], path: str, info: DatasetInfo | None) -> None:
    """Let the rest of a plan follow one of its settings.

    Args:
        record: The plan as plain values, with the setting changed; changed in place.
        path: Which setting that was.
        info: What is known of the data.
    """
    if path not in _OWN:
        return
    kind, (*groups, name) = _OWN[path]
    place = record
    for group in groups:
        place = place[group]
    chosen = record["schedule"]["name"] if kind == "schedules" else record[path]
    spec = object_spec(kind, chosen)
    known = {param.name for param in spec.params} if spec else set()
    place[name] = {key: value for key, value in place[name].items() if key in known}
    if path == "loss" and info is not None:
        record["metrics"] = list(fitting_metrics(record["metrics"], info, chosen)) or [AUTO]


def fitting_metrics(names: Sequence[str], info: Asked, loss: str) -> tuple[str, ...]:
    """Those metrics that can be measured beside a loss, 'auto' among them."""
    losses = losses_for(info.task, len(info.classes))
    chosen = next((spec for spec in losses if spec.name == loss), losses[0])
    known = {AUTO, *(spec.name for spec in metrics_for(info.task, len(info.classes), chosen))}
    return tuple(name for name in names if name in known)


def freezable(graph: Graph) -> tuple[str, ...]:
    """The layers with weights, by name, in the order in which they are called: those that a stage can freeze."""
    found = []
    for name in graph.order:
        node = graph.by_id[name]
        spec = layer_spec(node.layer)
        if spec is not None and spec.param("trainable") is not None and node.shares is None:
            found.append(node.name)
    return tuple(found)


def all_but_the_last(graph: Graph) -> tuple[str, ...]:
    """What is frozen where only the head is to be trained: all layers but the last Dense before each output."""
    ends = {found.dense.name for output in graph.outputs if (found := head(graph, output)).dense is not None}
    return tuple(name for name in freezable(graph) if name not in ends)


def count_set(settings: TrainingSettings, paths: Sequence[str]) -> int:
    """How many of these settings are not at their default.

    Args:
        settings: The plan.
        paths: Dotted from the plan's root.
    """
    usual, ours = TrainingSettings().model_dump(mode="json"), settings.model_dump(mode="json")
    return sum(_at(usual, path) != _at(ours, path) for path in paths)


def _at(record: Any, path: str) -> Any:
    for step in path.split("."):
        record = record[step]
    return record
