"""One part of a dataset as the network takes it: whole on the device where it fits, in an order of (seed, epoch)."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from workbench.catalog.losses import LossSpec
from workbench.data.dataset import Part
from workbench.data.spec import ClassTarget, ImagePreparation, Preparation

RESIDENT_BYTES = 1 << 30
"""Samples beyond this are handed over stretch by stretch instead of being kept on the device."""


def epoch_order(samples: int, seed: int, epoch: int) -> np.ndarray:
    """The order in which an epoch sees the samples: the same for the same seed and epoch, on any machine."""
    return np.random.default_rng((seed, epoch)).permutation(samples).astype(np.int32)


class Feed:
    """Hands out samples and targets as the network takes them.

    Pictures stay bytes until the step that uses them; casting and scaling happen inside the compiled step.

    Args:
        part: The samples, prepared but not scaled, and their targets.
        preparation: How the dataset was prepared; a picture's scale comes from it.
        loss: Decides the targets' form: class numbers, one-hot rows, or one value.
        resident_bytes: The most that is kept on the device.
    """

    def __init__(
        self, part: Part, preparation: Preparation, loss: LossSpec, resident_bytes: int = RESIDENT_BYTES
    ) -> None:
        self.samples = len(part.x)
        self._preparation = preparation.input
        self._one_hot = loss.outputs if loss.one_hot else 0
        x, y = part.x, _targets(part.y, preparation, loss)
        self.resident = x.nbytes + y.nbytes <= resident_bytes
        arrays = (x, y) if part.weight is None else (x, y, part.weight)
        self._arrays: tuple[Any, ...] = tuple(map(tf.constant, arrays)) if self.resident else arrays
        self.signature = tuple(tf.TensorSpec((None, *array.shape[1:]), array.dtype) for array in arrays)

    def stretch(self, order: np.ndarray) -> tuple[tf.Tensor, ...]:
        """Samples, targets, weights where there are any, and which of their rows to take, in order, for `order`'s."""
        if self.resident:
            return *self._arrays, tf.constant(order)
        rows = np.arange(len(order), dtype=np.int32)
        return *(tf.constant(array[order]) for array in self._arrays), tf.constant(rows)

    def batch(self, x: tf.Tensor, y: tf.Tensor, *weights_and_rows: tf.Tensor) -> tuple[tf.Tensor, ...]:
        """Inside the compiled step: the named rows as the network and its loss take them.

        Args:
            x: Samples.
            y: Targets.
            weights_and_rows: How much each sample counts, where the feed has that, and which rows to take.
        """
        *weights, rows = weights_and_rows
        inputs, targets = tf.gather(x, rows), tf.gather(y, rows)
        if isinstance(self._preparation, ImagePreparation):
            inputs = tf.cast(inputs, tf.float32) * self._preparation.scale + self._preparation.offset
        if self._one_hot:
            targets = tf.one_hot(targets, self._one_hot)
        return inputs, targets, *(tf.gather(weight, rows) for weight in weights)

    def sample(self) -> tuple[tf.Tensor, ...]:
        """The first two samples, as a batch."""
        return self.batch(*self.stretch(np.arange(min(2, self.samples), dtype=np.int32)))


def _targets(y: np.ndarray, preparation: Preparation, loss: LossSpec) -> np.ndarray:
    if isinstance(preparation.target, ClassTarget) and loss.outputs > 1:
        return y.astype(np.int32)
    return y.astype(np.float32).reshape(-1, 1)
