"""One training on several devices at once: each batch in equal shards, the gradients summed (MirroredStrategy).

Where a batch does not divide evenly, its last sample stands in for what is missing and counts nothing in the gradients;
metrics count it once more, which is at most one sample less than there are devices, in the last batch.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from workbench.engine import runtime


def scope(device: runtime.Device) -> contextlib.AbstractContextManager[Any]:
    """Where a training's variables and steps are placed: on its device, or on copies on all of them."""
    if device.id != runtime.ALL:
        return tf.device(device.tensorflow_name)
    return tf.distribute.MirroredStrategy(runtime.all_names()).scope()


def count() -> int:
    """How many devices share a batch here."""
    return int(tf.distribute.get_strategy().num_replicas_in_sync)


def shared(step: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A model's `train_step` or `test_step`, its batch shared out; the step itself where there is one device."""
    strategy, replicas = tf.distribute.get_strategy(), count()
    if replicas == 1:
        return step

    def run(batch: tuple[Any, ...]) -> None:
        inputs, targets, *weights = batch
        samples = tf.shape(tf.nest.flatten(inputs)[0])[0]
        places = tf.range(-(-samples // replicas) * replicas)
        # Keras divides by a shard's samples, and by the number of shards: this makes it the batch's own mean again.
        weight = tf.where(places < samples, tf.size(places) / samples, tf.zeros((), tf.float64))
        weight = tf.cast(weight, tf.float32)

        def even(values: tf.Tensor) -> tf.Tensor:
            return tf.gather(values, tf.minimum(places, samples - 1))

        def dealt(values: tf.Tensor) -> Any:
            return strategy.experimental_distribute_values_from_function(
                lambda context: values[context.replica_id_in_sync_group :: replicas]
            )

        given = weights[0] if weights else tf.ones((samples,))
        whole = [
            *tf.nest.map_structure(even, [inputs, targets]),
            tf.nest.map_structure(lambda w: even(w) * weight, given),
        ]
        strategy.run(lambda *shards: _ignored(step(shards)), args=tuple(tf.nest.map_structure(dealt, whole)))

    return run


def _ignored(_: Any) -> None:
    """What a step returns is of one shard only; the metrics hold the whole."""


def once(step: Callable[[Any], Any], batch: tuple[Any, ...]) -> None:
    """Run a step on one batch, as to build what it needs."""
    if count() == 1:
        step(batch)
    else:
        tf.function(lambda: shared(step)(batch), autograph=False)()
