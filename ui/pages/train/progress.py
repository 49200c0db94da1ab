"""What a run's events say about how far it is: epoch, time left, speed, best so far. No widgets here."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping

from workbench.core.events import BatchEnded, Changed, EpochEnded, Event, Load, Paused, RunEnded, RunStarted

RECENT_EPOCHS = 5


class RunProgress:
    """Reads a run's events as they come.

    `best_epoch` is chosen as the trainer chooses: by the figure that it names at the start.
    """

    def __init__(self) -> None:
        self.started: RunStarted | None = None
        self.ended: RunEnded | None = None
        self.epoch = 0
        self.done = 0
        self.paused = False
        self.load: Load | None = None
        self.learning_rate: float | None = None
        self.fraction_of_epoch = 0.0
        self.samples_per_second = 0.0
        self.best_epoch: int | None = None
        self.best: Mapping[str, float] = {}
        self.batches_seen = False
        self._ordered = 0
        self._best_value = math.inf
        self._epoch_seconds: list[float] = []
        self._first_batch_at = 0.0
        self._first_batch_fraction = 0.0

    @property
    def epochs(self) -> int:
        """How many epochs were ordered."""
        return self._ordered

    @property
    def fraction(self) -> float:
        """How much of the run is done, from 0 to 1."""
        if not self.epochs:
            return 0.0
        return min(1.0, (self.done + self.fraction_of_epoch) / self.epochs)

    @property
    def is_compiling(self) -> bool:
        """Whether the run has begun but no batch has ended yet."""
        return self.ended is None and not self.batches_seen

    def seconds_left(self) -> float | None:
        """How long the ordered epochs will take at the present speed; None before that can be told."""
        if not self.epochs or self.ended is not None:
            return None
        left = max(0.0, self.epochs - self.done - self.fraction_of_epoch)
        if self._epoch_seconds:
            # The first epoch holds the compiling, so it counts only until there are others.
            recent = self._epoch_seconds[1:][-RECENT_EPOCHS:] or self._epoch_seconds
            return left * sum(recent) / len(recent)
        done = self.fraction_of_epoch - self._first_batch_fraction
        if done <= 0:
            return None
        return left * (time.monotonic() - self._first_batch_at) / done

    def read(self, event: Event) -> None:
        """Take in one event."""
        match event:
            case RunStarted():
                self._start(event)
            case BatchEnded():
                self._read_batch(event)
            case EpochEnded():
                self._read_epoch(event)
            case Load():
                self.load = event
            case Paused():
                self.paused = event.paused
            case Changed():
                self._change(event)
            case RunEnded():
                self.ended, self.paused = event, False
                if event.best_epoch is not None:
                    self.best_epoch, self.best = event.best_epoch, event.metrics

    def _start(self, event: RunStarted) -> None:
        # A run that goes on from a checkpoint starts once more; what it learned after that is forgotten.
        self.started, self.ended, self.paused = event, None, False
        self._ordered = event.epochs
        self.epoch = self.done = event.resumed_epochs
        self.fraction_of_epoch, self.batches_seen = 0.0, False
        self._epoch_seconds = []
        if not event.resumed_epochs:
            self.best_epoch, self.best, self._best_value = None, {}, math.inf

    def _change(self, event: Changed) -> None:
        if event.what == "epochs":
            self._ordered = round(event.after)
        elif event.what == "learning_rate":
            self.learning_rate = event.after

    def _read_batch(self, event: BatchEnded) -> None:
        steps = self.started.steps_per_epoch if self.started else 0
        self.epoch = event.epoch
        self.samples_per_second = event.samples_per_second
        self._read_rate(event)
        finished = self.done >= event.epoch
        self.fraction_of_epoch = event.step / steps if steps and not finished else 0.0
        if not self.batches_seen:
            self.batches_seen = True
            self._first_batch_at, self._first_batch_fraction = time.monotonic(), self.fraction_of_epoch

    def _read_epoch(self, event: EpochEnded) -> None:
        self.batches_seen = True
        self.epoch = self.done = event.epoch
        self._read_rate(event)
        self.fraction_of_epoch = 0.0
        self.samples_per_second = event.samples_per_second
        self._epoch_seconds.append(event.seconds)
        value = self._judged(event.metrics)
        if value < self._best_value:
            self._best_value = value
            self.best_epoch, self.best = event.epoch, event.metrics

    def _judged(self, metrics: Mapping[str, float]) -> float:
        """An epoch's worth, less of which is better."""
        if self.started is not None and self.started.best_by:
            return metrics.get(self.started.best_by, math.nan) * (-1 if self.started.higher_is_better else 1)
        return metrics.get("val_loss", metrics.get("loss", math.nan))

    def _read_rate(self, event: BatchEnded | EpochEnded) -> None:
        if event.learning_rate is not None:
            self.learning_rate = event.learning_rate


def main_figure(metrics: Mapping[str, float | None]) -> str:
    """The name of the figure that sums a run up: its first validation metric, else that of training, else the loss."""
    told = [name for name in metrics if not name.endswith("loss")]
    for names in (
        [name for name in told if name.startswith("val_")],
        [name for name in told if not name.startswith("val_")],
        [name for name in ("val_loss", "loss") if name in metrics],
    ):
        if names:
            return names[0]
    return ""


def metric_title(name: str) -> str:
    """A metric's name in words: "val_mean_absolute_error" is "validation mean absolute error"."""
    plain = name.removeprefix("val_").replace("_", " ")
    return f"validation {plain}" if name.startswith("val_") else plain
