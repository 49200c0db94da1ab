"""Turns Keras's callbacks into a run's events: thinned, of plain numbers, with the speed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import keras

from workbench.core.events import BatchEnded, Emit, EpochEnded

INTERVAL_S = 0.15
"""At most one batch is told in this time, and the last of each epoch."""

Pulse = Callable[[int, int], tuple[float | None, float | None]]


def in_order(logs: Mapping[str, float] | None, model: Any = None) -> dict[str, float]:
    """Keras's figures as people read them: loss, metrics, then the same of the validation.

    Args:
        logs: By Keras's names.
        model: The trained one: where it has several outputs, the main one's figures come before the others'.
    """
    logs, outputs = logs or {}, list(getattr(model, "each_loss", ()))

    def place(name: str) -> tuple[bool, bool, int, bool]:
        plain = name.removeprefix("val_")
        of = [output for output in outputs if plain.startswith(f"{output}_")]
        return name != plain, plain != "loss", outputs.index(max(of, key=len)) if of else -1, plain.endswith("_loss")

    return {name: logs[name] for name in sorted(logs, key=place)}


def _nothing(epoch: int, step: int) -> tuple[float | None, float | None]:
    return None, None


class Reporter(keras.callbacks.Callback):
    """Tells of batches and epochs.

    Args:
        run: The run's name.
        emit: Where the events go.
        samples: In the training part.
        batch_size: Samples a step.
        pulse: The learning rate and the gradients' norm after so many batches of an epoch (from 0).
    """

    def __init__(self, run: str, emit: Emit, samples: int, batch_size: int, pulse: Pulse = _nothing) -> None:
        super().__init__()
        self.epochs = 0
        self.seen: dict[str, float] = {}
        self.step = 0
        self._run, self._emit = run, emit
        self._samples, self._batch_size, self._pulse = samples, batch_size, pulse
        self._steps = -(-samples // batch_size)
        self._epoch_began = self._training_ended = self._told = 0.0
        self._warm: tuple[float, int] | None = None
        self._speed = 0.0

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        self._epoch_began = time.perf_counter()
        # The first call of a run compiles: the speed is counted from its end.
        self._warm = (self._epoch_began, 0) if self._speed else None
        self.epochs, self.step = epoch, 0

    def on_train_batch_end(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        now = self._training_ended = time.perf_counter()
        self.step, self.seen = batch + 1, in_order(logs, self.model)
        self._measure(now)
        if now - self._told < INTERVAL_S and self.step < self._steps:
            return
        self._told = now
        pulse = self._pulse(self.epochs, self.step)
        self._emit(BatchEnded(self._run, self.epochs + 1, self.step, self.seen, self._speed, *pulse))

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        self.epochs, self.step = epoch + 1, 0
        seconds = time.perf_counter() - self._epoch_began
        pulse = self._pulse(epoch, self._steps)
        self._emit(EpochEnded(self._run, epoch + 1, in_order(logs, self.model), seconds, self._speed, *pulse))

    def state(self) -> dict[str, Any]:
        """What of it a checkpoint keeps."""
        return {"seen": self.seen}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from what `state` gave."""
        self.seen = dict(state["seen"])

    def _measure(self, now: float) -> None:
        done = min(self.step * self._batch_size, self._samples)
        if self._warm is None:
            self._warm = (now, done)
            if done < self._samples:
                return
            self._warm = (self._epoch_began, 0)
        since, before = self._warm
        self._speed = (done - before) / max(now - since, 1e-9)
