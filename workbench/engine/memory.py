"""Whether a training fits the memory, asked before it starts: on a CPU, running out ends the whole program."""

from __future__ import annotations

import math

import psutil

from workbench.core.errors import TrainingError
from workbench.engine import runtime
from workbench.engine.check import CheckReport
from workbench.project.model import TrainingSettings

BYTES = 4
"""Of one number: trainings compute in float32."""
MOST_NUMBERS = 2**31 - 1
"""In one tensor: TensorFlow's CPU kernels count with 32 bits, and crash beyond."""

_STATES = {"sgd": 0, "adam": 2, "adamw": 2}


def require_memory(report: CheckReport, settings: TrainingSettings, device: runtime.Device) -> None:
    """Refuse a training that would not fit. On a GPU TensorFlow itself says so, without harm.

    Args:
        report: What is known of the drawing.
        settings: Batch size and optimizer.
        device: Where it will train.

    Raises:
        TrainingError: It needs more than is free; the hint names the largest batch that fits, where one does.
    """
    if device.kind != "cpu":
        return
    free = psutil.virtual_memory().available
    # Each weight has a gradient beside it, and what the optimizer remembers of it.
    copies = 2 + _STATES.get(settings.optimizer, 1)
    fixed = (report.total_params + report.trainable_params * (copies - 1)) * BYTES
    # What the layers put out is kept until the gradients are taken.
    outputs = [math.prod(size or 1 for size in node.output_shape) for node in report.nodes if node.output_shape]
    each = max(sum(outputs) * BYTES, 1)
    largest = min((free - fixed) // each, MOST_NUMBERS // max(outputs, default=1))
    if settings.batch_size <= largest:
        return
    needed = fixed + settings.batch_size * each
    received = (
        f"about {needed / 1e9:,.1f} GB are needed for a batch of {settings.batch_size}, {free / 1e9:,.1f} GB are free"
    )
    if largest < 1:
        raise TrainingError("The memory is not large enough for this network.", received, "Try smaller layers.")
    fitting = 2 ** int(math.log2(largest))
    raise TrainingError(
        "The memory is not large enough for this training.",
        received,
        f"Try a smaller batch size, {fitting} instead of {settings.batch_size}, or a smaller network.",
    )
