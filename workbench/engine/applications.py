"""Every model of `keras.applications` as one block: with or without its top, its weights, frozen where it is wanted."""

from __future__ import annotations

import difflib
import inspect
import re
from pathlib import Path
from typing import Any

import keras

from workbench.catalog.applications import COLOURS, named_after, preparation, scale
from workbench.catalog.layers import layer_spec
from workbench.core.errors import GraphError
from workbench.engine.blocks import Block, seed_model

# Settings that are not arguments of Keras's function.
_OURS = ("weights", "weights_file", "prepare", "trainable", "freeze_until")


def block(layer: str, given: dict[str, Any], name: str, seed: int | None) -> Block:
    """The block of one published model; it takes its input's shape from what reaches it.

    Args:
        layer: The function's name in `keras.applications`.
        given: What the user set, checked.
        name: The layer's name.
        seed: Seeds what is drawn; None where only shapes are asked for, and then no weights are read or downloaded.
    """
    spec = layer_spec(layer)
    settings = {param.name: given.get(param.name, param.default) for param in (spec.params if spec else ())}

    def make(shape: tuple[int | None, ...], dtype: str) -> keras.Model:
        return _made(layer, settings, shape, dtype, name, seed)

    return Block(name, make)


def _made(
    layer: str, settings: dict[str, Any], shape: tuple[int | None, ...], dtype: str, name: str, seed: int | None
) -> keras.Model:
    if len(shape) != 3:
        raise GraphError(
            f"{layer} needs pictures (height, width, channels), but gets {len(shape)} axes.", "", "Insert a Reshape."
        )
    weights = settings["weights"] if seed is not None else "none"
    function = getattr(keras.applications, layer)
    accepted = inspect.signature(function).parameters
    arguments = {key: value for key, value in settings.items() if key in accepted and key not in _OURS}
    if settings["weights"] == "imagenet" and settings["include_top"]:
        _require(settings["classes"] == 1000, f"{layer} knows 1000 classes with these weights.", settings["classes"])
    if settings["weights"] == "imagenet":
        _require(shape[-1] == 3, f"{layer} needs colour pictures (3 channels) with these weights.", shape[-1])
    if "include_preprocessing" in accepted:
        arguments["include_preprocessing"] = settings["prepare"] and shape[-1] == COLOURS
    inner_name = f"{name}_{layer.lower()}"
    try:
        inner = function(
            **arguments,
            weights="imagenet" if weights == "imagenet" else None,
            input_shape=shape,
            **({} if named_after(layer) else {"name": inner_name}),
        )
    except ValueError as error:
        raise _explained(layer, shape, error) from error
    # Keras tells a failed download by the bare class.
    except Exception as error:
        if weights != "imagenet" or type(error) is not Exception:
            raise
        raise GraphError(
            f"The weights of {layer} could not be downloaded.",
            str(error).split(": ", 1)[-1],
            "Look at the connection and train again, or set the weights to none or to a file.",
        ) from error
    inner.name = inner_name
    if weights == "none" and seed is not None:
        seed_model(inner, seed)
    if weights == "file":
        _load(inner, settings["weights_file"], layer)
    _freeze(inner, settings, layer)
    entry = keras.Input(shape, dtype=dtype, name=f"{name}_in")
    tensor = _prepared(layer, entry, name) if settings["prepare"] else entry
    return keras.Model(entry, inner(tensor), name=name)


def _require(holds: bool, rule: str, received: Any) -> None:
    if not holds:
        raise GraphError(rule, str(received), "Set the weights to none, or change it.")


def _explained(layer: str, shape: tuple[int | None, ...], error: ValueError) -> Exception:
    least = re.search(r"at least (\d+)x(\d+)", str(error))
    size = "×".join(str(axis) for axis in shape)
    if least:
        words = f"{layer} needs pictures of at least {least.group(1)}×{least.group(2)}, but gets {size}."
        return GraphError(words, "", f"Insert a Resizing to {least.group(1)}×{least.group(2)}.")
    return GraphError(f"{layer} cannot be placed here.", str(error).split("\n")[0], "Change its settings.")


def _load(model: keras.Model, path: str | None, layer: str) -> None:
    _require(bool(path), f"{layer} needs a file to read its weights from.", "none")
    file = Path(str(path))
    if file.suffix != ".h5" or not file.is_file():
        raise GraphError("The weights must be a file that ends in .weights.h5.", str(file), "Choose another file.")
    try:
        model.load_weights(file)
    # h5py and Keras raise classes of many kinds here, and each means: not these weights.
    except Exception as error:
        raise GraphError(
            f"The weights must be those of a {layer} with these settings.", f"{file.name}: {error}", "Choose another."
        ) from error


def _freeze(model: keras.Model, settings: dict[str, Any], layer: str) -> None:
    if not settings["trainable"]:
        model.trainable = False
        return
    last = settings["freeze_until"]
    if not last:
        return
    names = [inner.name for inner in model.layers]
    if last not in names:
        near = difflib.get_close_matches(str(last), names, 3) or names[-3:]
        raise GraphError(f"{layer} has no layer called {last!r}.", "", f"It has {', '.join(near)} and others.")
    for inner in model.layers[: names.index(last) + 1]:
        inner.trainable = False


def _prepared(layer: str, tensor: Any, name: str) -> Any:
    """Pictures from 0 to 1 as the published weights expect them; what is not colour passes unchanged."""
    if tensor.shape[-1] != COLOURS:
        return tensor
    if preparation(layer) == "blue first":
        tensor = keras.ops.flip(tensor, axis=-1)
    kind, params = scale(layer)
    return getattr(keras.layers, kind)(name=f"{name}_scale", **params)(tensor)
