"""Layers that are made of others: a functional model of their own, built when it is known what reaches them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras

from workbench.catalog.operations import call_of
from workbench.engine.seeds import derived_seed

Make = Callable[[tuple[int | None, ...], str], keras.Model]


class Block:
    """Stands for a layer until its first call makes the model; from then on it is that model.

    Args:
        name: The layer's name.
        make: Makes the model for one sample's shape and the type of its numbers.
    """

    def __init__(self, name: str, make: Make) -> None:
        self.name = name
        self._make = make
        self.model: keras.Model | None = None

    def __call__(self, tensor: Any, **options: Any) -> Any:
        if self.model is None:
            self.model = self._make(tuple(tensor.shape[1:]), str(tensor.dtype))
        return self.model(tensor, **options)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or self.__dict__.get("model") is None:
            raise AttributeError(f"{type(self).__name__} has no {name!r} before its first call")
        return getattr(self.model, name)


def functional(name: str, step: Callable[[Any], Any]) -> Block:
    """A block that does one thing to what reaches it."""

    def make(shape: tuple[int | None, ...], dtype: str) -> keras.Model:
        entry = keras.Input(shape, dtype=dtype, name=f"{name}_in")
        return keras.Model(entry, step(entry), name=name)

    return Block(name, make)


def operation(params: dict[str, Any], name: str) -> Block:
    """A Lambda: one function of `keras.ops`, by name. Keras reopens the block without running any code of ours."""
    function, arguments = call_of(params)
    called = getattr(keras.ops, function)
    return functional(name, lambda tensor: called(tensor, **arguments))


def random_crop(arguments: dict[str, Any], name: str) -> Block:
    """A RandomCrop that keeps its size: Keras crops while training only, and then what follows would get two sizes."""
    height, width = arguments["height"], arguments["width"]

    def cut(tensor: Any) -> Any:
        tensor = keras.layers.RandomCrop(name=f"{name}_random", **arguments)(tensor)
        return keras.layers.CenterCrop(height, width, name=f"{name}_center")(tensor)

    return functional(name, cut)


def equalization(arguments: dict[str, Any], name: str) -> keras.layers.Layer:
    """An Equalization inside a Pipeline: alone, Keras takes its output for its input, and sees a circle."""
    inner = keras.layers.Equalization(name=f"{name}_inner", **arguments)
    return keras.layers.Pipeline([inner], name=name)


def seed_model(model: keras.Model, seed: int) -> None:
    """Draw anew every weight and every source of randomness of a model that was built without seeds."""
    for layer in model._flatten_layers(include_self=False):
        for weight in layer._trainable_variables:
            initializer = _initializer_of(layer, weight.name)
            if initializer is None or "seed" not in initializer.get_config():
                continue
            config = {**initializer.get_config(), "seed": derived_seed(seed, model.name, layer.name, weight.name)}
            draw = type(initializer).from_config(config)
            weight.assign(draw(tuple(weight.shape), dtype=weight.dtype))
        generator = getattr(layer, "seed_generator", None)
        if generator is not None:
            generator.state.assign([derived_seed(seed, model.name, layer.name, "seed"), 0])


def _initializer_of(layer: Any, weight: str) -> Any:
    stem = weight.removesuffix("_kernel")
    for name in (f"{weight}_initializer", f"{stem}_initializer", "depthwise_initializer"):
        if hasattr(layer, name):
            return getattr(layer, name)
    return None
