"""Everything of the catalogue, stopped after two steps and gone on with elsewhere: the very bits of never stopping."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.workbench.engine.test_compile import CASES, data, info_of, made, task
from workbench.catalog.losses import losses_for, metrics_for, resolve_loss
from workbench.catalog.objects import objects
from workbench.catalog.schedules import schedules
from workbench.engine.checkpoint import live
from workbench.engine.loop import prepare
from workbench.project.training import TrainingSettings


def steps(twin: keras.Model, batches: list[tuple[Any, Any]]) -> None:
    for batch in batches:
        twin.train_step(batch)


def goes_on_exactly(classes: int, **settings: Any) -> None:
    """Hold a training that went on from a state to the one that was never broken off, in weights and in figures."""
    plan = TrainingSettings(**settings)
    (whole, loss), (other, _) = made(plan, classes), made(plan, classes)
    x, y, _ = data(classes, loss)
    batches = [(tf.constant(x[part::4]), tf.constant(y[part::4])) for part in range(4)]
    for twin in (whole, other):
        prepare(twin, batches[0])
    steps(whole, batches[:2])
    kept = live.taken(whole)
    steps(whole, batches[2:])
    other.set_weights([weight + 1 for weight in other.get_weights()])
    live.put_back(other, kept)
    steps(other, batches[2:])
    one, two = live.taken(whole), live.taken(other)
    assert one.keys() == two.keys()
    for name in one:
        np.testing.assert_array_equal(one[name], two[name], err_msg=name)
    figures, again = whole.get_metrics_result(), other.get_metrics_result()
    for name in figures:
        np.testing.assert_array_equal(figures[name], again[name], err_msg=name)


@pytest.mark.parametrize("schedule", [spec.name for spec in schedules()])
def test_that_every_schedule_goes_on_exactly(schedule: str) -> None:
    goes_on_exactly(3, schedule={"name": schedule, "warmup_epochs": 0.4})


@pytest.mark.parametrize("optimizer", [spec.name for spec in objects("optimizers")])
def test_that_every_optimizer_goes_on_exactly(optimizer: str) -> None:
    goes_on_exactly(
        3,
        optimizer=optimizer,
        averaging={"enabled": True, "every": 3},
        gradients={"clip": "norm", "accumulate": 3, "loss_scale": 64},
    )


@pytest.mark.parametrize(("classes", "loss"), CASES)
def test_that_every_loss_and_metric_goes_on_exactly(classes: int, loss: str) -> None:
    spec = resolve_loss(loss, info_of(classes))
    first = next(one for one in losses_for(task(classes), classes) if one.answers == spec.answers)
    # Which metrics there are follows from the form of the targets: all of them once for each is enough.
    fitting = metrics_for(task(classes), classes, spec)[: None if spec == first else 1]
    goes_on_exactly(classes, loss=loss, metrics=tuple(metric.name for metric in fitting))
