from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest

from workbench.core.control import RunControl
from workbench.data.dataset import Part
from workbench.data.spec import ArrayPreparation, ClassTarget, ImagePreparation, Preparation
from workbench.engine.brake import Brake
from workbench.engine.feed import Feed, epoch_order
from workbench.engine.loop import STRETCH_S, WITHOUT_BRAKE_S, Stretches

TWO_CLASSES = ClassTarget(classes=("a", "b"))


def _numbered(samples: int, resident_bytes: int = 1 << 30) -> Feed:
    """Samples that hold their own number."""
    from workbench.catalog.losses import losses_for

    x = np.arange(samples, dtype=np.float32)[:, None]
    part = Part(x, np.zeros(samples, dtype=np.int32), np.arange(samples))
    preparation = Preparation(input=ArrayPreparation(shape=(1,)), target=TWO_CLASSES)
    return Feed(part, preparation, losses_for("classification", 2)[0], resident_bytes)


class _Counting:
    """Stands where a model does, and counts how often each sample came and in which batches."""

    def __init__(self, samples: int) -> None:
        import tensorflow as tf

        self.seen = tf.Variable(tf.zeros((samples,), tf.int32))
        self.batches = tf.Variable(0)
        self.order = tf.Variable(tf.zeros((0,), tf.int32), shape=(None,))
        self.traces = 0

    def step(self, batch: Any) -> None:
        import tensorflow as tf

        self.traces += 1
        rows = tf.cast(batch[0][:, 0], tf.int32)
        self.seen.assign(tf.tensor_scatter_nd_add(self.seen, rows[:, None], tf.ones_like(rows)))
        self.order.assign(tf.concat([self.order, rows], 0))
        self.batches.assign_add(1)

    def count(self, batch: Any) -> None:
        self.batches.assign_add(1)

    def get_metrics_result(self) -> dict[str, Any]:
        import tensorflow as tf

        return {"loss": tf.cast(self.batches, tf.float32)}


@pytest.mark.parametrize("resident_bytes", [1 << 30, 0], ids=["resident", "handed over"])
@pytest.mark.parametrize(("samples", "batch"), [(1003, 10), (7, 10), (10, 10), (1, 3)])
def test_that_every_sample_of_an_epoch_is_seen_once_in_its_order(samples: int, batch: int, resident_bytes: int) -> None:
    feed, counting = _numbered(samples, resident_bytes), _Counting(samples)
    assert feed.resident is (resident_bytes > 0)
    stretches = Stretches(counting, feed, batch, counting.step)
    order = epoch_order(samples, 3, 1)
    told: list[int] = []
    stretches.run(order, lambda done, _: told.append(done) or True, lambda _: None)
    assert (counting.seen.numpy() == 1).all()
    assert counting.order.numpy().tolist() == order.tolist()
    assert int(counting.batches.numpy()) == stretches.steps(order) == told[-1]


def test_that_finding_the_length_of_a_stretch_compiles_once() -> None:
    feed, counting = _numbered(5000), _Counting(5000)
    stretches = Stretches(counting, feed, 2, counting.step)
    lengths: list[int] = [0]
    for epoch in range(3):
        stretches.run(epoch_order(5000, 0, epoch), lambda done, _: lengths.append(done) or True, lambda _: None)
    assert counting.traces == 1
    assert max(np.diff(lengths)) > 10


@pytest.mark.parametrize(("braked", "wanted"), [(False, WITHOUT_BRAKE_S), (True, STRETCH_S)])
def test_that_a_stretch_takes_about_as_long_as_wanted(braked: bool, wanted: float) -> None:
    brake = Brake(RunControl()) if braked else None
    stretches = Stretches(_Counting(1), _numbered(1), 1, _Counting(1).step, brake=brake)
    for _ in range(10):
        stretches._adapt(stretches._length, stretches._length * 0.001)
    assert stretches._length == pytest.approx(wanted / 0.001, abs=1)
    stretches._adapt(stretches._length, 100.0)
    assert stretches._length == 1


def test_that_a_run_can_be_left_after_any_stretch() -> None:
    feed, counting = _numbered(100), _Counting(100)
    stretches = Stretches(counting, feed, 10, counting.step)
    logs = stretches.run(epoch_order(100, 0, 0), lambda _done, _logs: False, lambda _: None)
    assert logs == {"loss": 1.0}
    assert int(counting.seen.numpy().sum()) == 10


@pytest.mark.parametrize("wish", ["stop", "pause", "set_learning_rate", "set_epochs"])
def test_that_a_wish_ends_a_call_however_long_it_was_to_be(wish: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.engine.loop.STRETCH_S", 1e9)
    feed, counting, control = _numbered(100_000), _Counting(0), RunControl()
    brake = Brake(control)
    stretches = Stretches(counting, feed, 1, counting.count, brake=brake)
    asked: list[int] = []

    def before(done: int) -> None:
        if stretches._length > 10_000:  # a call that takes a good part of a second
            asked.append(done + stretches._length)
            threading.Timer(0.01, getattr(control, wish), [7] if wish.startswith("set") else []).start()

    with brake:
        logs = stretches.run(np.arange(100_000, dtype=np.int32), lambda _done, _logs: not asked, before)
    assert len(asked) == 1
    assert logs["loss"] < asked[0]


def test_that_a_brake_lets_the_next_call_run_and_leaves_no_thread() -> None:
    feed, counting, control = _numbered(500), _Counting(500), RunControl()
    brake = Brake(control)
    stretches = Stretches(counting, feed, 1, counting.step, brake=brake)
    with brake:
        control.set_learning_rate(0.1)
        stretches.run(np.arange(500, dtype=np.int32), lambda _done, _logs: True, lambda _: None)
    assert (counting.seen.numpy() == 1).all()
    assert not [thread for thread in threading.enumerate() if thread.name == "brake"]


def test_that_pictures_are_scaled_as_the_preparation_says() -> None:
    from workbench.catalog.losses import losses_for
    from workbench.data.encode import model_input

    x = np.random.default_rng(0).integers(0, 256, (5, 4, 4, 3), dtype=np.uint8)
    input_ = ImagePreparation(height=4, width=4, channels=3, scale=1 / 127.5, offset=-1.0)
    preparation = Preparation(input=input_, target=TWO_CLASSES)
    part = Part(x, np.array([0, 1, 0, 1, 1], dtype=np.int32), np.arange(5))
    feed = Feed(part, preparation, losses_for("classification", 2)[1])
    inputs, targets = feed.batch(*feed.stretch(np.array([4, 0], dtype=np.int32)))
    np.testing.assert_allclose(inputs, model_input(preparation, x[[4, 0]]), atol=1e-6)
    assert targets.numpy().tolist() == [[0, 1], [1, 0]]
    assert feed.stretch(np.array([0], dtype=np.int32))[0].dtype == "uint8"


def test_that_data_too_large_for_the_device_train_to_the_same_figures(
    bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workbench.engine import feed

    _, resident = bench.train(bench.classifier(), bench.builtin("digits"), epochs=2)
    monkeypatch.setattr(feed.Feed.__init__, "__defaults__", (0,))
    _, handed = bench.train(bench.classifier(), bench.builtin("digits"), epochs=2)
    assert [event.metrics for event in handed.epochs] == [event.metrics for event in resident.epochs]
