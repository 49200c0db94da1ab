"""One setting by its dotted path, as the command line's --set names it: training.epochs=3, model.dense.units=64."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel, ValidationError

from workbench.catalog import layer_spec
from workbench.core.errors import UsageError
from workbench.core.validation import first_words
from workbench.graph import edits
from workbench.project.model import Project
from workbench.project.plan import follow

ROOTS = ("training", "dataset", "model", "name")


def assign(project: Project, assignment: str) -> Project:
    """The project with one setting changed.

    Args:
        project: Where to change it.
        assignment: `path=value`; the path begins with training, dataset (and dataset.split) or model (then a layer's
            name and one of its parameters); the value is JSON, or plain text.

    Raises:
        UsageError: There is no such setting, or the value is not one it takes.
    """
    path, equals, text = assignment.partition("=")
    keys = path.strip().split(".")
    if not equals or keys[0] not in ROOTS:
        raise UsageError(
            "A setting is given as path=value.",
            assignment,
            "Paths begin with " + ", ".join(ROOTS) + "; for example training.epochs=3 or dataset.split.seed=7.",
        )
    value = _parsed(text)
    if keys[0] == "model":
        return _assign_layer(project, keys[1:], value, assignment)
    if keys[0] == "dataset" and project.dataset is None:
        raise UsageError("The project has no dataset yet.", assignment, "Pick one: workbench new DIR --data SOURCE")
    record = project.model_dump(mode="json")
    place: Any = record
    known: Any = project
    for key in keys[:-1]:
        place, known = _step(place, known, key, assignment)
    if not isinstance(known, dict):
        _step(place, known, keys[-1], assignment)
    place[keys[-1]] = value
    if keys[0] == "training":
        follow(record["training"], ".".join(keys[1:]), project.info)
    try:
        return Project.model_validate(record)
    except ValidationError as problem:
        raise UsageError(f"{path} does not take that value.", first_words(problem)) from problem


def _parsed(text: str) -> Any:
    text = text.strip()
    try:
        return json.loads(text)
    except ValueError:
        pass
    if text in ("None", "none", "True", "False"):
        return {"none": None, "true": True, "false": False}[text.lower()]
    return text


def _step(place: Any, known: Any, key: str, assignment: str) -> tuple[Any, Any]:
    if isinstance(known, dict):  # settings of an object of Keras's own, which are checked as a whole
        return place.setdefault(key, {}), known.get(key)
    if not isinstance(known, BaseModel) or key not in type(known).model_fields:
        names = ", ".join(type(known).model_fields) if isinstance(known, BaseModel) else "nothing further"
        raise UsageError(f"There is no setting {key!r} there.", assignment, f"There is: {names}.")
    return place[key], getattr(known, key)


def _assign_layer(project: Project, keys: list[str], value: Any, assignment: str) -> Project:
    name, parameter = ".".join(keys[:-1]), keys[-1] if len(keys) > 1 else ""
    node = next((node for node in project.graph.nodes if name in (node.name, node.id)), None)
    if node is None:
        names = ", ".join(node.name for node in project.graph.nodes)
        raise UsageError("A layer's setting is model.LAYER.PARAMETER=value.", assignment, f"The layers are: {names}.")
    spec = layer_spec(node.layer)
    param = spec.param(parameter) if spec else None
    if spec is None or param is None:
        names = ", ".join(param.name for param in spec.params) if spec else "none that this program knows"
        raise UsageError(f"{node.layer} has no parameter {parameter!r}.", assignment, f"It has: {names}.")
    graph = edits.set_params(project.graph, node.id, {parameter: param.check(value)})
    return project.model_copy(update={"graph": graph})
