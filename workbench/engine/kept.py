"""A layer, model or operation of Keras's own that an import kept whole: made again from its description, looked at."""

from __future__ import annotations

import copy
from typing import Any

import keras

from workbench.engine.importing.revive import revived
from workbench.engine.seeds import derived_seed
from workbench.importing import allowed, text


class Kept:
    """Calls what was kept with its tensors where they stood.

    Args:
        params: The node's parameters (see `workbench.importing.kept`).
        name: The layer's name.
        seed: Seeds its weights, together with `name`; None leaves them to Keras.

    Raises:
        FileError: The description is none, or holds what no layer of Keras's own does.
    """

    def __init__(self, params: dict[str, Any], name: str, seed: int | None) -> None:
        described = text.read(name, str(params["definition"]))
        # Whoever wrote the project may have written anything here.
        allowed.check_value(name, described)
        layer = copy.deepcopy(described["layer"])
        if "name" in layer["config"]:
            layer["config"]["name"] = name
        if seed is not None:
            _seed(layer["config"], seed, name)
        self.name = name
        self._outputs = int(params.get("outputs") or 1)
        self._args: list[Any] = described["args"]
        self._kwargs: dict[str, Any] = described["kwargs"]
        self.layer = revived(layer)

    def __call__(self, tensors: Any) -> Any:
        given = list(tensors) if isinstance(tensors, list | tuple) else [tensors]
        arguments = [_filled(value, given) for value in self._args]
        named = {key: _filled(value, given) for key, value in self._kwargs.items()}
        found = keras.tree.flatten(self.layer(*arguments, **named))
        return found[: self._outputs] if self._outputs > 1 else found[0]

    @property
    def weights(self) -> list[Any]:
        """What the layer keeps; an operation keeps nothing."""
        return list(getattr(self.layer, "weights", ()))

    @property
    def trainable_weights(self) -> list[Any]:
        """What of it learns."""
        return list(getattr(self.layer, "trainable_weights", ()))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or "layer" not in self.__dict__:
            raise AttributeError(name)
        return getattr(self.layer, name)


def _filled(value: Any, tensors: list[Any]) -> Any:
    if isinstance(value, dict):
        if set(value) == {"input"}:
            return tensors[value["input"]]
        if value.get("class_name") == "__slice__":
            part = value["config"]
            return slice(part["start"], part["stop"], part["step"])
        if value.get("class_name") == "__ellipsis__":
            return Ellipsis
        return {key: _filled(item, tensors) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, tensors) for item in value]
    return value


def _seed(value: Any, seed: int, path: str) -> None:
    """Give every initializer and every source of randomness that has no seed one of its own."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        if key == "seed" and item is None:
            value[key] = derived_seed(seed, path)
        else:
            _seed(item, seed, f"{path}/{key}")
