"""The size of a training's gradients, seen inside the compiled step where the optimizer takes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf


class GradientNorm:
    """Looks at what an optimizer is given to apply: the norm of all gradients together.

    Args:
        optimizer: Built; its `apply` is watched while steps are traced.
    """

    def __init__(self, optimizer: keras.optimizers.Optimizer) -> None:
        self._optimizer = optimizer
        self._seen: list[Any] = []
        applied = optimizer.apply

        def apply(grads: Sequence[Any], trainable_variables: Any = None) -> Any:
            self._seen = [gradient for gradient in grads if gradient is not None]
            return applied(grads, trainable_variables)

        optimizer.apply = apply

    def forget(self) -> None:
        """Give the optimizer its own method back, and hold no graph."""
        self._seen = []
        self._optimizer.__dict__.pop("apply", None)

    def when(self, wanted: tf.Tensor, otherwise: tf.Tensor) -> tf.Tensor:
        """Inside a step that is being traced, after it: the norm where it is wanted, else what is given."""
        seen = self._seen
        if not seen:
            return otherwise
        scale = self._scale()
        return tf.cond(wanted, lambda: tf.cast(tf.linalg.global_norm(seen), tf.float32) / scale, lambda: otherwise)

    def _scale(self) -> Any:
        """What the loss, and so each gradient, was multiplied by."""
        dynamic = getattr(self._optimizer, "dynamic_scale", None)
        if dynamic is not None:
            return tf.cast(tf.convert_to_tensor(dynamic), tf.float32)
        return self._optimizer.loss_scale_factor or 1.0
