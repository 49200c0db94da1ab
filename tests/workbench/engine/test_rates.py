"""The learning rate of each step: the plain curve against Keras's own schedules, and the scale that steers it."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from workbench.engine.compile import make_optimizer
from workbench.engine.rates import Steered, make_rate, set_scale
from workbench.project.rates import curve_at, learning_rate_at
from workbench.project.training import Phase, Schedule, TrainingSettings

PER_EPOCH = 12
PLANS: list[tuple[str, dict[str, Any], float]] = [
    ("constant", {}, 0.0),
    ("constant", {}, 2.0),
    ("cosine_decay", {}, 0.0),
    ("cosine_decay", {"alpha": 0.1, "decay_epochs": 3}, 1.5),
    ("cosine_decay_restarts", {}, 0.0),
    ("cosine_decay_restarts", {"t_mul": 1.0, "m_mul": 0.5, "first_decay_epochs": 2.5}, 1.0),
    ("exponential_decay", {}, 0.5),
    ("exponential_decay", {"decay_rate": 0.5, "decay_epochs": 2, "staircase": True}, 0.0),
    ("inverse_time_decay", {}, 0.0),
    ("inverse_time_decay", {"decay_rate": 3.0, "decay_epochs": 1, "staircase": True}, 0.0),
    ("piecewise_constant_decay", {"boundaries": [2, 5], "factors": [0.5, 0.1]}, 0.0),
    ("piecewise_constant_decay", {}, 1.0),
    ("polynomial_decay", {"end_learning_rate": 0.001, "power": 2.0}, 0.0),
    ("polynomial_decay", {"decay_epochs": 2, "cycle": True}, 1.0),
]


def plan(name: str, params: dict[str, Any], warmup: float, **more: Any) -> TrainingSettings:
    schedule = Schedule(name=name, params=params, warmup_epochs=warmup)
    return TrainingSettings(epochs=8, learning_rate=0.05, schedule=schedule, **more)


@pytest.mark.parametrize(("name", "params", "warmup"), PLANS)
def test_that_the_curve_is_the_one_that_the_optimizer_follows(name: str, params: dict[str, Any], warmup: float) -> None:
    settings = plan(name, params, warmup)
    rate = make_rate(settings, PER_EPOCH)
    steps = np.arange(8 * PER_EPOCH + 5)
    expected = [float(rate(step)) if isinstance(rate, Steered) else rate for step in steps]
    found = [curve_at(settings, PER_EPOCH, int(step)) for step in steps]
    np.testing.assert_allclose(found, expected, rtol=2e-4, atol=1e-9)


def test_that_a_schedule_without_a_length_lasts_the_whole_run() -> None:
    settings = plan("cosine_decay", {}, 0.0)
    assert curve_at(settings, PER_EPOCH, 0) == 0.05
    assert curve_at(settings, PER_EPOCH, 4 * PER_EPOCH) == pytest.approx(0.025)
    assert curve_at(settings, PER_EPOCH, 8 * PER_EPOCH) == pytest.approx(0)


def test_that_a_warm_up_rises_evenly_to_the_rate_and_then_the_schedule_begins() -> None:
    settings = plan("cosine_decay", {}, 2.0)
    rates = [curve_at(settings, PER_EPOCH, step) for step in range(2 * PER_EPOCH + 1)]
    np.testing.assert_allclose(np.diff(rates[: 2 * PER_EPOCH]), 0.05 / (2 * PER_EPOCH))
    np.testing.assert_allclose(rates[2 * PER_EPOCH - 1 :], 0.05)


def test_that_pieces_change_with_the_first_batch_of_the_named_epoch() -> None:
    settings = plan("piecewise_constant_decay", {"boundaries": [2], "factors": [0.1]}, 1.0)
    assert curve_at(settings, PER_EPOCH, 2 * PER_EPOCH - 1) == 0.05
    assert curve_at(settings, PER_EPOCH, 2 * PER_EPOCH) == pytest.approx(0.005)


def test_that_phases_scale_the_curve() -> None:
    phases = (Phase(epochs=2), Phase(epochs=3, learning_rate=0.005), Phase(epochs=3))
    settings = plan("constant", {}, 0.0, phases=phases)
    rates = [learning_rate_at(settings, PER_EPOCH, epoch * PER_EPOCH) for epoch in range(8)]
    np.testing.assert_allclose(rates, [0.05] * 2 + [0.005] * 3 + [0.05] * 3)


def rate_of(optimizer: keras.optimizers.Optimizer) -> float:
    return float(keras.ops.convert_to_numpy(optimizer.learning_rate))


@pytest.mark.parametrize("schedule", ["constant", "cosine_decay"])
def test_that_the_rate_can_be_steered_whatever_the_schedule(schedule: str) -> None:
    settings = plan(schedule, {}, 0.0)
    optimizer = make_optimizer(settings, PER_EPOCH)
    variable = keras.Variable(np.zeros(2, "float32"))
    optimizer.build([variable])
    set_scale(optimizer, settings, 0.5)
    assert rate_of(optimizer) == pytest.approx(0.025)
    other = make_optimizer(settings, PER_EPOCH)
    other.build([variable])
    other.set_weights([weight.numpy() for weight in optimizer.variables])
    assert rate_of(other) == pytest.approx(0.025)


def test_that_a_steered_schedule_is_restored_from_its_description() -> None:
    rate = make_rate(plan("cosine_decay", {"alpha": 0.2}, 1.0), PER_EPOCH)
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(rate))
    assert [float(again(step)) for step in (0, 5, 40)] == [float(rate(step)) for step in (0, 5, 40)]
