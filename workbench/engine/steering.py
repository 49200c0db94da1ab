"""Steers a run while it goes on: holds it, changes its learning rate and its epochs, and tells of each change."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import keras

from workbench.core.control import Change, RunControl
from workbench.core.events import Changed, Emit, Notice, Paused
from workbench.engine import rates
from workbench.project.model import PlannedChange, TrainPlan
from workbench.project.rates import curve_at, phase_scale
from workbench.runs.again import planned


class Steering:
    """What the user, a plan that is done again, or a callback changes between two batches.

    The learning rate is the plan's curve times a factor of its own, which is part of the run's state.

    Args:
        plan: What is trained, and how.
        steps_per_epoch: How many batches an epoch has.
        optimizer: As `compile.make_optimizer` made it.
        control: Carries the user's wishes.
        tell: Takes the events to be told.
    """

    def __init__(
        self,
        plan: TrainPlan,
        steps_per_epoch: int,
        optimizer: keras.optimizers.Optimizer,
        control: RunControl,
        tell: Emit,
    ) -> None:
        self._run, self._settings = plan.run, plan.project.training
        self._steps = steps_per_epoch
        self._optimizer, self._control, self._tell = optimizer, control, tell
        self._due: list[PlannedChange] = sorted(plan.changes, key=lambda change: (change.epoch, change.step))
        self.epochs = self._settings.total_epochs
        self._factor = 1.0
        self._at = (0, 0)

    def state(self) -> dict[str, Any]:
        """What of it a checkpoint keeps."""
        return {"epochs": self.epochs, "factor": self._factor}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from what `state` gave."""
        self.epochs, self._factor = state["epochs"], state["factor"]

    def again(self, changes: Iterable[Changed]) -> None:
        """Do these changes of the user's once more, each at its place."""
        self._due += planned(changes)
        self._due.sort(key=lambda change: (change.epoch, change.step))

    def begin_epoch(self, epoch: int, step: int) -> None:
        """Take the learning rate of an epoch (from 0), `step` batches in; a new phase begins with its own."""
        before, now = (phase_scale(self._settings, at) for at in (max(0, epoch - 1), epoch))
        if before != now and not step:
            self._factor = 1.0
        self._apply(epoch)

    def between(self, epoch: int, step: int) -> None:
        """Hold the run while it is to be held, and carry out what was asked for; `step` batches of `epoch` are done."""
        self._at = (epoch, step)
        if self._control.paused:
            self._tell(Paused(self._run, epoch + 1, True))
            self._control.wait_while_paused()
            self._tell(Paused(self._run, epoch + 1, False))
        while self._due and self._is_due(self._due[0], epoch, step):
            due = self._due.pop(0)
            self._change(Change(due.what, due.value))
        for change in self._control.take_changes():
            self._change(change)

    def _is_due(self, change: PlannedChange, epoch: int, step: int) -> bool:
        return (change.epoch - 1, change.step - 1) <= (epoch, step)

    def limit(self, epoch: int) -> float:
        """How many batches of an epoch may be done before `between` is to be asked again."""
        return self._due[0].step - 1 if self._due and self._due[0].epoch - 1 == epoch else math.inf

    def rate(self, epoch: int, step: int) -> float:
        """The learning rate of the batch that comes after `step` batches of an epoch."""
        return self._base(epoch, step) * self._factor

    def lower(self, epoch: int, factor: float, least: float, reason: str) -> bool:
        """From `epoch` (from 0) on, multiply the learning rate, but not below `least`; whether that changed it."""
        self._at = (epoch, 0)
        before = self.rate(epoch, 0)
        after = max(before * factor, least)
        if not after < before:
            return False
        self._set_rate(after, reason)
        return True

    def _base(self, epoch: int, step: int) -> float:
        curve = curve_at(self._settings, self._steps, epoch * self._steps + step)
        return curve * phase_scale(self._settings, epoch)

    def _change(self, change: Change) -> None:
        if change.what == "learning_rate":
            self._set_rate(change.value)
        else:
            self._set_epochs(change.value)

    def _set_epochs(self, value: float) -> None:
        epoch, _ = self._at
        begun = epoch + (epoch < self.epochs)
        before, self.epochs = self.epochs, max(int(value), begun)
        if before != self.epochs:
            self._told("epochs", before, self.epochs)

    def _set_rate(self, value: float, reason: str = "") -> None:
        epoch, step = self._at
        base = self._base(epoch, step)
        if not base > 0 or not math.isfinite(value) or value < 0:
            hint = "The schedule has reached 0 here." if not base > 0 else "A learning rate is a number of 0 or more."
            self._tell(Notice(self._run, "warning", "The learning rate was left as it is.", hint))
            return
        before = self.rate(epoch, step)
        self._factor = value / base
        self._apply(epoch)
        if value != before:
            self._told("learning_rate", before, value, reason)

    def _told(self, what: str, before: float, after: float, reason: str = "") -> None:
        epoch, step = self._at
        self._tell(Changed(self._run, epoch + 1, step + 1, what, before, after, reason))

    def _apply(self, epoch: int) -> None:
        rates.set_scale(self._optimizer, self._settings, phase_scale(self._settings, epoch) * self._factor)
