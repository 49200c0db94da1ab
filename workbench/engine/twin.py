"""The model that is trained: the same layers as the network, with what only training needs around them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import keras
import numpy as np
import tensorflow as tf


class Twin(keras.Model):
    """Trains one network, each of its outputs towards a target by a loss of its own."""

    weigh: tf.Tensor | None = None
    """How much each class counts while training; None for all alike."""
    weighed: frozenset[str] | None = None
    """The outputs whose classes these are; None for all."""

    each_loss: Mapping[str, keras.losses.Loss] = {}
    """The losses of several outputs, by name, the main output's first."""

    def weigh_classes(self, weights: np.ndarray | None, outputs: Iterable[str] | None = None) -> None:
        """Let classes count by these weights while training, not while measuring.

        Args:
            weights: One for each class, by its number; None for all alike.
            outputs: The outputs that learn these classes, by name; None for all.
        """
        self.weigh = None if weights is None else tf.constant(weights, tf.float32)
        self.weighed = None if outputs is None else frozenset(outputs)

    def compute_loss(
        self, x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Any = None, training: bool = True
    ) -> Any:
        """The sum of all outputs' losses, each times its weight."""
        y, sample_weight = self._each(y, y_pred), self._each(sample_weight, y_pred)
        if training and self.weigh is not None and y is not None:
            sample_weight = self._weighed(y, sample_weight)
        return super().compute_loss(x, y, y_pred, sample_weight, training)

    def loss_of(self, output: str, y: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """One output's own loss of a batch while training, as Keras names it: not yet times its weight in the sum.

        Args:
            output: Its name.
            y: The targets of all outputs, by name.
            y_pred: The answers of all outputs, by name.
            sample_weight: How much each sample counts.
        """
        y, sample_weight = self._each(y, y_pred), self._each(sample_weight, y_pred)
        if self.weigh is not None:
            sample_weight = self._weighed(y, sample_weight)
        weight = None if sample_weight is None else sample_weight[output]
        return self.each_loss[output](y[output], y_pred[output], sample_weight=weight)

    def _weighed(self, y: Any, sample_weight: Any) -> Any:
        """The samples' weights, times those of their classes where an output learns these."""
        weigh = self.weigh
        assert weigh is not None, "asked for only where classes are weighed"
        if isinstance(y, Mapping):
            given = sample_weight or {name: tf.ones((tf.shape(one)[0],)) for name, one in y.items()}
            return {
                name: weight * _of_classes(weigh, y[name]) if self.weighed is None or name in self.weighed else weight
                for name, weight in given.items()
            }
        classes = _of_classes(weigh, y)
        return classes if sample_weight is None else sample_weight * classes

    def compute_metrics(self, x: Any, y: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """The metrics of every output."""
        return super().compute_metrics(x, self._each(y, y_pred), y_pred, self._each(sample_weight, y_pred))

    @staticmethod
    def _each(value: Any, y_pred: Any) -> Any:
        """The same for every output."""
        if value is None or not isinstance(y_pred, Mapping) or isinstance(value, Mapping):
            return value
        return dict.fromkeys(y_pred, value)


def _of_classes(weigh: tf.Tensor, y: Any) -> tf.Tensor:
    return tf.gather(weigh, class_numbers(y, weigh.shape[0]))


def class_numbers(y: Any, classes: int) -> Any:
    """The number of each sample's class, whatever form the targets have.

    Args:
        y: Class numbers, one number a class, or the probability of the second class.
        classes: How many classes there are.
    """
    if len(y.shape) == 2 and y.shape[-1] == classes:
        return tf.argmax(y, axis=-1, output_type=tf.int32)
    return tf.cast(tf.reshape(y, (-1,)), tf.int32)
