"""One layer as the call that makes it: only what differs from Keras's defaults, written as Keras code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbench.catalog.layers import KEPT, OPEN_AS_NONE, LayerSpec, layer_spec
from workbench.codegen.kept import kept_expression, kept_layer
from workbench.codegen.operations import operation_code
from workbench.codegen.printer import Argument, Call, Expr, Several, call, listed, literal
from workbench.core.errors import GraphError
from workbench.core.params import Param
from workbench.graph.calls import Feed, layer_settings
from workbench.graph.ports import grouped, states

Variables = Mapping[tuple[str, str], str]
"""The variable that holds each tensor, by the node and the output that it comes from."""

NAMESPACES = {"initializer": "initializers", "regularizer": "regularizers", "constraint": "constraints"}
CALLED_WITH = ("use_causal_mask", "return_attention_scores")
"""Parameters that Keras takes where a layer is called, not where it is made."""

_LISTS = ("bin_boundaries", "vocabulary", "idf_weights")
_LOOKUPS = ("TextVectorization", "StringLookup", "IntegerLookup")
_SECOND = ("kernel_size", "output_dim", "width", "key_dim")
# Keras's signature has a parameter before these that the catalogue leaves out.
_BEHIND_HIDDEN = (
    "dilation_rate", "output_padding", "keepdims", "trainable", "seed", "interpolation", "output_mode",
    "kernel_initializer", "go_backwards", "use_causal_mask", "function",
)  # fmt: skip


def positional(spec: LayerSpec) -> tuple[str, ...]:
    """The parameters that may be given by position, in the order of Keras's signature."""
    names: list[str] = []
    for param in spec.params:
        if param.name in _BEHIND_HIDDEN or len(names) == 4:
            break
        names.append(param.name)
    return tuple(names)


def layer_call(layer: str, params: dict[str, Any], name: Expr | None, settings: dict[str, Expr] | None = None) -> Call:
    """`layers.Dense(10, activation="softmax", name="answer")`.

    Args:
        layer: Keras's class name.
        params: What the user set, as JSON.
        name: The layer's name, as code; None: not named.
        settings: Code to write for some of the parameters instead of their values.

    Raises:
        GraphError: The layer is not one of the catalogue.
    """
    spec = layer_spec(layer)
    if spec is None or spec.category == "io":
        raise GraphError("Only layers that this program knows can be written as code.", layer, "Replace it.")
    if layer == "Lambda":
        values: dict[str, Expr] = {"function": operation_code(params)}
    else:
        asked = _fitting(layer, layer_settings(spec, params))
        values = {key: _value(spec, spec.param(key), value) for key, value in asked.items()}
    values |= settings or {}
    first: list[Expr] = []
    for place, key in enumerate(positional(spec)[:2]):
        param = spec.param(key)
        if key not in values or param is None or not param.required or (place and key not in _SECOND):
            break
        first.append(values.pop(key))
    if layer == "Lambda":
        first.append(values.pop("function"))
    if name is not None:
        values["name"] = name
    return call(f"layers.{layer}", *first, **values)


def _fitting(layer: str, asked: dict[str, Any]) -> dict[str, Any]:
    """What Keras takes together; some settings make others meaningless, and it refuses those."""
    fitting = {key: value for key, value in asked.items() if key not in CALLED_WITH}
    if layer == "Discretization" and fitting.get("bin_boundaries") is not None:
        fitting = {key: value for key, value in fitting.items() if key not in ("num_bins", "epsilon")}
    if layer in _LOOKUPS and fitting.get("output_mode", "int") == "int":
        fitting.pop("idf_weights", None)
    elif layer in _LOOKUPS:
        fitting.pop("output_sequence_length", None)
        if fitting.get("max_tokens") is not None:
            fitting["pad_to_max_tokens"] = True
    return fitting


def _value(spec: LayerSpec, param: Param | None, value: Any) -> Expr:
    if isinstance(value, dict):
        if isinstance(value.get("layer"), str):
            return layer_call(value["layer"], value.get("params", {}), None)
        if isinstance(value.get("class_name"), str) and param is not None and param.kind in NAMESPACES:
            return _named(NAMESPACES[param.kind], value)
    if isinstance(value, list):
        if any(isinstance(item, dict) for item in value):
            return listed([_value(spec, param, item) for item in value])
        if param is not None and param.kind == "shape" and spec.name in OPEN_AS_NONE:
            value = [None if item == -1 else item for item in value]
        as_list = spec.name == "LayerNormalization" or (param is not None and param.name in _LISTS)
        return literal(_whole(spec, value) if as_list else tupled(value))
    if param is not None and param.name in _LISTS and value is not None:
        return literal(_whole(spec, [value]))
    return literal(value)


def tupled(value: Any) -> Any:
    """A list, and what is in it, as tuples."""
    return tuple(tupled(item) for item in value) if isinstance(value, list) else value


def _whole(spec: LayerSpec, values: list[Any]) -> list[Any]:
    """A list that Keras wants as one; an IntegerLookup's numbers without a point."""
    whole = spec.name == "IntegerLookup" and all(isinstance(value, float) for value in values)
    return [int(value) for value in values] if whole else values


def _named(module: str, value: dict[str, Any]) -> Expr:
    config = value.get("config") or {}
    return call(f"keras.{module}.{value['class_name']}", **{key: literal(item) for key, item in config.items()})


def placed(
    layer: str,
    params: dict[str, Any],
    name: Expr,
    feeds: tuple[Feed, ...],
    variables: Variables,
    settings: dict[str, Expr] | None = None,
) -> Expr:
    """A layer, made and called: `layers.Dense(10, name="answer")(x)`.

    Args:
        layer: Keras's class name.
        params: What the user set, as JSON.
        name: The layer's name, as code.
        feeds: What flows in.
        variables: The variable that holds each tensor.
        settings: Code to write for some of the parameters instead of their values.

    Raises:
        GraphError: The layer is not one of the catalogue.
    """
    if layer == KEPT:
        return kept_expression(params, name, [variables[feed.tensor] for feed in feeds])
    return Call(layer_call(layer, params, name, settings), tensor_arguments(layer, params, feeds, variables))


def called_again(layer: str, params: dict[str, Any], held: str, feeds: tuple[Feed, ...], variables: Variables) -> Expr:
    """A call of a layer that a variable holds; the arguments are those of `placed`."""
    if layer == KEPT:
        return kept_expression(params, literal(held), [variables[feed.tensor] for feed in feeds], held)
    return Call(held, tensor_arguments(layer, params, feeds, variables))


def made(layer: str, params: dict[str, Any], name: Expr) -> Expr:
    """The code that makes a layer; see `layer_call`."""
    return kept_layer(params, name) if layer == KEPT else layer_call(layer, params, name)


def tensor_arguments(
    layer: str, params: dict[str, Any], feeds: tuple[Feed, ...], variables: Variables
) -> tuple[Argument, ...]:
    """How a layer is called with the tensors that reach it.

    Args:
        layer: Keras's class name.
        params: What the user set, as JSON.
        feeds: What flows in.
        variables: The variable that holds each tensor.
    """
    tensors = [variables[feed.tensor] for feed in feeds]
    options = tuple(Argument(f"{key}=", "True") for key in CALLED_WITH if params.get(key))
    if len(tensors) > 1 and states(layer, params):
        begin: list[Expr] = [
            one if isinstance(one, str) else listed(one) for one in grouped(layer, params, tensors[1:])
        ]
        return (Argument("", tensors[0]), Argument("initial_state=", listed(begin)), *options)
    if layer in ("MultiHeadAttention", "GroupQueryAttention"):
        given = tuple(
            Argument("" if place < 2 else f"{feed.port}=", tensor)
            for place, (feed, tensor) in enumerate(zip(feeds, tensors, strict=True))
        )
        return given + options
    if layer in ("Attention", "AdditiveAttention") or len(tensors) > 1:
        return (Argument("", Several("[", tuple(Argument("", tensor) for tensor in tensors), "]")), *options)
    return (Argument("", tensors[0]), *options)
