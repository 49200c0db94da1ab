"""From the plan's settings to Keras's optimizer, loss and metrics."""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf

from workbench.catalog.losses import LossSpec, MetricSpec, resolve_metrics
from workbench.core.errors import TrainingError
from workbench.data.spec import DatasetInfo, Preparation, ValueTarget
from workbench.engine.rates import Steered, make_rate
from workbench.project.training import TrainingSettings


@keras.saving.register_keras_serializable(package="workbench")
class InOwnUnit(keras.metrics.Metric):
    """Measures in the target's own unit what the network learns standardised.

    Args:
        metric: What is measured.
        mean: That was taken from the target.
        std: That the target was divided by.
    """

    def __init__(self, metric: keras.metrics.Metric, mean: float, std: float, **kwargs: Any) -> None:
        super().__init__(**{"name": metric.name, **kwargs})
        self._metric, self._mean, self._std = metric, mean, std

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Count a batch."""
        self._metric.update_state(self._undone(y_true), self._undone(y_pred), sample_weight=sample_weight)

    def _undone(self, values: Any) -> Any:
        return tf.cast(values, self.dtype) * self._std + self._mean

    def result(self) -> Any:
        """The measure since the last reset."""
        return self._metric.result()

    def reset_state(self) -> None:
        """Begin anew."""
        self._metric.reset_state()

    def get_config(self) -> dict[str, Any]:
        """What makes one like this."""
        metric = keras.saving.serialize_keras_object(self._metric)
        return {**super().get_config(), "metric": metric, "mean": self._mean, "std": self._std}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> InOwnUnit:
        """The metric that `get_config` described."""
        return cls(**{**config, "metric": keras.saving.deserialize_keras_object(config["metric"])})


def make_optimizer(settings: TrainingSettings, steps_per_epoch: int) -> keras.optimizers.Optimizer:
    """The optimizer that the settings name; `rates.set_scale` changes its learning rate while a run goes on.

    Args:
        settings: The plan.
        steps_per_epoch: How many batches an epoch has: schedules count in batches, plans in epochs.
    """
    decay = {} if settings.weight_decay is None else {"weight_decay": settings.weight_decay}
    config = {**decay, **settings.optimizer_params}
    made = keras.optimizers.get({"class_name": settings.optimizer, "config": config})
    rate = make_rate(settings, steps_per_epoch)
    made.learning_rate = rate
    if isinstance(rate, Steered):
        made.rate_scale = rate.scale  # an optimizer keeps and restores the variables it holds
    return made


def make_metric(metric: MetricSpec, preparation: Preparation) -> Any:
    """The metric as `compile` takes it, told in the target's own unit where that is a value."""
    if metric.name == "accuracy":
        return metric.name  # Keras finds the one that fits the targets' form
    # Made with its name: a name of Keras's choosing would count up from run to run.
    made = type(keras.metrics.get(metric.name))(name=metric.name)
    target = preparation.target
    return InOwnUnit(made, target.mean, target.std) if isinstance(target, ValueTarget) else made


class _Twin(keras.Model):
    """Trains every output towards the same target; what is measured is the first, which gives the answer."""

    def compute_loss(
        self, x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Any = None, training: bool = True
    ) -> Any:
        """The sum of all outputs' losses."""
        first, *others = y_pred if isinstance(y_pred, list) else [y_pred]
        total = super().compute_loss(x, y, first, sample_weight, training)
        for other in others:
            total += keras.ops.mean(keras.losses.get(self.loss)(y, other))
        return total

    def compute_metrics(self, x: Any, y: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """The metrics of the answer."""
        return super().compute_metrics(x, y, y_pred[0] if isinstance(y_pred, list) else y_pred, sample_weight)


def trainable_twin(
    core: keras.Model,
    settings: TrainingSettings,
    info: DatasetInfo,
    preparation: Preparation,
    loss: LossSpec,
    steps_per_epoch: int = 1,
) -> keras.Model:
    """A compiled model over the same layers as `core`, which itself stays free of all that only training needs.

    Raises:
        TrainingError: The network's outputs are not as many as the loss compares.
    """
    for output in core.outputs:
        if len(output.shape) != 2 or output.shape[-1] != loss.outputs:
            found = " × ".join(str(size) for size in output.shape[1:]) or "a single number"
            raise TrainingError(
                f"With the loss {loss.title!r} the network must put out {loss.outputs} numbers a sample.",
                f"{found} from the last layer",
                f"Make the last layer a Dense with {loss.outputs} units, behind a Flatten if need be.",
            )
    twin = _Twin(core.inputs[0], core.outputs if len(core.outputs) > 1 else core.outputs[0])
    twin.name = f"{core.name}_in_training"
    chosen = resolve_metrics(settings.metrics, info, loss)
    metrics = [make_metric(metric, preparation) for metric in chosen]
    optimizer = make_optimizer(settings, steps_per_epoch)
    # XLA is no gain on a CPU, and would compile anew for the last batch of each epoch.
    twin.compile(optimizer=optimizer, loss=loss.name, metrics=metrics, jit_compile=False)
    return twin
