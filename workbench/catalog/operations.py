"""What a Lambda may do: operations by name, each one function of `keras.ops`; Python code is never carried."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from workbench.core.params import Param

PLAIN = (
    "square",
    "sqrt",
    "absolute",
    "negative",
    "reciprocal",
    "exp",
    "expm1",
    "log",
    "log1p",
    "sin",
    "cos",
    "sign",
    "floor",
    "ceil",
    "round",
    "stop_gradient",
)
ALONG_AN_AXIS = (
    "mean",
    "sum",
    "max",
    "min",
    "std",
    "var",
    "prod",
    "median",
    "logsumexp",
    "argmax",
    "argmin",
    "sort",
    "cumsum",
    "flip",
    "normalize",
    "softmax",
    "expand_dims",
    "squeeze",
)
WITH_A_VALUE = ("add", "subtract", "multiply", "divide", "power", "maximum", "minimum")
DTYPES = ("float32", "int32", "bool")


@dataclasses.dataclass(frozen=True, slots=True)
class Operation:
    """One operation.

    Args:
        name: The function's name in `keras.ops`.
        takes: Which of the layer's settings it takes, each with Keras's keyword for it, in Keras's order.
    """

    name: str
    takes: tuple[tuple[str, str], ...] = ()


OPERATIONS: dict[str, Operation] = {
    **{name: Operation(name) for name in PLAIN},
    **{name: Operation(name, (("axis", "axis"),)) for name in ALONG_AN_AXIS},
    **{name: Operation(name, (("value", "x2"),)) for name in WITH_A_VALUE},
    "clip": Operation("clip", (("lowest", "x_min"), ("highest", "x_max"))),
    "cast": Operation("cast", (("number_type", "dtype"),)),
    "one_hot": Operation("one_hot", (("count", "num_classes"),)),
    "take": Operation("take", (("place", "indices"), ("axis", "axis"))),
}


def users(setting: str) -> str:
    """The operations that take a setting, in words."""
    return ", ".join(name for name, operation in OPERATIONS.items() if setting in dict(operation.takes))


PARAMS: tuple[Param, ...] = (
    Param(
        "function",
        "choice",
        "square",
        required=True,
        doc="What is done with every number, or along one axis: a function of keras.ops.",
        choices=tuple(OPERATIONS),
    ),
    Param(
        "axis",
        "integer",
        -1,
        doc=f"Along which axis of a sample, 1 for the first, -1 for the last. Used by {users('axis')}.",
    ),
    Param("value", "number", 1.0, doc=f"The other number. Used by {users('value')}."),
    Param("lowest", "number", 0.0, doc=f"What lies below becomes this. Used by {users('lowest')}."),
    Param("highest", "number", 1.0, doc=f"What lies above becomes this. Used by {users('highest')}."),
    Param(
        "number_type",
        "choice",
        "float32",
        doc=f"The type that the numbers get. Used by {users('number_type')}.",
        choices=DTYPES,
    ),
    Param("count", "integer", 10, doc=f"How many classes there are. Used by {users('count')}.", minimum=1),
    Param("place", "integer", -1, doc=f"Which place along the axis, -1 for the last. Used by {users('place')}."),
)


def call_of(params: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The function of `keras.ops` that a Lambda with these settings calls on its input, and its further arguments.

    Args:
        params: What the user set; what is missing is at its default.
    """
    settings = {param.name: params.get(param.name, param.default) for param in PARAMS}
    operation = OPERATIONS[settings["function"]]
    return operation.name, {keyword: settings[setting] for setting, keyword in operation.takes}
