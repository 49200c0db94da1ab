"""The learning rate of every step of a plan, in plain arithmetic: the window draws it before anything is trained.

The formulas are those of `keras.optimizers.schedules`; lengths are given in epochs and counted in batches here.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from workbench.catalog.objects import arguments
from workbench.catalog.schedules import CONSTANT, schedule_spec
from workbench.project.training import TrainingSettings

Values = dict[str, Any]
MOST_BATCHES = 2**31 - 1


def learning_rate_at(settings: TrainingSettings, steps_per_epoch: int, step: int) -> float:
    """The learning rate that the plan has for a batch, as long as nothing steers it while the run goes on.

    Args:
        settings: The plan.
        steps_per_epoch: How many batches an epoch has.
        step: The batch, counted from 0 over the whole run.
    """
    return curve_at(settings, steps_per_epoch, step) * phase_scale(settings, step // max(1, steps_per_epoch))


def curve_at(settings: TrainingSettings, steps_per_epoch: int, step: int) -> float:
    """The warm-up and the schedule at a batch, without what phases make of it: what the optimizer computes itself."""
    warmup = warmup_steps(settings, steps_per_epoch)
    if step < warmup:
        return settings.learning_rate * (step + 1) / warmup
    shape = _SHAPES.get(settings.schedule.name)
    if shape is None:
        return settings.learning_rate
    try:
        return shape(settings.learning_rate, schedule_arguments(settings, steps_per_epoch), step - warmup)
    except OverflowError:
        return math.inf


def phase_scale(settings: TrainingSettings, epoch: int) -> float:
    """What the curve is multiplied by in an epoch (from 0): where its phase has a learning rate of its own."""
    end = 0
    for phase in settings.phases:
        end += phase.epochs
        if epoch < end:
            return 1.0 if phase.learning_rate is None else phase.learning_rate / settings.learning_rate
    return 1.0


def warmup_steps(settings: TrainingSettings, steps_per_epoch: int) -> int:
    """How many batches the warm-up has."""
    return round(settings.schedule.warmup_epochs * steps_per_epoch)


def is_steady(settings: TrainingSettings) -> bool:
    """Whether the rate is the same at every step, phases apart."""
    return settings.schedule.name == CONSTANT and not settings.schedule.warmup_epochs


def schedule_arguments(settings: TrainingSettings, steps_per_epoch: int) -> Values:
    """The schedule's arguments as Keras names them, lengths in batches; the first learning rate is not among them."""
    schedule, rate = settings.schedule, settings.learning_rate
    spec = schedule_spec(schedule.name)
    set_here = {name: value for name, value in schedule.params.items() if value is not None}
    given = arguments(spec.params if spec else (), set_here)
    rest = max(1, round(settings.total_epochs * steps_per_epoch) - warmup_steps(settings, steps_per_epoch))

    def length(name: str, whole: float) -> int:
        asked = given.pop(name, None)
        return max(1, _batches(whole if asked is None else asked * steps_per_epoch))

    if schedule.name == "piecewise_constant_decay":
        # Keras's boundary is the last batch before the change.
        places = sorted(set(_listed(given.get("boundaries", settings.total_epochs / 2))))
        ends = [_batches(place * steps_per_epoch) - warmup_steps(settings, steps_per_epoch) - 1 for place in places]
        factors = _listed(given["factors"])
        each = [*factors, *[factors[-1]] * len(places)][: len(places)]
        return {"boundaries": ends, "values": [rate * math.prod(each[:passed]) for passed in range(len(places) + 1)]}
    if schedule.name == "cosine_decay_restarts":
        grows = given.get("t_mul", 2.0)
        return {"first_decay_steps": length("first_decay_epochs", rest / (1 + grows + grows**2)), **given}
    return {"decay_steps": length("decay_epochs", rest), **given}


def _batches(number: float) -> int:
    """A whole number of batches, none that Keras cannot hold."""
    return round(min(max(number, -MOST_BATCHES), MOST_BATCHES))


def _listed(value: Any) -> list[float]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _cosine(rate: float, values: Values, step: int) -> float:
    part, alpha = min(step / values["decay_steps"], 1.0), values.get("alpha", 0.0)
    return float(rate * ((1 - alpha) * 0.5 * (1 + math.cos(math.pi * part)) + alpha))


def _cosine_restarts(rate: float, values: Values, step: int) -> float:
    part, grows, alpha = step / values["first_decay_steps"], values.get("t_mul", 2.0), values.get("alpha", 0.0)
    if grows == 1.0:
        round_ = math.floor(part)
        part -= round_
    else:
        # A hair is added: a restart falls on its step, whatever the rounding of the logarithm.
        round_ = math.floor(math.log(1.0 - part * (1.0 - grows)) / math.log(grows) + 1e-9)
        part = (part - (1.0 - grows**round_) / (1.0 - grows)) / grows**round_
    height = values.get("m_mul", 1.0) ** round_
    return float(rate * ((1 - alpha) * 0.5 * height * (1 + math.cos(math.pi * part)) + alpha))


def _exponential(rate: float, values: Values, step: int) -> float:
    part = step / values["decay_steps"]
    return float(rate * values["decay_rate"] ** (math.floor(part) if values.get("staircase") else part))


def _inverse_time(rate: float, values: Values, step: int) -> float:
    part = step / values["decay_steps"]
    return float(rate / (1 + values["decay_rate"] * (math.floor(part) if values.get("staircase") else part)))


def _polynomial(rate: float, values: Values, step: int) -> float:
    length, end = values["decay_steps"], values.get("end_learning_rate", 0.0001)
    if values.get("cycle"):
        length *= max(1, math.ceil(step / length))
    return float((rate - end) * (1 - min(step / length, 1.0)) ** values.get("power", 1.0) + end)


def _piecewise(rate: float, values: Values, step: int) -> float:
    passed = sum(step > boundary for boundary in values["boundaries"])
    return float(values["values"][passed])


_SHAPES: dict[str, Callable[[float, Values, int], float]] = {
    "cosine_decay": _cosine,
    "cosine_decay_restarts": _cosine_restarts,
    "exponential_decay": _exponential,
    "inverse_time_decay": _inverse_time,
    "piecewise_constant_decay": _piecewise,
    "polynomial_decay": _polynomial,
}
