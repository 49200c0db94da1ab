"""What an import kept whole, as code: a layer or operation of Keras where its settings can be said, else its JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from workbench.catalog.layers import KEPT, layer_spec
from workbench.codegen.literals import is_literal
from workbench.codegen.printer import Argument, Call, Expr, Several, call, listed, literal
from workbench.codegen.values import CannotDraw, Layer, Tensor

# Keras's own words for what holds anyway.
_PLAIN = {"trainable": True, "data_format": "channels_last", "dtype": "float32", "name": None}
# What every layer takes beside the settings that the catalogue lists.
_COMMON = ("trainable", "dtype", "data_format", "return_state", "stateful")
_OPERATIONS = re.compile(r"keras\.src\.ops\.(numpy|nn|core|math|linalg)")
# Operations whose function is not called as the class is in snake case.
_UNLIKE = (
    "AllClose", "IsIn", "SearchSorted", "BatchNorm", "CTCLoss", "CTCDecode", "RMSNorm", "LayerNorm",
    "SegmentReduction", "GetItem",
)  # fmt: skip


class _Unsaid(Exception):
    """Something that no plain Keras code says."""


def described_layer(value: Any, line: int) -> Layer:
    """The layer that a script describes by its JSON; it is kept whole, and looked at before it is ever made.

    Raises:
        CannotDraw: It is no description.
    """
    kind, config = (value.get("class_name"), value.get("config")) if isinstance(value, dict) else (None, None)
    if not isinstance(kind, str) or not isinstance(config, dict) or not is_literal(value):
        raise CannotDraw("a layer must be described by its class and its settings", line)
    name = config.get("name")
    params = {"kind": kind, "why": "it is described as a whole", "definition": _text({"layer": value})}
    return Layer(KEPT, params, name if isinstance(name, str) and name else None, line)


def called_kept(layer: Layer, given: list[Any], keywords: dict[str, Any]) -> list[Tensor]:
    """Write down what a described layer is called with; returns the tensors in their order.

    Raises:
        CannotDraw: It is called with something else than tensors and plain values.
    """
    tensors: list[Tensor] = []
    described = _described(layer.params)
    described["args"] = [_numbered(value, tensors, layer.line) for value in given]
    described["kwargs"] = {key: _numbered(value, tensors, layer.line) for key, value in keywords.items()}
    layer.params = {**layer.params, "definition": _text(described)}
    return tensors


def _text(described: dict[str, Any]) -> str:
    return json.dumps(described, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _numbered(value: Any, tensors: list[Tensor], line: int) -> Any:
    if isinstance(value, Tensor):
        tensors.append(value)
        return {"input": len(tensors) - 1}
    if isinstance(value, list | tuple):
        return [_numbered(item, tensors, line) for item in value]
    if isinstance(value, dict):
        return {key: _numbered(item, tensors, line) for key, item in value.items()}
    if not is_literal(value):
        raise CannotDraw("it is called with something else than tensors and plain values", line)
    return value


def is_operation(params: dict[str, Any]) -> bool:
    """Whether what was kept is an operation, which has no weights and so is never used twice."""
    module = str(_described(params).get("layer", {}).get("module") or "")
    return module.startswith("keras.src.ops.")


def kept_layer(params: dict[str, Any], name: Expr) -> Expr:
    """The code that makes what was kept.

    Args:
        params: The node's parameters.
        name: The layer's name, as code.
    """
    described = _described(params).get("layer", {})
    try:
        return _named_layer(described, name)
    except _Unsaid:
        return _deserialized(described, name)


def kept_expression(params: dict[str, Any], name: Expr, tensors: Sequence[str], layer: Expr | None = None) -> Expr:
    """The code that calls what was kept with its tensors where they stood.

    Args:
        params: The node's parameters.
        name: The layer's name, as code.
        tensors: The variables that hold the tensors.
        layer: The variable that holds the layer, where it is made already.
    """
    described = _described(params)
    given = tuple(Argument("", _called(value, tensors)) for value in described.get("args", []))
    keywords = described.get("kwargs", {}).items()
    given += tuple(Argument(f"{key}=", _called(value, tensors)) for key, value in keywords if value is not None)
    if layer is None and is_operation(params):
        try:
            return _operation(described, given)
        except _Unsaid:
            pass
    return Call(layer or kept_layer(params, name), given)


def _described(params: dict[str, Any]) -> dict[str, Any]:
    found = json.loads(str(params.get("definition", "{}")))
    return found if isinstance(found, dict) else {}


def _operation(described: dict[str, Any], given: tuple[Argument, ...]) -> Expr:
    """`keras.ops.matmul(a, b)`: functions of Keras take what the class takes, then what it is called with."""
    body = described["layer"]
    word, module = str(body.get("class_name")), str(body.get("module"))
    if word == "GetItem" and len(given) == 2 and isinstance(given[0].value, str):
        return f"{given[0].value}[{_subscript(described['args'][1])}]"
    if not _OPERATIONS.fullmatch(module) or word in _UNLIKE:
        raise _Unsaid
    config = {key: value for key, value in body.get("config", {}).items() if key not in ("name", "dtype")}
    settings = tuple(Argument(f"{key}=", _value(value)) for key, value in config.items() if value is not None)
    function = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", word).lower()
    return Call(f"keras.ops.{function}", given + settings)


def _subscript(key: Any) -> str:
    """What stands between the brackets."""
    if isinstance(key, dict) and key.get("class_name") == "__tuple__":
        key = key.get("items", [])
    if isinstance(key, list):
        return ", ".join(_subscript(item) for item in key)
    if isinstance(key, dict) and key.get("class_name") == "__slice__":
        part = key["config"]
        ends = ["" if part.get(word) is None else str(part[word]) for word in ("start", "stop")]
        return ":".join(ends) + (f":{part['step']}" if part.get("step") is not None else "")
    if isinstance(key, dict) and key.get("class_name") == "__ellipsis__":
        return "..."
    if key is None or type(key) is int:
        return str(key)
    raise _Unsaid


def _named_layer(described: dict[str, Any], name: Expr | None) -> Call:
    """`layers.LSTM(8, ...)`, where each setting is one that its class is known to take."""
    word, config = str(described.get("class_name")), described.get("config")
    spec = layer_spec(word)
    if described.get("module") != "keras.layers" or spec is None or not isinstance(config, dict):
        raise _Unsaid
    keywords: dict[str, Expr] = {}
    for key, value in config.items():
        param = spec.param(key)
        if key == "name" or value is None or (value is False and param is None):
            continue
        said = _value(value)
        usual = _PLAIN.get(key, param.default if param is not None else None)
        if said == literal(usual) or (isinstance(usual, list) and said == literal(tuple(usual))):
            continue
        if param is None and key not in _COMMON:
            raise _Unsaid
        keywords[key] = said
    if name is not None:
        keywords["name"] = name
    return call(f"layers.{word}", **keywords)


def _value(value: Any) -> Expr:
    """A setting as Keras writes it down, as code."""
    if isinstance(value, list):
        return Several("(", tuple(Argument("", _value(item)) for item in value), ",)" if len(value) == 1 else ")")
    if not isinstance(value, dict):
        return literal(value)
    module, word, config = str(value.get("module")), str(value.get("class_name")), value.get("config")
    if word in ("__tuple__", "TensorShape") and isinstance(value.get("items"), list):
        return _value(value["items"])
    if word == "function" and isinstance(config, str) and module == "builtins":
        return literal(config)
    if word == "DTypePolicy" and isinstance(config, dict):
        return literal(config.get("name"))
    if module == "keras.layers":
        return _named_layer(value, None)
    if re.fullmatch(r"keras\.(initializers|regularizers|constraints)", module) and isinstance(config, dict):
        said = {key: _value(item) for key, item in config.items() if item is not None}
        return call(f"{module}.{word}", **said)
    raise _Unsaid


def _deserialized(described: dict[str, Any], name: Expr) -> Call:
    """The description itself, made a layer by Keras: for what has no shorter form."""
    config = described.get("config", {})
    body = {key: value for key, value in described.items() if key != "build_config"}
    if not (isinstance(config, dict) and "name" in config):
        return call("keras.saving.deserialize_keras_object", literal(body))
    items = tuple(
        Argument(f"{literal(key)}: ", name if key == "name" else literal(value)) for key, value in config.items()
    )
    whole = tuple(
        Argument(f"{literal(key)}: ", Several("{", items, "}") if key == "config" else literal(value))
        for key, value in body.items()
    )
    return call("keras.saving.deserialize_keras_object", Several("{", whole, "}"))


def _called(value: Any, tensors: Sequence[str]) -> Expr:
    if isinstance(value, dict):
        if list(value) == ["input"] and value["input"] in range(len(tensors)):
            return tensors[value["input"]]
        if value.get("class_name") == "__ellipsis__":
            return "..."
        if value.get("class_name") == "__slice__":
            part = value["config"]
            return call("slice", *(literal(part.get(word)) for word in ("start", "stop", "step")))
        return Several("{", tuple(Argument(f"{literal(k)}: ", _called(v, tensors)) for k, v in value.items()), "}")
    if isinstance(value, list):
        return listed([_called(item, tensors) for item in value])
    return literal(value)
