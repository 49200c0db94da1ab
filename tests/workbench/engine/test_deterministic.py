"""A plan that asks for the same bits every time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tensorflow.python.framework import config

from workbench.core.events import Event


@pytest.fixture
def chosen() -> Any:
    """What TensorFlow was told, as a run saw it; afterwards it is as before."""
    seen: list[bool] = []
    yield lambda event: seen.append(config.is_op_determinism_enabled()), seen
    config.disable_op_determinism()


@pytest.mark.parametrize("before", [False, True])
@pytest.mark.parametrize("asked", [False, True])
def test_that_the_plan_s_choice_reaches_tensorflow_and_is_not_left_to_the_next_run(
    bench: Any, chosen: Any, asked: bool, before: bool
) -> None:
    at, seen = chosen
    if before:
        config.enable_op_determinism()

    def see(event: Event) -> None:
        if event.event in ("batch", "epoch"):
            at(event)

    ended, _ = bench.train(
        bench.classifier(), bench.builtin("digits"), told=bench.Told(see), epochs=1, deterministic=asked
    )
    assert ended.outcome == "done", ended
    assert set(seen) == {asked}
    assert config.is_op_determinism_enabled() == before


def test_that_two_runs_give_equal_bits(bench: Any) -> None:
    def once() -> tuple[list[Any], list[np.ndarray]]:
        graph = bench.stack(
            ("RandomFlip", {"mode": "horizontal"}),
            ("Conv2D", {"filters": 4, "kernel_size": 3, "activation": "relu"}),
            ("BatchNormalization", {}),
            ("Flatten", {}),
            ("Dropout", {"rate": 0.3}),
            ("Dense", {"units": 10, "activation": "softmax"}),
        )
        ended, told = bench.train(graph, bench.builtin("digits"), epochs=2, deterministic=True)
        assert ended.outcome == "done", ended
        return [event.metrics for event in told.epochs], bench.best(ended).get_weights()

    (curve, weights), (again, others) = once(), once()
    assert curve == again
    for one, other in zip(weights, others, strict=True):
        np.testing.assert_array_equal(one, other)
