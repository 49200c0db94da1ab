"""The network's outputs to answers: probabilities and names, or the value in its own unit."""

from __future__ import annotations

from typing import Any

import tensorflow as tf
from keras import ops

from workbench.data.spec import ClassTarget, ValueTarget


def probabilities(outputs: Any) -> Any:
    """One probability a class, shape (batch, classes); one single output p becomes (1 - p, p)."""
    if outputs.shape[-1] == 1:
        return ops.concatenate([1.0 - outputs, outputs], axis=-1)
    return outputs


def value(target: ValueTarget, outputs: Any) -> Any:
    """The value in the target's own unit, shape (batch,)."""
    return ops.cast(ops.cast(outputs[:, 0], "float64") * target.std + target.mean, "float32")


def named(target: ClassTarget | ValueTarget, outputs: tf.Tensor) -> dict[str, tf.Tensor]:
    """What a signature gives back: `label`, `confidence` and `probabilities`, or `value`."""
    outputs = tf.cast(outputs, tf.float32)
    if isinstance(target, ValueTarget):
        return {"value": value(target, outputs)}
    chances = probabilities(outputs)
    return {
        "label": tf.gather(tf.constant(target.classes), tf.argmax(chances, axis=-1)),
        "confidence": tf.reduce_max(chances, axis=-1),
        "probabilities": chances,
    }
