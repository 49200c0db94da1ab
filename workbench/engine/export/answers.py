"""The network's outputs to answers: probabilities and names, or the value in its own unit."""

from __future__ import annotations

from typing import Any

import tensorflow as tf
from keras import ops

from workbench.data.spec import ClassTarget, Preparation, ValueTarget
from workbench.engine.export.columns import further_names


def probabilities(outputs: Any) -> Any:
    """One probability a class, shape (batch, classes); one single output p becomes (1 - p, p)."""
    if outputs.shape[-1] == 1:
        return ops.concatenate([1.0 - outputs, outputs], axis=-1)
    return outputs


def value(target: ValueTarget, outputs: Any) -> Any:
    """The value in the target's own unit, shape (batch,)."""
    return ops.cast(ops.cast(outputs[:, 0], "float64") * target.std + target.mean, "float32")


def each(prep: Preparation, outputs: Any) -> list[tuple[str, ClassTarget | ValueTarget, Any]]:
    """The network's outputs with their targets and with what their answers' names begin with: nothing for the main."""
    tensors = outputs if isinstance(outputs, list | tuple) else [outputs]
    return list(zip(_beginnings(prep), prep.targets, tensors, strict=True))


def _beginnings(prep: Preparation) -> list[str]:
    return ["", *(f"{name}_" for name in further_names(prep).values())]


def named(prep: Preparation, outputs: Any) -> dict[str, tf.Tensor]:
    """What a signature gives back: `label`, `confidence` and `probabilities`, or `value`.

    The answers to a further target have its name before theirs: `sex_label`.
    """
    return {
        f"{before}{name}": tensor
        for before, target, output in each(prep, outputs)
        for name, tensor in _named(target, output).items()
    }


def _named(target: ClassTarget | ValueTarget, outputs: tf.Tensor) -> dict[str, tf.Tensor]:
    outputs = tf.cast(outputs, tf.float32)
    if isinstance(target, ValueTarget):
        return {"value": value(target, outputs)}
    chances = probabilities(outputs)
    return {
        "label": tf.gather(tf.constant(target.classes), tf.argmax(chances, axis=-1)),
        "confidence": tf.reduce_max(chances, axis=-1),
        "probabilities": chances,
    }


def classes(prep: Preparation) -> dict[str, tuple[str, ...]]:
    """The class names of each target that has some: `classes`, and `sex_classes` of a further one."""
    return {
        f"{before}classes": target.classes
        for before, target in zip(_beginnings(prep), prep.targets, strict=True)
        if isinstance(target, ClassTarget)
    }
