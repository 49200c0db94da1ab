"""A training's variables as arrays and back: weights, optimizer, metrics and the states of all random generators.

No file of Keras's holds the states of its seed generators (https://github.com/keras-team/keras/issues/19796).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import keras
import numpy as np

from workbench.core.errors import TrainingError

MODEL, OPTIMIZER, METRICS = "model", "optimizer", "metrics"
Arrays = Mapping[str, np.ndarray]


def groups(model: keras.Model) -> dict[str, list[Any]]:
    """The variables of a compiled model whose optimizer and metrics are built, each once, in an order of their own."""
    seen: set[int] = set()

    def fresh(variables: Iterable[Any]) -> list[Any]:
        found = [variable for variable in variables if id(variable) not in seen]
        seen.update(map(id, found))
        return found

    return {
        MODEL: fresh(model.variables),
        OPTIMIZER: fresh(model.optimizer.variables),
        METRICS: fresh(model.metrics_variables),
    }


def taken(model: keras.Model) -> dict[str, np.ndarray]:
    """All of them as they are now, by group and number: Keras's own names count up from run to run."""
    return {
        f"{group}/{number}": np.array(keras.ops.convert_to_numpy(variable))
        for group, variables in groups(model).items()
        for number, variable in enumerate(variables)
    }


def put_back(model: keras.Model, arrays: Arrays, only: Iterable[str] = (MODEL, OPTIMIZER, METRICS)) -> None:
    """Give the variables of these groups what `taken` found.

    Raises:
        TrainingError: The state is that of another network or optimizer; nothing was changed.
    """
    known = groups(model)
    pairs = []
    for group in only:
        if not fits(model, arrays, group):
            raise TrainingError(
                "A run goes on with the network and the optimizer that it began with.",
                f"the checkpoint's {group} is another",
                "Train anew.",
            )
        pairs += [(variable, arrays[f"{group}/{number}"]) for number, variable in enumerate(known[group])]
    for variable, array in pairs:
        variable.assign(array)


def fits(model: keras.Model, arrays: Arrays, group: str) -> bool:
    """Whether a group of a state has the shapes and types of the model's."""
    variables = groups(model)[group]
    saved = [name for name in arrays if name.startswith(f"{group}/")]
    if len(saved) != len(variables):
        return False
    found = [arrays[f"{group}/{number}"] for number in range(len(variables))]
    return all(
        array.shape == tuple(variable.shape) and array.dtype.name == str(variable.dtype)
        for array, variable in zip(found, variables, strict=True)
    )
