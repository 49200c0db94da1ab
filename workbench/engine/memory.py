"""Whether a training fits the memory, asked before it starts: on a CPU, running out ends the whole program."""

from __future__ import annotations

import math
from collections.abc import Iterator

import keras
import psutil

from workbench.core.errors import TrainingError
from workbench.engine import runtime

BYTES = 4
"""Of one number: trainings compute in float32."""
MOST_NUMBERS = 2**31 - 1
"""In one tensor: TensorFlow's CPU kernels count with 32 bits, and crash beyond."""


def require_memory(model: keras.Model, batch_size: int, device: runtime.Device) -> None:
    """Refuse a training that would not fit. On a GPU TensorFlow itself says so, without harm.

    Args:
        model: Compiled.
        batch_size: Samples a step.
        device: Where it will train.

    Raises:
        TrainingError: It needs more than is free; the hint names the largest batch that fits, where one does.
    """
    if device.kind != "cpu":
        return
    free = psutil.virtual_memory().available
    fixed = _state_bytes(model)
    sizes = list(_output_sizes(model))
    largest = min((free - fixed) // max(sum(sizes) * BYTES, 1), MOST_NUMBERS // max(sizes, default=1))
    if batch_size <= largest:
        return
    needed = fixed + batch_size * sum(sizes) * BYTES
    received = f"about {needed / 1e9:,.1f} GB are needed for a batch of {batch_size}, {free / 1e9:,.1f} GB are free"
    if largest < 1:
        raise TrainingError("The memory is not large enough for this network.", received, "Try smaller layers.")
    fitting = 2 ** int(math.log2(largest))
    raise TrainingError(
        "The memory is not large enough for this training.",
        received,
        f"Try a smaller batch size, {fitting} instead of {batch_size}, or a smaller network.",
    )


def _state_bytes(model: keras.Model) -> int:
    """What the gradients and the optimizer keep beside the weights, which are there already."""
    weights = sum(math.prod(weight.shape) for weight in model.trainable_variables)
    states = {"Adam": 2, "AdamW": 2}.get(type(model.optimizer).__name__, 1)
    return weights * BYTES * (1 + states)


def _output_sizes(model: keras.Model) -> Iterator[int]:
    """How many numbers each layer puts out for one sample; all are kept until the gradients are taken."""
    for operation in model.operations:
        for tensor in keras.tree.flatten(operation.output):
            yield math.prod(size or 1 for size in tensor.shape[1:])
