"""From Keras's operations (`x + y`, `keras.ops.relu(x)`) and the layers of its applications to layers of ours."""

from __future__ import annotations

import dataclasses
import math
import re
from typing import Any

from workbench.catalog.layers import layer_spec
from workbench.catalog.operations import OPERATIONS
from workbench.importing.calls import Call, Tensor
from workbench.importing.settings import plain


@dataclasses.dataclass(frozen=True)
class Step:
    """One layer of ours in the place of (a part of) one of Keras's.

    Args:
        layer: Our name for it.
        params: What is set.
        takes: What flows in: a tensor of the call, or the number of an earlier step.
        weights: Whether the weights of Keras's layer are this one's.
    """

    layer: str
    params: dict[str, Any]
    takes: tuple[Tensor | int, ...]
    weights: bool = False


MERGES = {
    "Add": "Add",
    "Subtract": "Subtract",
    "Multiply": "Multiply",
    "Maximum": "Maximum",
    "Minimum": "Minimum",
}
_ACTIVATIONS = {
    "Relu": "relu",
    "Relu6": "relu6",
    "Sigmoid": "sigmoid",
    "Softplus": "softplus",
    "Softsign": "softsign",
    "Silu": "silu",
    "LogSigmoid": "log_sigmoid",
    "HardSigmoid": "hard_sigmoid",
    "HardSilu": "hard_silu",
    "Selu": "selu",
    "Tanh": "tanh",
}
_REDUCTIONS = {"Mean": "GlobalAveragePooling", "Max": "GlobalMaxPooling"}
# Lambda's operation by Keras's class, where it is not the class in snake case.
_FUNCTIONS = {"TrueDivide": "divide", "Abs": "absolute"}
_FLOATS = ("float32", "float16", "bfloat16", "")


def steps(kind: str, module: str, config: dict[str, Any], call: Call) -> tuple[Step, ...]:
    """The layers of ours that do what an operation does; empty where there are none.

    Args:
        kind: Keras's class name.
        module: Where Keras keeps it.
        config: Its settings.
        call: What it is called with.
    """
    if module.startswith("keras.src.applications."):
        return _of_applications(kind, config, call)
    for way in (_merged, _scaled, _activated, _joined, _pooled, _shaped, _function):
        found = way(kind, config, call)
        if found is not None:
            return (found,)
    return ()


def _of_applications(kind: str, config: dict[str, Any], call: Call) -> tuple[Step, ...]:
    tensors = call.positional
    if kind == "LayerScale" and len(tensors) == 1:
        size = config.get("projection_dim")
        constant = {"class_name": "Constant", "config": {"value": config.get("init_values")}}
        params = {"equation": "...c,c->...c", "output_shape": [size], "kernel_initializer": constant}
        return (Step("EinsumDense", params, tensors, weights=True),)
    if kind == "StochasticDepth" and len(tensors) == 1 and tensors[0].shape is not None:
        spec = layer_spec("Dropout")
        if spec is not None and spec.param("noise_shape") is not None:
            noise = [-1, *[1] * (len(tensors[0].shape) - 1)]
            return (Step("Dropout", {"rate": config.get("drop_path_rate"), "noise_shape": noise}, tensors),)
    if kind == "CustomScaleLayer" and len(tensors) == 2:
        scaled = Step("Rescaling", {"scale": config.get("scale")}, tensors[1:])
        return (scaled, Step("Add", {}, (tensors[0], 0)))
    return ()


def _number(value: Any) -> float | None:
    usable = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if usable else None


def _pair(call: Call) -> tuple[Any, Any] | None:
    values = (*call.args, *call.named.values())
    return (values[0], values[1]) if len(values) == 2 else None


def _merged(kind: str, config: dict[str, Any], call: Call) -> Step | None:
    pair = _pair(call)
    if kind not in MERGES or pair is None or not all(isinstance(one, Tensor) for one in pair):
        return None
    shapes = [one.shape for one in pair]
    same = None not in shapes and len(shapes[0]) == len(shapes[1])
    return Step(MERGES[kind], {}, pair) if same and pair[0].dtype == pair[1].dtype else None


def _scaled(kind: str, config: dict[str, Any], call: Call) -> Step | None:
    values = (*call.args, *call.named.values())
    if kind == "Negative" and len(values) == 1:
        return _rescaling(values[0], -1.0, 0.0)
    pair = _pair(call)
    if pair is None:
        return None
    left, right = _number(pair[0]), _number(pair[1])
    if right is not None and isinstance(pair[0], Tensor):
        found = {
            "Add": (1.0, right),
            "Subtract": (1.0, -right),
            "Multiply": (right, 0.0),
            "Divide": (1 / right, 0.0) if right else None,
            "TrueDivide": (1 / right, 0.0) if right else None,
        }.get(kind)
        return _rescaling(pair[0], *found) if found else None
    if left is not None and isinstance(pair[1], Tensor):
        turned = {"Add": (1.0, left), "Subtract": (-1.0, left), "Multiply": (left, 0.0)}.get(kind)
        return _rescaling(pair[1], *turned) if turned else None
    return None


def _rescaling(tensor: Any, scale: float, offset: float) -> Step | None:
    if not isinstance(tensor, Tensor) or tensor.dtype not in _FLOATS:
        return None
    return Step("Rescaling", {"scale": scale, **({"offset": offset} if offset else {})}, (tensor,))


def _one(call: Call) -> Tensor | None:
    """The only tensor, where there is nothing else."""
    values = (*call.args, *call.named.values())
    return values[0] if len(values) == 1 and isinstance(values[0], Tensor) else None


def _activated(kind: str, config: dict[str, Any], call: Call) -> Step | None:
    tensor = _one(call)
    if tensor is None or tensor.dtype not in _FLOATS:
        return None
    if kind == "Softmax" and config.get("axis", -1) == -1:
        return Step("Activation", {"activation": "softmax"}, (tensor,))
    return Step("Activation", {"activation": _ACTIVATIONS[kind]}, (tensor,)) if kind in _ACTIVATIONS else None


def _joined(kind: str, config: dict[str, Any], call: Call) -> Step | None:
    tensors = call.tensors
    rank = len(tensors[0].shape or ()) if tensors else 0
    axis = config.get("axis", 0)
    if kind != "Concatenate" or len(tensors) < 2 or not isinstance(axis, int) or axis % max(rank, 1) == 0:
        return None
    return Step("Concatenate", {} if axis == -1 else {"axis": axis}, tensors)


def _pooled(kind: str, config: dict[str, Any], call: Call) -> Step | None:
    tensor = _one(call)
    if tensor is None or tensor.shape is None or kind not in _REDUCTIONS or not 3 <= len(tensor.shape) <= 5:
        return None
    rank, axes = len(tensor.shape), plain(config.get("axis"))
    places = [axes] if isinstance(axes, int) else axes
    wanted = isinstance(places, list) and sorted(place % rank for place in places) == list(range(1, rank - 1))
    if not wanted or tensor.dtype not in _FLOATS:
        return None
    return Step(f"{_REDUCTIONS[kind]}{rank - 2}D", {"keepdims": True} if config.get("keepdims") else {}, (tensor,))


def _shaped(kind: str, config: dict[str, Any], call: Call) -> Step | None:
    tensor = _one(call)
    if tensor is None or tensor.shape is None or not tensor.shape:
        return None
    if kind == "Reshape":
        target = plain(config.get("newshape"))
        sizes = tensor.shape[1:]
        if (
            isinstance(target, list)
            and len(target) > 1
            and target[0] in (-1, None)
            and None not in (*sizes, *target[1:])
        ):
            inner = [int(size) for size in target[1:]]
            if -1 not in inner and math.prod(inner) == math.prod(size or 1 for size in sizes):
                return Step("Reshape", {"target_shape": inner}, (tensor,))
    if kind == "Transpose":
        axes = plain(config.get("axes"))
        if isinstance(axes, list) and axes[:1] == [0] and sorted(axes) == list(range(len(tensor.shape))):
            return Step("Permute", {"dims": axes[1:]}, (tensor,))
    return None


def _function(kind: str, config: dict[str, Any], call: Call) -> Step | None:
    """A Lambda that names the operation."""
    function = _FUNCTIONS.get(kind) or re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", kind).lower()
    operation, values = OPERATIONS.get(function), (*call.args, *call.named.values())
    if operation is None or not values or not isinstance(values[0], Tensor) or values[0].dtype not in _FLOATS:
        return None
    given = {key: value for key, value in config.items() if key not in ("name", "dtype") and value not in (None, False)}
    wanted = dict(operation.takes)
    keywords = {keyword: setting for setting, keyword in operation.takes}
    if len(values) == 2 and len(wanted) == 1:
        given[next(iter(wanted.values()))] = values[1]
    elif len(values) > 1:
        return None
    params: dict[str, Any] = {"function": function}
    spec = layer_spec("Lambda")
    for keyword, value in given.items():
        param = spec.param(keywords[keyword]) if spec is not None and keyword in keywords else None
        if param is None or isinstance(value, list | dict | Tensor):
            return None
        params[param.name] = value
    return Step("Lambda", params, (values[0],)) if set(wanted) <= set(params) or not wanted else None
