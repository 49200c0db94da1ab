"""XLA, chosen as Keras chooses it, and left off where it cannot compile a step."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorflow.python.eager.context import PhysicalDevice

from tests.workbench.engine.test_train_loop import _Counting, _numbered
from workbench.core.events import Notice
from workbench.engine import replicas, runtime
from workbench.engine.loop import Stretches
from workbench.engine.xla import Xla, chosen

GPU = runtime.Device("gpu:0", "A GPU", "gpu")
CPU = runtime.Device("cpu", "CPU (2 cores)", "cpu")


def compiled() -> keras.Model:
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse", jit_compile="auto")
    return model


def test_that_auto_is_keras_s_own_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    assert chosen("auto", CPU, compiled()) == (False, "")
    gpu = PhysicalDevice("/physical_device:GPU:0", "GPU")
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind=None: [gpu])
    assert chosen("auto", GPU, compiled()) == (True, "")
    assert chosen("auto", CPU, compiled()) == (False, ""), "the plan takes the CPU beside a GPU"
    with runtime.deterministic(True):
        assert chosen("auto", GPU, compiled()) == (False, "")
    monkeypatch.setattr(replicas, "count", lambda: 2)
    assert chosen("auto", GPU, compiled()) == (False, "")
    on, why = chosen("on", GPU, compiled())
    assert (on, why) == (False, "XLA is left off: several devices share each batch.")
    assert chosen("off", GPU, compiled()) == (False, "")


def test_that_a_training_compiled_with_xla_goes_the_same_way(bench: Any) -> None:
    plan = {"epochs": 2, "batch_size": 200, "seed": 3}
    curves = []
    for jit in ("on", "auto"):
        ended, told = bench.train(bench.regressor(), bench.builtin("diabetes"), jit=jit, **plan)
        assert ended.outcome == "done", ended
        assert not [event for event in told if isinstance(event, Notice) and event.level == "warning"]
        curves.append([list(event.metrics.values()) for event in told.epochs])
    np.testing.assert_allclose(curves[0], curves[1], rtol=1e-3)


class _Uncompilable(_Counting):
    """XLA has no strings."""

    def step(self, batch: Any) -> None:
        super().step(batch)
        tf.strings.as_string(batch[0])


def test_that_a_step_that_xla_cannot_compile_is_run_without_and_told_of_once() -> None:
    counting, told = _Uncompilable(7), []
    xla = Xla(on=True, failed=told.append)
    stretches = Stretches(counting, _numbered(7), 2, counting.step, xla=xla)  # type: ignore[arg-type]
    stretches.run(np.arange(7, dtype=np.int32), lambda done, logs: True, lambda done: None)
    assert told == ["XLA cannot compile this network; the run goes on without it."]
    assert not xla.on
    assert counting.seen.numpy().tolist() == [1] * 7
    assert counting.batches.numpy() == 4


def test_that_another_fault_than_xla_s_is_not_hidden() -> None:
    class Faulty(_Counting):
        def step(self, batch: Any) -> None:
            tf.debugging.assert_less(batch[0], -1.0)

    counting, told = Faulty(3), []
    stretches = Stretches(counting, _numbered(3), 1, counting.step, xla=Xla(False, told.append))  # type: ignore[arg-type]
    with pytest.raises(tf.errors.InvalidArgumentError):
        stretches.run(np.arange(3, dtype=np.int32), lambda done, logs: True, lambda done: None)
    assert not told
