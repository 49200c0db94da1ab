"""The losses, metrics and optimizers that are offered, against Keras and against the task."""

from __future__ import annotations

import dataclasses

import keras
import pytest

from workbench.catalog.losses import losses_for, metrics_for, resolve_loss, resolve_metrics
from workbench.catalog.optimizers import optimizer_spec, optimizers
from workbench.core.errors import UsageError


@dataclasses.dataclass(frozen=True)
class Asked:
    task: str
    classes: tuple[str, ...] = ()


TEN = Asked("classification", tuple("abcdefghij"))
TWO = Asked("classification", ("no", "yes"))
VALUE = Asked("regression")


@pytest.mark.parametrize("asked", [TEN, TWO, VALUE])
def test_that_keras_knows_every_loss_and_metric(asked: Asked) -> None:
    for loss in losses_for(asked.task, len(asked.classes)):
        assert issubclass(getattr(keras.losses, loss.class_name), keras.losses.Loss)
        for metric in metrics_for(asked.task, len(asked.classes), loss):
            found = getattr(keras.metrics, metric.class_name or "Accuracy")
            assert issubclass(found, keras.metrics.Metric)


@pytest.mark.parametrize(
    ("asked", "loss", "outputs", "activation"),
    [
        (TEN, "sparse_categorical_crossentropy", 10, "softmax"),
        (TWO, "sparse_categorical_crossentropy", 2, "softmax"),
        (VALUE, "mean_squared_error", 1, "linear"),
    ],
)
def test_that_the_default_loss_fits_the_task(asked: Asked, loss: str, outputs: int, activation: str) -> None:
    found = resolve_loss("auto", asked)
    assert (found.name, found.outputs, found.activation) == (loss, outputs, activation)


def test_that_binary_cross_entropy_takes_one_output_and_only_two_classes() -> None:
    assert resolve_loss("binary_crossentropy", TWO).outputs == 1
    with pytest.raises(UsageError, match="fits 10 classes"):
        resolve_loss("binary_crossentropy", TEN)


def test_that_a_loss_for_classes_is_refused_for_values() -> None:
    with pytest.raises(UsageError, match="mean_squared_error"):
        resolve_loss("categorical_crossentropy", VALUE)


def test_that_metrics_follow_the_loss() -> None:
    names = [metric.name for metric in resolve_metrics(["auto", "auc"], TWO, resolve_loss("binary_crossentropy", TWO))]
    assert names == ["accuracy", "auc"]
    with pytest.raises(UsageError, match="binary_accuracy"):
        resolve_metrics(["binary_accuracy"], TWO, resolve_loss("auto", TWO))
    assert [metric.name for metric in resolve_metrics(["auto"], VALUE)] == [
        "mean_absolute_error",
        "root_mean_squared_error",
    ]


def test_that_an_unknown_optimizer_is_refused_by_the_plan() -> None:
    from workbench.project.training import TrainingSettings

    for spec in optimizers():
        assert TrainingSettings(optimizer=spec.name).optimizer == spec.name
    assert optimizer_spec("steepest") is None
    with pytest.raises(ValueError, match="adamw"):
        TrainingSettings(optimizer="steepest")
