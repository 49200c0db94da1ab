"""Where NaN began: the last sound state is kept, and the batches since are gone through again, one by one."""

from __future__ import annotations

import dataclasses
import time
from typing import Any

import keras
import numpy as np

from workbench.diagnosis.evidence import Broken
from workbench.engine.feed import Feed, epoch_order
from workbench.engine.watching.budget import Budget
from workbench.engine.watching.probe import Probe

MOST_NUMBERS = 1 << 22
"""Larger states are not kept: a copy would cost time and memory."""
SEARCH_S = 4.0
"""So long a broken run is gone through again, at most."""


@dataclasses.dataclass(frozen=True)
class _State:
    epoch: int
    done: int
    values: list[np.ndarray]


class Origin:
    """Keeps the newest sound state of a training, and finds where it broke.

    Args:
        twin: The model in training.
        feed: What it learns from.
        batch_size: Samples a step.
        seed: Of the order.
    """

    def __init__(self, twin: keras.Model, feed: Feed, batch_size: int, seed: int) -> None:
        self._twin, self._feed, self._batch_size, self._seed = twin, feed, batch_size, seed
        self._budget = Budget(0.004, 0.02)
        self._state: _State | None = None
        self._variables: list[Any] = []

    def keep(self, epoch: int, done: int) -> None:
        """Remember the state before batch `done` (from 0) of an epoch (from 0), where there is time for it."""
        if self._budget.allows():
            with self._budget.work():
                self._keep(epoch, done)

    def _keep(self, epoch: int, done: int) -> None:
        variables = [*self._twin.variables, *self._twin.optimizer.variables]
        if sum(int(np.prod(variable.shape)) for variable in variables) > MOST_NUMBERS:
            return
        values = [np.array(variable) for variable in variables]
        if all(value.dtype.kind != "f" or np.isfinite(value).all() for value in values):
            self._state, self._variables = _State(epoch, done, values), variables

    def find(self, probe: Probe, epoch: int) -> Broken:
        """Where the run broke. Afterwards the weights are as they were, broken.

        Args:
            probe: Looks into the network.
            epoch: In which epoch it was noticed, from 0.
        """
        guess = Broken(epoch + 1, 0, probe.broken_weights(), "weights")
        state = self._state
        if state is None:
            return guess
        after = [np.array(variable) for variable in self._variables]
        self._set(state.values)
        try:
            return self._again(probe, state, time.monotonic() + SEARCH_S) or guess
        finally:
            self._set(after)

    def _set(self, values: list[np.ndarray]) -> None:
        for variable, value in zip(self._variables, values, strict=True):
            variable.assign(value)

    def _again(self, probe: Probe, state: _State, until: float) -> Broken | None:
        size, epoch, done = self._batch_size, state.epoch, state.done
        while time.monotonic() < until:
            order = epoch_order(self._feed.samples, self._seed, epoch)
            for start in range(done * size, len(order), size):
                rows = order[start : start + size]
                found = probe.broken(rows)
                if found is None:
                    self._twin.train_step(self._feed.batch(*self._feed.stretch(rows)))
                    name = probe.broken_weights()
                    found = Broken(0, 0, name, "weights") if name else None
                if found is not None:
                    return dataclasses.replace(found, epoch=epoch + 1, step=start // size + 1)
                if time.monotonic() > until:
                    return None
            epoch, done = epoch + 1, 0
        return None
