"""One Keras layer from one node: checked arguments, explicit name, and explicit seeds wherever Keras would draw one."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import keras

from workbench.catalog.layers import KEPT, OPEN_AS_NONE, LayerSpec, layer_spec
from workbench.core.errors import GraphError
from workbench.core.params import Param
from workbench.engine import adapt, applications, blocks
from workbench.engine.kept import Kept
from workbench.engine.seeds import derived_seed
from workbench.graph.model import Graph

_NAMESPACES = {
    "initializer": (keras.initializers, keras.initializers.Initializer),
    "regularizer": (keras.regularizers, keras.regularizers.Regularizer),
    "constraint": (keras.constraints, keras.constraints.Constraint),
}
# Weights whose initializer Keras does not let one choose.
_OWN_WEIGHTS: dict[str, dict[str, Any]] = {
    "AdditiveAttention": {"scale": "glorot_uniform"},
    "SpectralNormalization": {"vector_u": {"class_name": "TruncatedNormal", "config": {"stddev": 0.02}}},
}
# Settings of a node that Keras takes when the layer is called, not when it is made.
CALLED_WITH = ("use_causal_mask", "return_attention_scores")
# These make several weights with one initializer, which, once seeded, would give them all the same values.
_SHARING = ("MultiHeadAttention", "GroupQueryAttention")


def keras_names(graph: Graph) -> dict[str, str]:
    """A name for each node that Keras and TensorFlow accept, no two the same."""
    names: dict[str, str] = {}
    for node in graph.nodes:
        base = re.sub(r"[^A-Za-z0-9_.-]", "_", node.name)
        base = base if re.match(r"[A-Za-z0-9]", base) else f"layer{base}"
        taken = set(names.values())
        names[node.id] = next(
            name for number in range(len(taken) + 1) if (name := f"{base}_{number}" if number else base) not in taken
        )
    return names


def checked_arguments(spec: LayerSpec, params: dict[str, Any]) -> dict[str, Any]:
    """What to hand to Keras: the user's values in their stored form, and our suggestion for what it requires.

    Raises:
        WorkbenchError: A parameter is unknown or its value is not one it takes.
    """
    checked = {}
    for name, value in spec.arguments(params).items():
        param = spec.param(name)
        if param is None:
            raise GraphError(f"{spec.name} has no parameter {name!r}.", f"{name}={value!r}", "Remove it.")
        checked[name] = param.check(value)
        if param.kind in ("layer", "layers") and checked[name] is not None:
            for inner in checked[name] if param.kind == "layers" else (checked[name],):
                _nested_spec(param, inner)
    return checked


def _nested_spec(param: Param, value: dict[str, Any]) -> LayerSpec:
    inner = layer_spec(value["layer"])
    if inner is None or (inner.name not in param.choices if param.choices else not inner.nestable):
        known = ", ".join(param.choices) or "a layer of the palette that can be inside another"
        raise GraphError(f"{param.title} must be {known}.", value["layer"], "Choose another one.")
    return inner


def make_layer(layer: str, params: dict[str, Any], *, name: str, seed: int | None = None) -> keras.layers.Layer:
    """A Keras layer, not yet built.

    Args:
        layer: Keras's class name.
        params: What the user set, as JSON.
        name: The layer's name.
        seed: Seeds its weights and its randomness, together with `name`; None leaves both to Keras, and published
            weights where they are: enough to know shapes and sizes.

    Returns:
        A Keras layer, or a `blocks.Block` that becomes a Keras model when it is called.

    Raises:
        WorkbenchError: The layer is unknown, or a parameter is not one it takes.
    """
    spec = layer_spec(layer)
    if spec is None or spec.category == "io":
        raise GraphError("The layer must be one this program knows.", layer, "Remove it, or put another in its place.")
    if spec.reason and layer not in PARTS:
        raise GraphError(f"{layer} cannot be placed. {spec.reason}", "", "Put another in its place.")
    given = checked_arguments(spec, params)
    if spec.category == "models":
        return applications.block(layer, given, name, seed)
    if layer == KEPT:
        return Kept(given, name, seed)
    made_with = {key: value for key, value in given.items() if key not in CALLED_WITH}
    arguments = {key: _keras_value(spec, key, value, name, seed) for key, value in made_with.items()}
    accepted = _signature(layer)
    if "data_format" in accepted:
        arguments["data_format"] = "channels_last"
    if seed is not None:
        for key in accepted:
            if key.endswith("_initializer") and key not in arguments:
                default = accepted[key].default
                arguments[key] = _named("initializer", default, derived_seed(seed, name, key))
        if _takes_seed(layer) and arguments.get("seed") is None:
            arguments["seed"] = derived_seed(seed, name, "seed")
        if layer == "Bidirectional":
            inner = {"params": {}, **given["layer"]}
            reverse = not inner["params"].get("go_backwards", False)
            backwards = {**inner, "params": {**inner["params"], "go_backwards": reverse}}
            arguments["backward_layer"] = _nested(backwards, f"{name}_backward", seed)
    if layer in _MADE_HERE:
        return _MADE_HERE[layer](arguments, name)
    return getattr(keras.layers, layer)(name=name, **adapt.fitted(layer, arguments))


def seed_weights(layer: keras.layers.Layer, params: dict[str, Any], seed: int) -> None:
    """Draw anew the weights of a built layer that `make_layer` could not seed by its arguments."""
    kind = type(layer).__name__.replace("Grouped", "Group")
    chosen = _OWN_WEIGHTS.get(kind, {})
    if kind in _SHARING:
        chosen = {"kernel": params.get("kernel_initializer", "glorot_uniform")}
    for weight in layer.weights if chosen else ():
        if weight.name in chosen:
            draw = _named("initializer", chosen[weight.name], derived_seed(seed, layer.name, weight.path))
            weight.assign(draw(weight.shape, dtype=weight.dtype))


# Parts of other layers, which are no nodes.
PARTS = ("LSTMCell", "GRUCell", "SimpleRNNCell", "StackedRNNCells")
_MADE_HERE: dict[str, Callable[[dict[str, Any], str], Any]] = {
    "Lambda": blocks.operation,
    "RandomCrop": blocks.random_crop,
    "Equalization": blocks.equalization,
}


@cache
def _signature(layer: str) -> dict[str, inspect.Parameter]:
    return dict(inspect.signature(getattr(keras.layers, layer).__init__).parameters)


def _takes_seed(layer: str) -> bool:
    return "seed" in _signature(layer) or layer == "AdditiveAttention"


def _keras_value(spec: LayerSpec, key: str, value: Any, name: str, seed: int | None) -> Any:
    param = spec.param(key)
    if param is None or value is None:
        return value
    if param.kind == "layer":
        return _nested(value, f"{name}_{value['layer'].lower()}", seed)
    if param.kind == "layers":
        return [_nested(inner, f"{name}_{place}_{inner['layer'].lower()}", seed) for place, inner in enumerate(value)]
    if param.kind in _NAMESPACES:
        return _named(param.kind, value, None if seed is None else derived_seed(seed, name, key))
    if param.kind == "shape":
        # Keras's word for an axis that follows from the input differs from layer to layer.
        return tuple(None if size == -1 and spec.name in OPEN_AS_NONE else size for size in value)
    if key in adapt.LISTS:
        return adapt.listed(spec.name, key, value)
    if isinstance(value, list):
        return value if spec.name == "LayerNormalization" else tuple(value)
    return value


def _nested(value: dict[str, Any], name: str, seed: int | None) -> keras.layers.Layer:
    return make_layer(value["layer"], value.get("params", {}), name=name, seed=seed)


def _named(kind: str, value: Any, seed: int | None) -> Any:
    """An initializer, regularizer or constraint by name or {"class_name", "config"}; nothing else is ever looked up."""
    if value is None:
        return None
    module, base = _NAMESPACES[kind]
    name = value if isinstance(value, str) else str(value["class_name"])
    cls = _class_by_name(kind, name) if isinstance(value, str) else getattr(module, name, None)
    if not (inspect.isclass(cls) and issubclass(cls, base)):
        raise GraphError(f"The {kind} must be one of Keras's.", name, "Choose another one.")
    config = {} if isinstance(value, str) else dict(value.get("config") or {})
    if not all(isinstance(item, bool | int | float | str | type(None)) for item in config.values()):
        raise GraphError(f"The settings of a {kind} must be numbers or words.", str(config), "Choose another one.")
    if seed is not None and "seed" in inspect.signature(cls.__init__).parameters:
        config.setdefault("seed", seed)
    try:
        return cls(**config)
    except (TypeError, ValueError) as error:
        raise GraphError(f"The {kind} {cls.__name__} does not take these settings.", str(error)) from error


@cache
def _class_by_name(kind: str, name: str) -> type | None:
    try:
        return type(_NAMESPACES[kind][0].get(name))
    except ValueError:
        return None
