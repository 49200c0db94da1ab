"""Raw picture arrays to what the network is fed, in Keras ops: one function for the SavedModel and the .keras file.

The rules are those of `workbench.data.imaging`. The resize runs in 64 bits, so that rounding to whole grey values falls
the same way here as there.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from keras import ops

from workbench.data.spec import ImagePreparation

_GREY = np.array([299.0, 587.0, 114.0])
_HALF_UP = 0.501


def network_input(prep: ImagePreparation, image: Any) -> Any:
    """What the network is fed for raw pictures.

    Args:
        prep: The fitted preparation.
        image: RGB values 0 to 255, shape (batch, height, width, 3), any size; a tensor or a KerasTensor.

    Returns:
        float32, shape (batch, prep.height, prep.width, prep.channels), scaled.
    """
    return scaled(prep, resized(prep, ops.cast(image, "float64")))


def scaled(prep: ImagePreparation, picture: Any) -> Any:
    """Whole grey values to what the network is fed."""
    return ops.cast(picture, "float32") * np.float32(prep.scale) + np.float32(prep.offset)


def resized(prep: ImagePreparation, image: Any) -> Any:
    """Made grey if asked, resized by the triangle filter and rounded to whole values; float64 in and out."""
    if prep.channels == 1:
        # Whole numbers up to 255500.5 over 1000 are never within rounding of the next one.
        image = ops.floor((ops.sum(image * _GREY, axis=-1, keepdims=True) + 500.5) / 1000.0)
    ones = ops.ones_like(image)
    rows = _weights(ones[:, :, 0, 0], prep.height)
    columns = _weights(ones[:, 0, :, 0], prep.width)
    image = ops.einsum("noh,nhwc->nowc", rows, image)
    image = ops.einsum("npw,nowc->nopc", columns, image)
    return ops.clip(ops.floor(image + _HALF_UP), 0.0, 255.0)


def _weights(ones: Any, size: int) -> Any:
    """The share of each source position in each of `size` new ones, shape (batch, size, length).

    The length is summed up from `ones`, of shape (batch, length), because a KerasTensor of unknown size has no other
    way to tell it.
    """
    position = ops.cumsum(ones, axis=1) - 1.0
    step = (ops.max(position, axis=1, keepdims=True) + 1.0) / float(size)
    new = np.arange(size, dtype="float64")[None, :, None] + 0.5
    centre = ops.expand_dims(step, 2) * new - 0.5
    reach = ops.expand_dims(ops.maximum(step, 1.0), 2)
    weights = ops.relu(1.0 - ops.abs(centre - ops.expand_dims(position, 1)) / reach)
    return weights / ops.sum(weights, axis=2, keepdims=True)
