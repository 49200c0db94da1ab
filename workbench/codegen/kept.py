"""What an import kept whole, as code: a layer of Keras's own whose settings are plain values."""

from __future__ import annotations

import json
from typing import Any

from workbench.codegen.printer import Argument, Call, Expr, call, listed, literal
from workbench.core.errors import GraphError

# Keras's own words for what holds anyway.
_PLAIN = {"trainable": True, "data_format": "channels_last", "dtype": None, "name": None}


def kept_call(params: dict[str, Any], name: Expr | None) -> Call:
    """The call that makes the layer.

    Raises:
        GraphError: It is no layer, or its settings are no plain values.
    """
    described = json.loads(str(params.get("definition", "{}"))).get("layer", {})
    word, config = str(described.get("class_name")), described.get("config", {})
    values = {key: _value(value) for key, value in config.items() if _PLAIN.get(key, ...) not in (None, value)}
    if described.get("module") != "keras.layers" or not word.isidentifier() or None in values.values():
        raise GraphError(
            "Only layers whose settings are plain values can be written as code.",
            str(params.get("kind") or word),
            "Replace this block by layers that can be edited.",
        )
    keywords: dict[str, Expr] = {key: value for key, value in values.items() if value is not None and value != "None"}
    if name is not None:
        keywords["name"] = name
    return call(f"layers.{word}", **keywords)


def _value(value: Any) -> Expr | None:
    """A plain value as code; None for anything else."""
    if isinstance(value, dict):
        return None
    if isinstance(value, list):
        return None if any(_value(item) is None for item in value) else literal(_tuple(value))
    return literal(value)


def _tuple(value: Any) -> Any:
    return tuple(_tuple(item) for item in value) if isinstance(value, list) else value


def kept_arguments(params: dict[str, Any], tensors: list[str]) -> tuple[Argument, ...]:
    """What the layer is called with, as it stood.

    Raises:
        GraphError: It was called with something else than tensors and plain values.
    """
    described = json.loads(str(params.get("definition", "{}")))
    given = [Argument("", _called(value, tensors)) for value in described.get("args", [])]
    given += [Argument(f"{key}=", _called(value, tensors)) for key, value in described.get("kwargs", {}).items()]
    return tuple(given)


def _called(value: Any, tensors: list[str]) -> Expr:
    if isinstance(value, dict) and list(value) == ["input"] and value["input"] in range(len(tensors)):
        return tensors[value["input"]]
    if isinstance(value, list):
        return listed([_called(item, tensors) for item in value])
    if isinstance(value, dict):
        raise GraphError("Only calls with tensors and plain values can be written as code.", str(value)[:60], "")
    return literal(value)
