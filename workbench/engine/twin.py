"""The model that is trained: the same layers as the network, with what only training needs around them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
import tensorflow as tf


class Twin(keras.Model):
    """Trains one network, each of its outputs towards the same target by a loss of its own."""

    weigh: tf.Tensor | None = None
    """How much each class counts while training; None for all alike."""

    def weigh_classes(self, weights: np.ndarray | None) -> None:
        """Let classes count by these weights while training, not while measuring.

        Args:
            weights: One for each class, by its number; None for all alike.
        """
        self.weigh = None if weights is None else tf.constant(weights, tf.float32)

    def compute_loss(
        self, x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Any = None, training: bool = True
    ) -> Any:
        """The sum of all outputs' losses, each times its weight."""
        if training and self.weigh is not None and y is not None:
            classes = tf.gather(self.weigh, class_numbers(y, self.weigh.shape[0]))
            sample_weight = classes if sample_weight is None else sample_weight * classes
        y, sample_weight = self._each(y, y_pred), self._each(sample_weight, y_pred)
        return super().compute_loss(x, y, y_pred, sample_weight, training)

    def compute_metrics(self, x: Any, y: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """The metrics of every output."""
        return super().compute_metrics(x, self._each(y, y_pred), y_pred, self._each(sample_weight, y_pred))

    @staticmethod
    def _each(value: Any, y_pred: Any) -> Any:
        """The same for every output."""
        if value is None or not isinstance(y_pred, Mapping) or isinstance(value, Mapping):
            return value
        return dict.fromkeys(y_pred, value)


def class_numbers(y: Any, classes: int) -> Any:
    """The number of each sample's class, whatever form the targets have.

    Args:
        y: Class numbers, one number a class, or the probability of the second class.
        classes: How many classes there are.
    """
    if len(y.shape) == 2 and y.shape[-1] == classes:
        return tf.argmax(y, axis=-1, output_type=tf.int32)
    return tf.cast(tf.reshape(y, (-1,)), tf.int32)
