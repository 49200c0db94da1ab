"""The records of workbench/catalog/training.json: optimizers, schedules, losses, metrics and callbacks of Keras."""

from __future__ import annotations

import inspect
import re
from typing import Any

import keras
import numpy as np
from docstrings import plain, sections
from tables import measuring, optimizing

from workbench.core.params import Param

NAMES = {"Huber": "huber", "MeanIoU": "mean_iou", "IoU": "iou", "BinaryIoU": "binary_iou"}
ACCURACY = {
    "name": "accuracy",
    "title": "Accuracy",
    "doc": "Part of the samples whose class was found.",
    "answers": ["numbers", "second", "one_hot"],
    "higher_is_better": True,
}
"""A word of Keras's, not a class: it becomes the accuracy that fits the targets' form."""
SHAPE = (96, 64)
"""Of the weights whose state is counted: large enough that single numbers vanish beside it."""


def training_catalog() -> dict[str, Any]:
    """The whole catalogue of training; ends the program when Keras has a class that the tables do not know."""
    return {
        "keras": keras.__version__,
        "optimizers": _kind(keras.optimizers, optimizing.OPTIMIZERS, optimizing.NO_OPTIMIZERS, _optimizer),
        "schedules": _kind(keras.optimizers.schedules, optimizing.SCHEDULES, optimizing.NO_SCHEDULES, _schedule),
        "losses": _kind(keras.losses, measuring.LOSSES, measuring.NO_LOSSES, _loss),
        "metrics": [ACCURACY, *_kind(keras.metrics, measuring.METRICS, measuring.NO_METRICS, _metric)],
        "callbacks": _callbacks(),
    }


def classes_of(module: Any) -> dict[str, type]:
    """The classes of a module of Keras by their own names, aliases apart."""
    return {thing.__name__: thing for name in dir(module) if inspect.isclass(thing := getattr(module, name))}


def _kind(module: Any, offered: dict[str, Any], refused: dict[str, str], record: Any) -> list[dict[str, Any]]:
    classes = classes_of(module)
    unknown, gone = set(classes) - set(offered) - set(refused), (set(offered) | set(refused)) - set(classes)
    if unknown or gone:
        raise SystemExit(f"{module.__name__}: not in the tables: {sorted(unknown)}; gone: {sorted(gone)}.")
    records = [record(name, classes[name], entry) for name, entry in offered.items()]
    others = [{"name": name, "class_name": name, "reason": reason} for name, reason in refused.items()]
    return [*records, *others]


def name_of(name: str, cls: type) -> str:
    """The name in the plan: Keras's own in snake case."""
    if name in NAMES:
        return NAMES[name]
    parameter = inspect.signature(cls.__init__).parameters.get("name")
    if parameter is not None and isinstance(parameter.default, str):
        return parameter.default
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _optimizer(name: str, cls: type, entry: tuple[str, str, float]) -> dict[str, Any]:
    title, doc, rate = entry
    made = cls()
    before = len(made.variables)
    made.build([keras.Variable(np.zeros(SHAPE, "float32"))])
    state = sum(int(np.prod(variable.shape)) for variable in made.variables[before:])
    return {
        "name": name.lower(),
        "class_name": name,
        "title": title,
        "doc": doc,
        "params": _params(name, cls, optimizing.OWNED, optimizing.PARAMS, {}),
        "learning_rate": rate,
        "weight_decay": made.weight_decay,
        "state": round(state / float(np.prod(SHAPE)), 2),
    }


def _schedule(name: str, cls: type, entry: tuple[str, str, dict[str, Any]]) -> dict[str, Any]:
    title, doc, own = entry
    exceptions = {(name, parameter): fields for parameter, fields in own.items()}
    params = _params(name, cls, optimizing.OWNED, optimizing.PARAMS, exceptions)
    snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    return {"name": snake, "class_name": name, "title": title, "doc": doc, "params": params}


def _loss(name: str, cls: type, entry: measuring.Entry) -> dict[str, Any]:
    title, doc, answers = entry
    params = _params(name, cls, measuring.DECIDED, measuring.PARAMS, measuring.EXCEPTIONS)
    return {
        "name": name_of(name, cls),
        "class_name": name,
        "title": title,
        "doc": doc,
        "params": params,
        "answers": list(answers),
    }


def _metric(name: str, cls: type, entry: tuple[str, str, bool, tuple[str, ...]]) -> dict[str, Any]:
    title, doc, higher, answers = entry
    return {**_loss(name, cls, (title, doc, answers)), "higher_is_better": higher}


def _callbacks() -> list[dict[str, Any]]:
    found = set(classes_of(keras.callbacks))
    if found != set(optimizing.CALLBACKS):
        raise SystemExit(f"keras.callbacks: the tables differ in {sorted(found ^ set(optimizing.CALLBACKS))}.")
    return [
        {"name": name, "class_name": name, "setting": setting, "doc": doc}
        for name, (setting, doc) in optimizing.CALLBACKS.items()
    ]


def _params(
    owner: str,
    cls: type,
    hidden: set[str],
    kinds: dict[str, dict[str, Any]],
    exceptions: dict[tuple[str, str], dict[str, Any]],
) -> list[dict[str, Any]]:
    """The settings of one class, in the order of its signature."""
    _, documented = sections(cls.__doc__ or "")
    records = []
    for parameter in list(inspect.signature(cls.__init__).parameters.values())[1:]:
        own = dict(exceptions.get((owner, parameter.name), {}))
        shown = own.pop("shown", parameter.name not in hidden)
        if parameter.kind is inspect.Parameter.VAR_KEYWORD or own.pop("hidden", False) or not shown:
            continue
        records.append(_param(owner, parameter, {**kinds.get(parameter.name, {}), **own}, documented))
    return records


def _param(owner: str, parameter: inspect.Parameter, own: dict[str, Any], documented: dict[str, str]) -> dict[str, Any]:
    if "kind" not in own:
        raise SystemExit(f"No kind is known for {owner}'s {parameter.name!r}: add it to the tables.")
    needed = parameter.default is inspect.Parameter.empty
    default = own.pop("suggest", own.pop("default", None if needed else parameter.default))
    if isinstance(default, tuple):
        default = list(default)
    nullable = own.pop("nullable", False)
    own.setdefault("doc", plain(documented.get(parameter.name, "")))
    fields = {"name": parameter.name, "default": default, "required": needed and not nullable, **own}
    # What Keras leaves open, and we do not, is handed over even where nobody set it.
    fields["required"] = fields["required"] or (parameter.default is None and default is not None)
    param = Param(**fields, nullable=nullable)
    if default is not None:
        param.check(default)
    elif not nullable:
        raise SystemExit(f"{owner} requires {parameter.name!r}: suggest a value in the tables.")
    return param.to_json()
