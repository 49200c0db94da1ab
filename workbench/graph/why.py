"""Where a layer's parameter count comes from, as arithmetic: 3·3·32·64 + 64 = 18,496."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from workbench.catalog.layers import layer_spec

Shape = tuple[int | None, ...]
Term = tuple[int, ...]

_GATES = {"SimpleRNN": 1, "GRU": 3, "LSTM": 4}


def parameter_sum(layer: str, params: Mapping[str, Any], shape: Shape, count: int) -> str:
    """The sum behind a layer's parameter count.

    Args:
        layer: Keras's class name.
        params: What the user set.
        shape: Its input's shape, the batch axis apart.
        count: How many parameters Keras says it has; a sum that gives another number is not told.

    Returns:
        The sum with its result, empty for a layer whose sum is not known.
    """
    if not count or not shape or shape[-1] is None:
        return ""
    try:
        terms = _terms(layer, params, shape)
    except (KeyError, TypeError, ValueError):
        return ""
    if sum(math.prod(term) for term in terms) != count:
        return ""
    words = " + ".join("·".join(f"{factor:,}" for factor in term) for term in terms)
    return f"{words} = {count:,}"


def _terms(layer: str, params: Mapping[str, Any], shape: Shape) -> list[Term]:
    if layer in ("Bidirectional", "TimeDistributed"):
        inner = params.get("layer") or _value(layer, params, "layer")
        terms = _terms(inner["layer"], inner.get("params", {}), shape)
        return [(2, *term) for term in terms] if layer == "Bidirectional" else terms
    made = _exact().get(layer)
    if made is None and re.fullmatch(r"(Separable|Depthwise)?Conv\dD(Transpose)?", layer):
        made = _convolution
    return made(layer, params, shape) if made is not None else []


def _exact() -> dict[str, Callable[[str, Mapping[str, Any], Shape], list[Term]]]:
    return {
        "Dense": _dense,
        "Embedding": _embedding,
        "BatchNormalization": _normalization,
        "LayerNormalization": _normalization,
        "GroupNormalization": _normalization,
        "RMSNormalization": _normalization,
        "SimpleRNN": _recurrent,
        "GRU": _recurrent,
        "LSTM": _recurrent,
        "MultiHeadAttention": _attention,
        "PReLU": lambda layer, params, shape: [tuple(size or 1 for size in shape)],
    }


def _value(layer: str, params: Mapping[str, Any], name: str) -> Any:
    spec = layer_spec(layer)
    param = spec.param(name) if spec is not None else None
    return params.get(name, param.default if param is not None else None)


def _biased(layer: str, params: Mapping[str, Any], units: int, name: str = "use_bias") -> list[Term]:
    return [(units,)] if _value(layer, params, name) is not False else []


def _last(shape: Sequence[int | None]) -> int:
    return int(shape[-1] or 0)


def _dense(layer: str, params: Mapping[str, Any], shape: Shape) -> list[Term]:
    units = int(_value(layer, params, "units"))
    return [(_last(shape), units), *_biased(layer, params, units)]


def _embedding(layer: str, params: Mapping[str, Any], shape: Shape) -> list[Term]:
    return [(int(_value(layer, params, "input_dim")), int(_value(layer, params, "output_dim")))]


def _normalization(layer: str, params: Mapping[str, Any], shape: Shape) -> list[Term]:
    kinds = {"BatchNormalization": 4, "RMSNormalization": 1}.get(layer, 2)
    if layer != "RMSNormalization":
        kinds -= sum(_value(layer, params, name) is False for name in ("center", "scale"))
    return [(kinds, _last(shape))] if kinds > 1 else [(_last(shape),)]


def _recurrent(layer: str, params: Mapping[str, Any], shape: Shape) -> list[Term]:
    units, gates = int(_value(layer, params, "units")), _GATES[layer]
    biased = _value(layer, params, "use_bias") is not False
    extra: list[Term] = [(gates, units)] if biased else []
    if layer == "GRU" and biased and _value(layer, params, "reset_after") is not False:
        extra = [(2, gates, units)]
    terms: list[Term] = [(gates, _last(shape), units), (gates, units, units), *extra]
    return terms if gates > 1 else [term[1:] for term in terms]


def _attention(layer: str, params: Mapping[str, Any], shape: Shape) -> list[Term]:
    width, heads = _last(shape), int(_value(layer, params, "num_heads"))
    key = int(_value(layer, params, "key_dim"))
    value = int(_value(layer, params, "value_dim") or key)
    biased = _value(layer, params, "use_bias") is not False
    terms: list[Term] = [(2, width, heads, key), (width, heads, value), (heads, value, width)]
    return [*terms, (2, heads, key), (heads, value), (width,)] if biased else terms


def _convolution(layer: str, params: Mapping[str, Any], shape: Shape) -> list[Term]:
    size = _value(layer, params, "kernel_size")
    axes = int(re.sub(r"\D", "", layer))
    kernel = tuple(size) if isinstance(size, list | tuple) else (int(size),) * axes
    channels = _last(shape)
    if layer.startswith(("Depthwise", "Separable")):
        multiplier = int(_value(layer, params, "depth_multiplier") or 1)
        spread: Term = (*kernel, channels, multiplier) if multiplier > 1 else (*kernel, channels)
        if layer.startswith("Depthwise"):
            return [spread, *_biased(layer, params, channels * multiplier)]
        filters = int(_value(layer, params, "filters"))
        return [spread, (channels * multiplier, filters), *_biased(layer, params, filters)]
    filters = int(_value(layer, params, "filters"))
    groups = int(_value(layer, params, "groups") or 1)
    return [(*kernel, channels // groups, filters), *_biased(layer, params, filters)]
