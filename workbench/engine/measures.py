"""Losses and metrics as the plan has them: Keras's own, fed with targets in the form and unit that each compares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
import tensorflow as tf

from workbench.catalog.losses import LossSpec, MetricSpec
from workbench.catalog.objects import Answers, arguments, checked_params
from workbench.data.spec import Preparation, ValueTarget


class Conversion:
    """Turns the targets that a feed hands out into those that a loss or metric compares.

    Args:
        given: The form in which they come.
        wanted: The form that is compared.
        classes: How many classes there are.
        target: How a value was standardised; None for classes.
    """

    def __init__(self, given: Answers, wanted: Answers, classes: int, target: ValueTarget | None = None) -> None:
        self._given, self._wanted, self._classes = given, wanted, classes
        self._target = target if wanted == "own_unit" else None

    @property
    def is_needed(self) -> bool:
        """Whether anything is changed."""
        return self._target is not None or {self._given, self._wanted} == {"numbers", "one_hot"}

    def targets(self, y: Any) -> Any:
        """The targets as they are compared."""
        if self._given == "numbers" and self._wanted == "one_hot":
            return tf.one_hot(tf.cast(y, tf.int32), self._classes)
        if self._given == "one_hot" and self._wanted == "numbers":
            return tf.argmax(y, axis=-1, output_type=tf.int32)
        return self.answers(y)

    def answers(self, y: Any) -> Any:
        """What the network put out, as it is compared."""
        if self._target is None:
            return y
        return tf.cast(y, tf.float32) * self._target.std + self._target.mean


class ConvertedLoss(keras.losses.Loss):
    """A loss of targets in another form or unit than the feed's.

    Args:
        loss: What is computed.
        conversion: What is done to targets and answers first.
    """

    def __init__(self, loss: keras.losses.Loss, conversion: Conversion) -> None:
        super().__init__(name=loss.name)
        self._loss, self._conversion = loss, conversion

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """One figure a sample."""
        return self._loss.call(self._conversion.targets(y_true), self._conversion.answers(y_pred))


class ConvertedMetric(keras.metrics.Metric):
    """A metric of targets in another form or unit than the feed's.

    Args:
        metric: What is measured.
        conversion: What is done to targets and answers first.
    """

    def __init__(self, metric: keras.metrics.Metric, conversion: Conversion) -> None:
        super().__init__(name=metric.name)
        self._metric, self._conversion = metric, conversion

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Count a batch."""
        y_true, y_pred = self._conversion.targets(y_true), self._conversion.answers(y_pred)
        self._metric.update_state(y_true, y_pred, sample_weight=sample_weight)

    def result(self) -> Any:
        """The measure since the last reset."""
        return self._metric.result()

    def reset_state(self) -> None:
        """Begin anew."""
        self._metric.reset_state()


def given_form(loss: LossSpec) -> Answers:
    """The form in which a feed hands out targets where this is the plan's loss."""
    return "value" if loss.answers == "own_unit" else loss.answers


def make_loss(
    spec: LossSpec, params: Mapping[str, Any], preparation: Preparation, given: Answers | None = None
) -> keras.losses.Loss:
    """The loss as `compile` takes it.

    Args:
        spec: Which one.
        params: What was set of its own settings.
        preparation: How the target was prepared.
        given: The form in which the feed hands out targets; this loss's own where not set.

    Raises:
        UsageError: A setting is not one that it has, or not a value it takes.
    """
    chosen = arguments(spec.params, checked_params(spec.title, spec.params, params))
    made = getattr(keras.losses, spec.class_name)(**chosen)
    conversion = _conversion(given or given_form(spec), spec.answers, preparation)
    return ConvertedLoss(made, conversion) if conversion.is_needed else made


def make_metric(
    spec: MetricSpec, params: Mapping[str, Any], preparation: Preparation, given: Answers
) -> keras.metrics.Metric | str:
    """The metric as `compile` takes it; "accuracy" stays a word, for which Keras finds what fits the targets.

    Args:
        spec: Which one.
        params: What was set of its own settings.
        preparation: How the target was prepared; a value is measured in its own unit.
        given: The form in which the feed hands out targets.

    Raises:
        UsageError: A setting is not one that it has, or not a value it takes.
    """
    chosen = arguments(spec.params, checked_params(spec.title, spec.params, params))
    if not spec.class_name:
        return spec.name
    classes = getattr(preparation.target, "classes", ())
    # Made with its name: a name of Keras's choosing would count up from run to run.
    chosen |= {"name": spec.name, **_fixed(spec, len(classes))}
    ids = chosen.get("target_class_ids")
    if ids is not None:
        chosen["target_class_ids"] = [int(number) for number in (ids if isinstance(ids, list) else [ids])]
    made = getattr(keras.metrics, spec.class_name)(**chosen)
    conversion = _conversion(given, spec.answers, preparation)
    return ConvertedMetric(made, conversion) if conversion.is_needed else made


def _conversion(given: Answers, wanted: Answers, preparation: Preparation) -> Conversion:
    target = preparation.target
    if isinstance(target, ValueTarget):
        return Conversion(given, wanted, 0, target)
    return Conversion(given, wanted, len(target.classes))


def _fixed(spec: MetricSpec, classes: int) -> dict[str, Any]:
    """What the task decides of a metric's settings."""
    if spec.class_name in ("MeanIoU", "IoU"):
        return {"num_classes": classes, "sparse_y_pred": False}
    if spec.class_name in ("F1Score", "FBetaScore") and spec.answers == "second":
        return {"threshold": 0.5}
    return {}
