"""How many parameters a description asks for, counted without Keras and before anything is made."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from workbench.importing.allowed import MODELS

_GATES = {"LSTM": 4, "GRU": 3, "SimpleRNN": 1, "ConvLSTM1D": 4, "ConvLSTM2D": 4, "ConvLSTM3D": 4}


def parameters(config: dict[str, Any]) -> int:
    """The weights of all layers that size alone tells, the large ones among them; a lower bound."""
    return sum(_layer(layer, shape) for layer, shape in _layers(config, None))


def _layers(
    config: dict[str, Any], shape: list[int | None] | None
) -> Iterator[tuple[dict[str, Any], list[int | None] | None]]:
    """Each layer with what flows into it, as far as the description says so."""
    inner = config.get("config")
    listed = inner if isinstance(inner, list) else inner.get("layers", []) if isinstance(inner, dict) else []
    for layer in listed if isinstance(listed, list) else ():
        if not isinstance(layer, dict):
            continue
        if layer.get("class_name") in MODELS:
            yield from _layers(layer, None)
        else:
            yield layer, input_shape(layer) or shape
            shape = output_shape(layer, shape) if config.get("class_name") == "Sequential" else None


def output_shape(layer: dict[str, Any], shape: list[int | None] | None) -> list[int | None] | None:
    """What a layer of a stack puts out, where its last axis is told by its own settings."""
    config = layer.get("config", {})
    told = _shape(config.get("batch_shape")) or _shape(config.get("batch_input_shape")) or shape
    for key in ("units", "filters", "output_dim"):
        if isinstance(config.get(key), int):
            return [*(told or [None])[:-1], config[key]]
    if told is not None and layer.get("class_name") == "Flatten" and None not in told[1:]:
        return [None, math.prod(size or 1 for size in told[1:])]
    return told


def input_shape(layer: dict[str, Any]) -> list[int | None] | None:
    """What flows into a layer: as it was built with, else as its first input tensor says; the batch axis included."""
    config = layer.get("config")
    for holder in (layer.get("build_config"), config if isinstance(config, dict) else None):
        for key in ("input_shape", "query_shape", "batch_input_shape"):
            shape = _shape(holder.get(key)) if isinstance(holder, dict) else None
            if shape is not None:
                return shape
    return next((shape for shape in tensor_shapes(layer.get("inbound_nodes"))), None)


def tensor_shapes(value: Any) -> Iterator[list[int | None]]:
    """The shapes of the tensors that a call names, in their order."""
    if isinstance(value, dict):
        if value.get("class_name") == "__keras_tensor__":
            shape = _shape(value.get("config", {}).get("shape"))
            if shape is not None:
                yield shape
            return
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from tensor_shapes(item)


def _shape(value: Any) -> list[int | None] | None:
    if isinstance(value, list) and value and all(item is None or type(item) is int for item in value):
        return value
    return None


def _number(config: dict[str, Any], key: str, otherwise: int = 1) -> int:
    value = config.get(key)
    return value if type(value) is int and value > 0 else otherwise


def _area(config: dict[str, Any], axes: int) -> int:
    size = config.get("kernel_size", 1)
    if isinstance(size, int):
        return int(max(size, 1) ** axes)
    return math.prod(item for item in size if isinstance(item, int)) if isinstance(size, list) else 1


def _layer(layer: dict[str, Any], shape: list[int | None] | None) -> int:
    kind, config = str(layer.get("class_name")), layer.get("config")
    if not isinstance(config, dict):
        return 0
    features = (shape[-1] if shape else None) or 1
    if isinstance(config.get("layer"), dict):
        inner = config["layer"]
        times = 2 if kind == "Bidirectional" else 1
        own = input_shape(inner) or shape
        return times * (sum(_layer(*pair) for pair in _layers(inner, None)) + _layer(inner, own))
    units, filters = _number(config, "units"), _number(config, "filters")
    if kind in ("LSTM", "GRU", "SimpleRNN"):
        return _GATES[kind] * units * (units + features)
    if kind in ("Embedding", "ReversibleEmbedding"):
        return _number(config, "input_dim") * _number(config, "output_dim")
    if kind == "Dense":
        return units * features
    if kind.startswith("ConvLSTM"):
        return _GATES[kind] * _area(config, int(kind[8])) * filters * (filters + features)
    if kind.startswith("Conv") and kind[4:5].isdigit():
        return _area(config, int(kind[4])) * filters * features // _number(config, "groups")
    if kind.startswith("SeparableConv"):
        inner_filters = features * _number(config, "depth_multiplier")
        return inner_filters * (_area(config, int(kind[13])) + filters)
    if kind.startswith("DepthwiseConv"):
        return _area(config, int(kind[13])) * features * _number(config, "depth_multiplier")
    if kind == "MultiHeadAttention":
        return 2 * features * _number(config, "num_heads") * _number(config, "key_dim")
    return 0
