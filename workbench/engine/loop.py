"""The training loop: Keras's own steps and callbacks, many batches a call, each sample of an epoch exactly once."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

import keras
import numpy as np
import tensorflow as tf

from workbench.engine import replicas
from workbench.engine.brake import Brake
from workbench.engine.feed import Feed, epoch_order
from workbench.engine.gradients import GradientNorm
from workbench.engine.xla import Xla, can_fail

STRETCH_S = 0.2
"""How long one call into TensorFlow should take: long enough to be cheap, short enough for curves that are live."""
WITHOUT_BRAKE_S = 0.045
"""How long at most where no brake ends it sooner: short enough to stop at once."""
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
        gradients: Watched in the last batch of each call, where there are any.
        brake: Ends a call between two batches.
        xla: Whether the step is compiled with XLA.
    """

    def __init__(
        self,
        model: keras.Model,
        feed: Feed,
        batch_size: int,
        step: Callable[[Any], Any],
        gradients: GradientNorm | None = None,
        *,
        brake: Brake | None = None,
        xla: Xla | None = None,
    ) -> None:
        self._feed = feed
        self._batch_size = batch_size
        self._brake = brake
        self._length = 1
        self._calls = 0
        self.gradient_norm: float | None = None
        # A replica's gradients are not to be seen from outside it.
        self._watched = gradients if replicas.count() == 1 else None
        self._xla = xla or Xla()
        self._run = functools.partial(self._made, model, step)
        self._function = tf.function(self._run(), autograph=False)
        self._signature = (*feed.signature, tf.TensorSpec((None,), tf.int32))
        self._compiled: Callable[..., Any] | None = None

    def _made(self, model: keras.Model, step: Callable[[Any], Any]) -> Callable[..., Any]:
        size, feed, watched, brake = self._batch_size, self._feed, self._watched, self._brake

        step = replicas.shared(step)

        def one(batch: Any, last: tf.Tensor, norm: tf.Tensor) -> tf.Tensor:
            step(batch)
            return norm if watched is None else watched.when(last, norm)

        once = tf.function(one, jit_compile=True, autograph=False) if self._xla.on else one

        def run(*stretch: tf.Tensor) -> Any:
            *arrays, rows = stretch
            count = tf.shape(rows)[0]

            def body(start: tf.Tensor, norm: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
                end = start + size
                return end, once(feed.batch(*arrays, rows[start:end]), end >= count, norm)

            def is_more(start: tf.Tensor, norm: tf.Tensor) -> tf.Tensor:
                more = start < count
                return more if brake is None else more & (tf.equal(start, 0) | ~brake.pulled)

            begin = (tf.constant(0), tf.constant(math.nan))
            end, norm = tf.while_loop(is_more, body, begin)
            return model.get_metrics_result(), norm, end

        return run

    def steps(self, order: np.ndarray) -> int:
        """How many batches an order makes."""
        return math.ceil(len(order) / self._batch_size)

    def run(
        self,
        order: np.ndarray,
        after: Callable[[int, Logs], bool],
        before: Callable[[int], None],
        begin: int = 0,
        limit: Callable[[], float] = lambda: math.inf,
    ) -> Logs:
        """Run the whole order, or until `after` says no.

        Args:
            order: Row numbers of the feed.
            after: Told the number of batches run so far and the metrics since the last reset; returns whether to go on.
            before: Told the number of batches run so far.
            begin: How many batches of the order are done already.
            limit: After how many batches `before` must be asked again at the latest.

        Returns:
            The metrics since the last reset.
        """
        done, steps = begin, self.steps(order)
        logs: Logs = {}
        while done < steps:
            if self._brake is not None:
                self._brake.release()
            before(done)
            began = time.perf_counter()
            length = int(min(self._length, steps - done, max(1, limit() - done)))
            rows = order[done * self._batch_size : (done + length) * self._batch_size]
            metrics, norm, end = self._called(*self._feed.stretch(rows))
            logs, ran = plain(metrics), self.steps(rows[: int(end)])
            if self._watched and ran == length:  # seen in the last batch only
                self.gradient_norm = float(norm)
            done += ran
            self._adapt(ran, time.perf_counter() - began)
            if not after(done, logs):
                break
        return logs

    def _called(self, *stretch: tf.Tensor) -> Any:
        if self._compiled is None:
            # One trace serves every length; asked for by hand, it does not count as a retrace of the last run's.
            self._compiled = self._function.get_concrete_function(*self._signature)
        try:
            return self._compiled(*stretch)
        except tf.errors.OpError as error:
            # What cannot be compiled was not begun either; later, other batches of the call may have been.
            if self._calls or not self._xla.on or not can_fail(error):
                raise
            self._xla.give_up(error)
            self._function, self._compiled = tf.function(self._run(), autograph=False), None
        return self._called(*stretch)

    def _adapt(self, length: int, seconds: float) -> None:
        self._calls += 1
        if self._calls > 1:  # the first call compiles
            aim = STRETCH_S if self._brake is not None else min(STRETCH_S, WITHOUT_BRAKE_S)
            wanted = int(aim * length / max(seconds, 1e-6))
            self._length = max(1, min(wanted, length * GROWTH))


def plain(metrics: Mapping[str, Any]) -> Logs:
    """Keras's metrics as plain numbers; one with a value a class is told as their mean."""
    return {name: float(np.mean(value.numpy())) for name, value in metrics.items()}


def validation_batch(batch_size: int, feed: Feed) -> int:
    """How many samples a validation step takes: no gradients are kept, so more than a training step."""
    values = math.prod(feed.signature[0].shape[1:])
    return max(batch_size, min(1024, INPUT_VALUES // max(values, 1)))


class Guide(Protocol):
    """Who decides, between batches and epochs, how a training goes on."""

    @property
    def epochs(self) -> int:
        """How many epochs there are in all."""

    def begin_epoch(self, epoch: int, step: int) -> bool:
        """An epoch (from 0) begins after `step` batches of it; whether other layers learn than before."""

    def between(self, epoch: int, step: int) -> None:
        """So many batches of an epoch are done, and more are to come."""

    def limit(self, epoch: int) -> float:
        """After how many batches of an epoch `between` must be asked again at the latest."""

    def epoch_ended(self, epoch: int) -> None:
        """So many whole epochs are done, and all callbacks know."""


@dataclasses.dataclass(frozen=True)
class Start:
    """Where a training begins: whole epochs and batches of the next that are behind it.

    Args:
        epoch: Whole epochs.
        step: Batches.
        restore: Puts back the state of the model and the callbacks, once these have begun.
    """

    epoch: int = 0
    step: int = 0
    restore: Callable[[], None] | None = None


def prepare(model: keras.Model, sample: tuple[tf.Tensor, ...]) -> None:
    """Build a compiled model's metrics and optimizer; says in plain words what does not fit.

    The optimizer knows all weights that may ever learn.
    """
    replicas.once(model.test_step, sample)
    model.reset_metrics()
    model.optimizer.build(model.trainable_variables)


class Fitting:
    """Trains a prepared model, as Keras's `fit` would, with Keras's callbacks.

    Batch hooks are called once a stretch of batches, with the number of its last batch. An epoch whose training or
    validation was stopped midway is not told as ended.

    Args:
        model: As `prepare` left it.
        training: What is learnt from, shuffled anew each epoch.
        validation: What is measured after each epoch; None for nothing.
        batch_size: Samples a step.
        seed: Decides the order of the samples, together with the epoch.
        callbacks: Keras's, made for this model.
        guide: Decides between batches and epochs.
        brake: Lets the guide be asked soon when there is something to ask for.
        xla: Whether the steps are compiled with XLA.
    """

    def __init__(
        self,
        model: keras.Model,
        training: Feed,
        validation: Feed | None,
        *,
        batch_size: int,
        seed: int,
        callbacks: keras.callbacks.CallbackList,
        guide: Guide,
        brake: Brake | None = None,
        xla: Xla | None = None,
    ) -> None:
        self._model, self._training, self._validation = model, training, validation
        self._batch_size, self._seed, self._brake, self._xla = batch_size, seed, brake, xla
        self._callbacks, self._guide = callbacks, guide
        self._gradients = GradientNorm(model.optimizer)
        self._train = self._training_stretches()
        self._test = None
        if validation is not None:
            size = validation_batch(batch_size, validation)
            self._test = Stretches(model, validation, size, model.test_step, brake=brake, xla=xla)

    @property
    def gradient_norm(self) -> float | None:
        """The norm of the last gradients looked at."""
        return self._train.gradient_norm

    def run(self, start: Start) -> None:
        """Train from `start` to the end of the guide's last epoch, or until it is stopped."""
        model, callbacks = self._model, self._callbacks
        model.stop_training = model.stop_evaluating = False
        logs: Logs = {}
        callbacks.on_train_begin()
        if start.restore is not None:
            start.restore()
        try:
            with self._brake or contextlib.nullcontext():
                epoch, step = start.epoch, start.step
                while not model.stop_training and self._is_more(epoch, step):
                    logs = self._epoch(epoch, step)
                    epoch, step = epoch + 1, 0
        finally:
            callbacks.on_train_end(logs)
            self._gradients.forget()

    def _is_more(self, epoch: int, step: int) -> bool:
        if epoch >= self._guide.epochs:
            self._guide.between(epoch, step)  # the run may have been extended meanwhile
        return epoch < self._guide.epochs

    def _training_stretches(self) -> Stretches:
        model = self._model
        feed, brake, xla = self._training, self._brake, self._xla
        return Stretches(model, feed, self._batch_size, model.train_step, self._gradients, brake=brake, xla=xla)

    def _epoch(self, epoch: int, begin: int) -> Logs:
        model, callbacks, guide = self._model, self._callbacks, self._guide
        if guide.begin_epoch(epoch, begin):
            self._train = self._training_stretches()
        if not begin:
            model.reset_metrics()
        callbacks.on_epoch_begin(epoch)

        def before(done: int) -> None:
            guide.between(epoch, done)
            callbacks.on_train_batch_begin(done)

        def after(done: int, logs: Logs) -> bool:
            callbacks.on_train_batch_end(done - 1, logs)
            return not model.stop_training

        order = epoch_order(self._training.samples, self._seed, epoch)
        logs = self._train.run(order, after, before, begin, lambda: guide.limit(epoch)) or plain(
            model.get_metrics_result()
        )
        if model.stop_training:
            return logs
        with averaged(model):
            if self._test is not None and self._validation is not None:
                logs |= self._validate(self._test, self._validation)
                if model.stop_evaluating:
                    model.stop_training = True
                    return logs
            callbacks.on_epoch_end(epoch, logs)
        guide.epoch_ended(epoch + 1)
        return logs

    def _validate(self, test: Stretches, feed: Feed) -> Logs:
        model, callbacks = self._model, self._callbacks

        def after(done: int, logs: Logs) -> bool:
            callbacks.on_test_batch_end(done - 1, logs)
            return not model.stop_evaluating

        measured = values(model.metrics_variables)
        model.reset_metrics()
        callbacks.on_test_begin()
        logs = test.run(np.arange(feed.samples, dtype=np.int32), after, callbacks.on_test_batch_begin)
        callbacks.on_test_end(logs)
        if model.stop_evaluating:
            assign(model.metrics_variables, measured)  # the epoch is gone on with from here
        return {f"val_{name}": value for name, value in logs.items()}


@contextlib.contextmanager
def averaged(model: keras.Model) -> Iterator[None]:
    """Let a model stand meanwhile with the moving average of its weights, where its optimizer keeps one.

    What is measured and kept is the average, as Keras's SwapEMAWeights has it; what learns on is not.
    """
    optimizer = getattr(model.optimizer, "inner_optimizer", model.optimizer)
    if not optimizer.use_ema:
        yield
        return
    known = optimizer._trainable_variables
    own = values(known)
    optimizer._overwrite_model_variables_with_average_value(known)
    try:
        yield
    finally:
        assign(known, own)


def values(variables: Sequence[Any]) -> list[np.ndarray]:
    """What variables hold now."""
    return [np.array(keras.ops.convert_to_numpy(variable)) for variable in variables]


def assign(variables: Sequence[Any], arrays: Sequence[np.ndarray]) -> None:
    """Give variables what `values` found."""
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(array)
