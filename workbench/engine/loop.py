"""The training loop: Keras's own steps and callbacks, many batches a call, each sample of an epoch exactly once."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from workbench.engine.feed import Feed, epoch_order

STRETCH_S = 0.03
"""How long one call into TensorFlow should take: long enough to be cheap, short enough to stop at once."""
GROWTH = 8
"""How much longer the next call may be than the last; the first ones are slowed by warming up."""
INPUT_VALUES = 1 << 21
"""How many input values a validation batch may hold at most, unless the training batch holds more."""

Logs = dict[str, float]


class Stretches:
    """Runs a step over a feed in calls of about `STRETCH_S`, whose length is found while it runs.

    The number of batches is an argument of the compiled function, so finding it never compiles again.

    Args:
        model: A compiled model with its metrics and optimizer built.
        feed: Where the batches come from.
        batch_size: Samples a step; the last batch of an order takes what is left.
        step: The model's `train_step` or `test_step`.
    """

    def __init__(self, model: keras.Model, feed: Feed, batch_size: int, step: Callable[[Any], Any]) -> None:
        self._feed = feed
        self._batch_size = batch_size
        self._length = 1
        self._calls = 0
        self._function = tf.function(self._run(model, step), autograph=False)
        self._signature = (*feed.signature, tf.TensorSpec((None,), tf.int32))
        self._compiled: Callable[..., Any] | None = None

    def _run(self, model: keras.Model, step: Callable[[Any], Any]) -> Callable[..., Any]:
        size, feed = self._batch_size, self._feed

        def run(x: tf.Tensor, y: tf.Tensor, rows: tf.Tensor) -> Any:
            count = tf.shape(rows)[0]

            def body(start: tf.Tensor) -> tuple[tf.Tensor]:
                step(feed.batch(x, y, rows[start : start + size]))
                return (start + size,)

            tf.while_loop(lambda start: start < count, body, (tf.constant(0),))
            return model.get_metrics_result()

        return run

    def steps(self, order: np.ndarray) -> int:
        """How many batches an order makes."""
        return math.ceil(len(order) / self._batch_size)

    def run(self, order: np.ndarray, after: Callable[[int, Logs], bool], before: Callable[[int], None]) -> Logs:
        """Run the whole order, or until `after` says no.

        Args:
            order: Row numbers of the feed.
            after: Told the number of batches run so far and the metrics since the last reset; returns whether to go on.
            before: Told the number of batches run so far.

        Returns:
            The metrics since the last reset.
        """
        done, steps = 0, self.steps(order)
        logs: Logs = {}
        while done < steps:
            before(done)
            began = time.perf_counter()
            length = min(self._length, steps - done)
            rows = order[done * self._batch_size : (done + length) * self._batch_size]
            if self._compiled is None:
                # One trace serves every length; asked for by hand, it does not count as a retrace of the last run's.
                self._compiled = self._function.get_concrete_function(*self._signature)
            logs = plain(self._compiled(*self._feed.stretch(rows)))
            done += length
            self._adapt(length, time.perf_counter() - began)
            if not after(done, logs):
                break
        return logs

    def _adapt(self, length: int, seconds: float) -> None:
        self._calls += 1
        if self._calls > 1:  # the first call compiles
            wanted = int(STRETCH_S * length / max(seconds, 1e-6))
            self._length = max(1, min(wanted, length * GROWTH))


def plain(metrics: Mapping[str, Any]) -> Logs:
    """Keras's metrics as plain numbers; one with a value a class is told as their mean."""
    return {name: float(np.mean(value.numpy())) for name, value in metrics.items()}


def validation_batch(batch_size: int, feed: Feed) -> int:
    """How many samples a validation step takes: no gradients are kept, so more than a training step."""
    values = math.prod(feed.signature[0].shape[1:])
    return max(batch_size, min(1024, INPUT_VALUES // max(values, 1)))


def fit(
    model: keras.Model,
    training: Feed,
    validation: Feed | None,
    *,
    epochs: int,
    batch_size: int,
    seed: int,
    callbacks: keras.callbacks.CallbackList,
) -> None:
    """Train a compiled model, as Keras's `fit` would, with Keras's callbacks.

    Batch hooks are called once a stretch of batches, with the number of its last batch. An epoch whose training or
    validation was stopped midway is not told as ended.

    Args:
        model: Compiled.
        training: What is learnt from, shuffled anew each epoch.
        validation: What is measured after each epoch; None for nothing.
        epochs: How often all samples are seen.
        batch_size: Samples a step.
        seed: Decides the order of the samples, together with the epoch.
        callbacks: Keras's, made for this model.
    """
    trial = (validation or training).sample()
    model.test_step(trial)  # builds the metrics; says in plain words what does not fit
    model.reset_metrics()
    model.optimizer.build(model.trainable_variables)
    train = Stretches(model, training, batch_size, model.train_step)
    test = None
    if validation is not None:
        test = Stretches(model, validation, validation_batch(batch_size, validation), model.test_step)
    model.stop_training = model.stop_evaluating = False
    logs: Logs = {}
    callbacks.on_train_begin()
    try:
        for epoch in range(epochs):
            model.reset_metrics()
            callbacks.on_epoch_begin(epoch)
            logs = train.run(
                epoch_order(training.samples, seed, epoch),
                _after_train(model, callbacks),
                callbacks.on_train_batch_begin,
            )
            if model.stop_training:
                break
            if test is not None and validation is not None:
                logs |= _validate(model, test, validation, callbacks)
                if model.stop_evaluating:
                    break
            callbacks.on_epoch_end(epoch, logs)
            if model.stop_training:
                break
        model.optimizer.finalize_variable_values(model.trainable_variables)
    finally:
        callbacks.on_train_end(logs)


def _after_train(model: keras.Model, callbacks: keras.callbacks.CallbackList) -> Callable[[int, Logs], bool]:
    def after(done: int, logs: Logs) -> bool:
        callbacks.on_train_batch_end(done - 1, logs)
        return not model.stop_training

    return after


def _validate(model: keras.Model, test: Stretches, feed: Feed, callbacks: keras.callbacks.CallbackList) -> Logs:
    def after(done: int, logs: Logs) -> bool:
        callbacks.on_test_batch_end(done - 1, logs)
        return not model.stop_evaluating

    model.reset_metrics()
    callbacks.on_test_begin()
    logs = test.run(np.arange(feed.samples, dtype=np.int32), after, callbacks.on_test_batch_begin)
    callbacks.on_test_end(logs)
    return {f"val_{name}": value for name, value in logs.items()}
