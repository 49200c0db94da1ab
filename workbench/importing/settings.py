"""From Keras's settings of a layer to ours: only what differs from what the layer does anyway."""

from __future__ import annotations

import copy
from typing import Any

from workbench.catalog.layers import layer_spec
from workbench.core.errors import UsageError
from workbench.core.params import Param
from workbench.importing.limits import words

ALIASES = {"GroupedQueryAttention": "GroupQueryAttention"}

# Settings that say nothing of what is computed, or that a layer gets anew.
_DROPPED = words(
    "name dtype batch_shape batch_input_shape input_dtype sparse ragged optional implementation use_cudnn"
    " trainable time_major quantization_config lora_rank lora_alpha gptq_unpacked_column_size input_length"
    " synchronized seed idf_weights has_vocab cast_inputs build_config registered_name"
)
# What Keras does where a setting is not one of ours.
_USUAL: dict[str, tuple[Any, ...]] = {
    "reset_after": (True,),
    "unit_forget_bias": (True,),
    "flash_attention": (None, False),
    "unroll": (False,),
    "data_format": ("channels_last", None),
    "virtual_batch_size": (None,),
    "renorm": (False,),
    "fused": (None, True),
}
_DEFAULTS: dict[str, dict[str, Any]] = {
    "Constant": {"value": 0.0},
    "Identity": {"gain": 1.0},
    "Orthogonal": {"gain": 1.0},
    "RandomNormal": {"mean": 0.0, "stddev": 0.05},
    "RandomUniform": {"minval": -0.05, "maxval": 0.05},
    "TruncatedNormal": {"mean": 0.0, "stddev": 0.05},
    "VarianceScaling": {"scale": 1.0, "mode": "fan_in", "distribution": "truncated_normal"},
    "L1": {"l1": 0.01},
    "L2": {"l2": 0.01},
    "L1L2": {"l1": 0.0, "l2": 0.0},
    "OrthogonalRegularizer": {"factor": 0.01, "mode": "rows"},
    "MaxNorm": {"max_value": 2, "axis": 0},
    "MinMaxNorm": {"min_value": 0.0, "max_value": 1.0, "rate": 1.0, "axis": 0},
    "UnitNorm": {"axis": 0},
}
_SNAKE = {
    **{name: name[0].lower() + name[1:].lower() for name in ("Constant", "Zeros", "Ones", "Orthogonal", "Identity")},
    "OrthogonalInitializer": "orthogonal",
    "GlorotUniform": "glorot_uniform",
    "GlorotNormal": "glorot_normal",
    "HeUniform": "he_uniform",
    "HeNormal": "he_normal",
    "LecunUniform": "lecun_uniform",
    "LecunNormal": "lecun_normal",
    "RandomNormal": "random_normal",
    "RandomUniform": "random_uniform",
    "TruncatedNormal": "truncated_normal",
    "VarianceScaling": "variance_scaling",
    "L1": "l1",
    "L2": "l2",
    "L1L2": "l1_l2",
    "OrthogonalRegularizer": "orthogonal_regularizer",
    "MaxNorm": "max_norm",
    "MinMaxNorm": "min_max_norm",
    "NonNeg": "non_neg",
    "UnitNorm": "unit_norm",
}
_SAME = {"uniform": "random_uniform", "normal": "random_normal", "zero": "zeros", "one": "ones", "swish": "silu"}


class Unfit(Exception):
    """A layer that our form cannot say; the words tell why."""


def our_layer(kind: str) -> str:
    """Our name for a Keras class."""
    return ALIASES.get(kind, kind)


def our_settings(kind: str, config: dict[str, Any], *, inside: bool = False) -> dict[str, Any]:
    """The parameters of a node from a layer's Keras config.

    Args:
        kind: Keras's class name.
        config: As `get_config()` gave it; not changed.
        inside: Whether it is part of another layer, as a cell is.

    Raises:
        Unfit: The catalogue has no such layer, or no such setting.
    """
    spec = layer_spec(our_layer(kind))
    if spec is None or spec.category == "io":
        raise Unfit(f"{kind} is not among the layers that can be edited here")
    if spec.reason and not inside:
        raise Unfit(f"{kind} cannot be edited here: {spec.reason}")
    found: dict[str, Any] = {}
    for key, value in copy.deepcopy(config).items():
        param = spec.param(key)
        if param is None:
            # A Bidirectional sets it on what it holds, by itself.
            if not (inside and key == "zero_output_for_mask"):
                _require_usual(kind, key, value, config)
            continue
        if value is None and not param.nullable and param.default is None:
            continue
        stored = _stored(kind, param, value)
        if param.required or not _same(param, stored, _default(kind, param, config)):
            found[key] = stored
    return found


def _default(kind: str, param: Param, config: dict[str, Any]) -> Any:
    # Keras writes a pooling's stride out where it follows from the pool.
    if param.name == "strides" and param.default is None and "pool_size" in config:
        pool = layer_spec(kind)
        size = pool.param("pool_size") if pool else None
        return size.check(config["pool_size"]) if size is not None else None
    if param.name == "value_dim":
        return config.get("key_dim")
    return param.default


def _require_usual(kind: str, key: str, value: Any, config: dict[str, Any]) -> None:
    if key in _DROPPED or value is None or value is False or value in ([], {}):
        return
    if key == "backward_layer" and _mirrors(value, config.get("layer")):
        return
    if value not in _USUAL.get(key, ()):
        raise Unfit(f"its setting {key} = {_brief(value)} cannot be edited here")


def _mirrors(backward: Any, forward: Any) -> bool:
    """Whether a Bidirectional's second layer is what its first one gives by itself."""
    if not isinstance(backward, dict) or not isinstance(forward, dict):
        return False
    one, two = _bare(backward.get("config", {})), _bare(forward.get("config", {}))
    turned = one.pop("go_backwards", False) != two.pop("go_backwards", False)
    return turned and one == two and backward.get("class_name") == forward.get("class_name")


# What differs between two layers that compute alike.
_TIES = ("name", "dtype", "shared_object_id", "seed")


def _bare(value: Any) -> Any:
    """Settings without names and seeds, and without what ties objects of one file together."""
    if isinstance(value, dict):
        return {key: _bare(item) for key, item in value.items() if key not in _TIES}
    return [_bare(item) for item in value] if isinstance(value, list) else value


def _inner(param: Param, value: Any) -> dict[str, Any]:
    """A layer inside a layer."""
    kind, config = (value.get("class_name"), value.get("config")) if isinstance(value, dict) else (None, None)
    if not isinstance(kind, str) or not isinstance(config, dict):
        raise Unfit(f"its {param.title.lower()} is described in no way known here")
    spec = layer_spec(our_layer(kind))
    if spec is None or (our_layer(kind) not in param.choices if param.choices else not spec.nestable):
        raise Unfit(f"its {param.title.lower()} is a {kind}, which cannot be edited inside another layer")
    params = our_settings(kind, config, inside=True)
    return {"layer": our_layer(kind), "params": params} if params else {"layer": our_layer(kind)}


def _brief(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _stored(kind: str, param: Param, value: Any) -> Any:
    value = plain(value)
    if param.kind in ("initializer", "regularizer", "constraint"):
        value = _named(param, value)
    elif param.kind == "layer" and isinstance(value, dict):
        value = _inner(param, value)
    elif param.kind == "layers" and isinstance(value, list):
        value = [_inner(param, item) for item in value]
    elif isinstance(value, dict):
        raise Unfit(f"its {param.title.lower()} is {_brief(value.get('class_name', value))}, which the form cannot say")
    elif param.kind in ("integer", "number", "choice") and isinstance(value, list) and len(value) == 1:
        value = value[0]
    elif param.kind == "shape" and isinstance(value, list):
        value = [-1 if item is None else item for item in value]
    elif param.kind == "numbers" and isinstance(value, list):
        value = _flat(value)
    elif param.kind == "integers" and isinstance(value, list):
        # Both sides of an axis alike are one number.
        value = [item[0] if isinstance(item, list) and len(set(item)) == 1 else item for item in value]
    if param.kind == "choice" and value is None and "linear" in param.choices:
        value = "linear"
    if value is None and not param.nullable:
        return param.default
    try:
        return param.check(value)
    except UsageError as error:
        raise Unfit(f"its setting {param.name} = {_brief(value)} cannot be edited here") from error


def plain(value: Any) -> Any:
    """A value without Keras's wrapping of functions and tuples."""
    if isinstance(value, dict):
        if value.get("class_name") == "function":
            return value.get("config")
        if value.get("class_name") in ("__tuple__", "TensorShape"):
            return [plain(item) for item in value.get("items", [])]
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def _flat(value: list[Any]) -> list[Any]:
    return [inner for item in value for inner in (_flat(item) if isinstance(item, list) else [item])]


def _named(param: Param, value: Any) -> Any:
    if not isinstance(value, dict):
        return _SAME.get(value, value) if value not in param.choices else value
    kind = str(value.get("class_name"))
    config = value.get("config") or {}
    usual = _DEFAULTS.get(kind, {})
    own = {key: item for key, item in config.items() if item is not None and (key not in usual or usual[key] != item)}
    if not all(isinstance(item, bool | int | float | str) for item in own.values()):
        raise Unfit(f"its {param.title.lower()} {kind} has settings that the form cannot say")
    short = _SNAKE.get(kind, "")
    if not own and (not param.choices or short in param.choices):
        return short or kind
    return {"class_name": {"OrthogonalInitializer": "Orthogonal"}.get(kind, kind), "config": own}


def _same(param: Param, value: Any, default: Any) -> bool:
    if default is not None:
        try:
            default = param.check(default)
        except UsageError:
            return False
    if isinstance(value, str) and isinstance(default, str):
        return _SAME.get(value, value) == _SAME.get(default, default)
    nothing = (None, "linear") if param.name == "activation" else (None,)
    return bool(value == default) or (value in nothing and default in nothing)
