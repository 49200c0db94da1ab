"""The learning rate inside the compiled step: the plan's schedule and warm-up, and a scale that can be turned."""

from __future__ import annotations

from typing import Any

import keras

from workbench.catalog.schedules import CONSTANT, schedule_spec
from workbench.project.rates import is_steady, schedule_arguments, warmup_steps
from workbench.project.training import TrainingSettings


@keras.saving.register_keras_serializable(package="workbench")
class Steered(keras.optimizers.schedules.LearningRateSchedule):
    """A warm-up, then a schedule; both times a scale that may be set at any moment.

    Args:
        learning_rate: What the warm-up leads to (Goyal et al. 2017, section 2.2).
        schedule: What follows the warm-up; None for a constant rate.
        warmup_steps: How many batches the rate rises evenly for.
        scale: What all is multiplied by in the beginning.
    """

    def __init__(
        self,
        learning_rate: float,
        schedule: keras.optimizers.schedules.LearningRateSchedule | None = None,
        warmup_steps: int = 0,
        scale: float = 1.0,
    ) -> None:
        super().__init__()
        self.learning_rate, self.schedule, self.warmup_steps = learning_rate, schedule, warmup_steps
        self.scale = keras.Variable(
            scale, trainable=False, dtype="float32", name="rate_scale", aggregation="only_first_replica"
        )

    def __call__(self, step: Any) -> Any:
        """The rate of a step, counted in batches from 0."""
        step = keras.ops.cast(step, "float32")
        rate: Any = keras.ops.convert_to_tensor(self.learning_rate, "float32")
        if self.schedule is not None:
            rate = self.schedule(keras.ops.maximum(step - self.warmup_steps, 0.0))
        if self.warmup_steps:
            rising = self.learning_rate * (step + 1.0) / self.warmup_steps
            rate = keras.ops.where(step < self.warmup_steps, rising, rate)
        return rate * self.scale

    def get_config(self) -> dict[str, Any]:
        """What makes one like this."""
        schedule = None if self.schedule is None else keras.saving.serialize_keras_object(self.schedule)
        return {
            "learning_rate": self.learning_rate,
            "schedule": schedule,
            "warmup_steps": self.warmup_steps,
            "scale": float(self.scale),
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Steered:
        """The schedule that `get_config` described."""
        return cls(**{**config, "schedule": keras.saving.deserialize_keras_object(config["schedule"])})


def make_rate(settings: TrainingSettings, steps_per_epoch: int) -> float | Steered:
    """What an optimizer takes as its learning rate: a number where it stays the same, else a schedule."""
    if is_steady(settings):
        return settings.learning_rate
    schedule = None if settings.schedule.name == CONSTANT else _schedule(settings, steps_per_epoch)
    return Steered(settings.learning_rate, schedule, warmup_steps(settings, steps_per_epoch))


def _schedule(settings: TrainingSettings, steps_per_epoch: int) -> keras.optimizers.schedules.LearningRateSchedule:
    arguments = schedule_arguments(settings, steps_per_epoch)
    if "values" not in arguments:
        arguments["initial_learning_rate"] = settings.learning_rate
    spec = schedule_spec(settings.schedule.name)
    assert spec is not None, "the plan checked it"
    return getattr(keras.optimizers.schedules, spec.class_name)(**arguments)


def set_scale(optimizer: keras.optimizers.Optimizer, settings: TrainingSettings, scale: float) -> None:
    """Multiply the plan's learning rate from the next step on; works between steps of a compiled function.

    Args:
        optimizer: As `compile.make_optimizer` made it.
        settings: The plan that it was made from.
        scale: 1 for the plan's own rate; `rates.phase_scale` times whatever the user or a callback asks for.
    """
    rate = _inner(optimizer)._learning_rate
    if isinstance(rate, Steered):
        rate.scale.assign(scale)
    else:
        rate.assign(settings.learning_rate * scale)


def _inner(optimizer: keras.optimizers.Optimizer) -> keras.optimizers.Optimizer:
    return getattr(optimizer, "inner_optimizer", optimizer)
