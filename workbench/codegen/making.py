"""From the call in a script that makes a layer to the layer's parameters, by the catalogue's signature."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from workbench.catalog.layers import layer_spec
from workbench.codegen.arguments import NAMESPACES, positional
from workbench.codegen.literals import is_literal
from workbench.codegen.operations import operation_params
from workbench.codegen.values import CannotDraw, Layer, Ref, Unknown
from workbench.core.errors import WorkbenchError
from workbench.core.params import Param

Tell = Callable[[int, str], None]

# What may be said of a layer without a word in the drawing: it holds there anyway, or changes no result.
_UNSAID = ("input_shape", "pad_to_max_tokens", "batch_input_shape", "input_length", "batch_size", "autocast")
_SIGNATURES: dict[str, tuple[str, ...]] = {
    "L1": ("l1",),
    "L2": ("l2",),
    "L1L2": ("l1", "l2"),
    "OrthogonalRegularizer": ("factor", "mode"),
    "RandomNormal": ("mean", "stddev", "seed"),
    "TruncatedNormal": ("mean", "stddev", "seed"),
    "RandomUniform": ("minval", "maxval", "seed"),
    "VarianceScaling": ("scale", "mode", "distribution", "seed"),
    "Orthogonal": ("gain", "seed"),
    "Constant": ("value",),
    "Identity": ("gain",),
    "MaxNorm": ("max_value", "axis"),
    "UnitNorm": ("axis",),
    "MinMaxNorm": ("min_value", "max_value", "rate", "axis"),
}
_NAMES = {"l1": "L1", "l2": "L2", "l1_l2": "L1L2", "l1l2": "L1L2", "max_norm": "MaxNorm", "non_neg": "NonNeg"}


def made_layer(layer: str, given: list[Any], keywords: dict[str, Any], line: int, tell: Tell) -> Layer:
    """The layer that a call makes; what cannot be drawn of it is told and left at its default.

    Args:
        layer: Keras's class name.
        given: The values given by position.
        keywords: Those given by name.
        line: Where the call stands.
        tell: Told the line and what is wrong.

    Raises:
        CannotDraw: The catalogue has no such layer.
    """
    spec = layer_spec(layer)
    if spec is None or spec.category == "io":
        raise CannotDraw(f"the layer {layer} is none that can be drawn", line)
    if layer == "Lambda":
        return _lambda(given, keywords, line)
    places = positional(spec)
    if len(given) > len(places):
        tell(line, f"{layer} takes only {len(places)} settings without their names; the others were left out.")
    values = dict(zip(places, given, strict=False)) | keywords
    name = values.pop("name", None)
    params: dict[str, Any] = {}
    for key, value in values.items():
        param = spec.param(key)
        if param is None:
            if key in _UNSAID or value == {"data_format": "channels_last"}.get(key, ()) or value is None:
                continue
            tell(line, f"{layer} is drawn without its setting {key!r}.")
        elif not isinstance(value, Unknown):
            set_param(params, param, value, layer, line, tell)
    return Layer(layer, params, name if isinstance(name, str) and name else None, line)


def _lambda(given: list[Any], keywords: dict[str, Any], line: int) -> Layer:
    code = given[0] if given else keywords.get("function")
    params = operation_params(code) if isinstance(code, ast.Lambda) else None
    if params is None:
        raise CannotDraw("a Lambda can only be one named operation of keras.ops on its input", line)
    name = keywords.get("name")
    return Layer("Lambda", params, name if isinstance(name, str) and name else None, line)


def set_param(params: dict[str, Any], param: Param, value: Any, layer: str, line: int, tell: Tell) -> None:
    """Set a parameter to a value of the script, where it differs from its default; a value that does not fit is told.

    Args:
        params: What is set; changed.
        param: The parameter.
        value: What stands in the script.
        layer: Keras's class name.
        line: Where it stands.
        tell: Told the line and what is wrong.
    """
    try:
        checked = param.check(stored(param, value, line))
    except CannotDraw as error:
        tell(line, f"{layer}'s {param.name}: {error}.")
        return
    except WorkbenchError as error:
        tell(line, f"{layer}: {error.rule} It is {value!r}.")
        return
    if param.required or checked != param.default:
        params[param.name] = checked


def stored(param: Param, value: Any, line: int) -> Any:
    """A value of the script as the document holds it.

    Raises:
        CannotDraw: It is nothing that a document can hold.
    """
    if isinstance(value, Layer):
        return {"layer": value.layer, "params": value.params}
    if isinstance(value, list | tuple):
        # An axis that follows from the rest is -1 in every drawing.
        return [-1 if item is None and param.kind == "shape" else stored(param, item, line) for item in value]
    if isinstance(value, Ref):
        word = value.path.rsplit(".", 1)[-1]
        return {"class_name": word, "config": {}} if param.kind in NAMESPACES and word[:1].isupper() else word
    if not is_literal(value):
        raise CannotDraw("it is no plain value", line)
    return value


def made_named(path: str, given: list[Any], keywords: dict[str, Any], line: int) -> dict[str, Any]:
    """An initializer, regularizer or constraint, as the document holds one.

    Raises:
        CannotDraw: Its settings are no plain values.
    """
    word = path.rsplit(".", 1)[-1]
    word = _NAMES.get(word, word)
    places = _SIGNATURES.get(word, ())
    config = dict(zip(places, given, strict=False)) | keywords
    if len(given) > len(places) or not is_literal(config):
        raise CannotDraw(f"the settings of {word} must be plain values, given by name", line)
    return {"class_name": word, "config": config}
