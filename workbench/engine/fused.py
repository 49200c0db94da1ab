"""Keras's commonest optimizers with one TensorFlow kernel a variable, in place of a dozen passes over the weights."""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf

from workbench.engine import replicas


def _held(variable: Any) -> tf.Variable:
    return variable.value if isinstance(variable, keras.Variable) else variable


def _is_plain(gradient: Any, variable: Any) -> bool:
    """Whether the kernel can be used: an embedding's gradient has rows only, replicas have own variables."""
    return isinstance(gradient, tf.Tensor) and gradient.dtype == variable.dtype and replicas.count() == 1


@keras.saving.register_keras_serializable("workbench")
class Adam(keras.optimizers.Adam):
    """Keras's Adam, equal to rounding (Kingma and Ba, 2014, arXiv 1412.6980)."""

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        variable = _held(variable)
        if self.amsgrad or not _is_plain(gradient, variable):
            super().update_step(gradient, variable, learning_rate)
            return
        place, dtype = self._get_variable_index(variable), variable.dtype
        step = tf.cast(_held(self.iterations) + 1, dtype)
        beta_1, beta_2 = tf.cast(self.beta_1, dtype), tf.cast(self.beta_2, dtype)
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=_held(self._momentums[place]).handle,
            v=_held(self._velocities[place]).handle,
            beta1_power=tf.pow(beta_1, step),
            beta2_power=tf.pow(beta_2, step),
            lr=tf.cast(learning_rate, dtype),
            beta1=beta_1,
            beta2=beta_2,
            epsilon=tf.cast(self.epsilon, dtype),
            grad=gradient,
        )


@keras.saving.register_keras_serializable("workbench")
class AdamW(Adam, keras.optimizers.AdamW):
    """Keras's AdamW: its decay is taken off before, by Keras."""


@keras.saving.register_keras_serializable("workbench")
class SGD(keras.optimizers.SGD):
    """Keras's SGD, with or without momentum (Sutskever et al., 2013)."""

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        variable = _held(variable)
        if not _is_plain(gradient, variable):
            super().update_step(gradient, variable, learning_rate)
            return
        rate = tf.cast(learning_rate, variable.dtype)
        if not self.momentum:
            tf.raw_ops.ResourceApplyGradientDescent(var=variable.handle, alpha=rate, delta=gradient)
            return
        tf.raw_ops.ResourceApplyKerasMomentum(
            var=variable.handle,
            accum=_held(self.momentums[self._get_variable_index(variable)]).handle,
            lr=rate,
            grad=gradient,
            momentum=tf.cast(self.momentum, variable.dtype),
            use_nesterov=self.nesterov,
        )


FUSED: dict[str, type[keras.optimizers.Optimizer]] = {kind.__name__: kind for kind in (Adam, AdamW, SGD)}
"""By the name of the Keras class that each stands for."""
