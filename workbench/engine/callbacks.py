"""What a run does at each batch and epoch: heed the user's wish to stop, watch for NaN, keep the best weights."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from workbench.core import files
from workbench.core.control import RunControl
from workbench.core.errors import FileError, TrainingError
from workbench.diagnosis.rules.steps import calmer_rate
from workbench.engine.reporter import in_order
from workbench.project.figures import spelled
from workbench.project.training import ReduceOnPlateau

SAVING_SHARE = 0.006
"""The part of a run's time that writing better models to disk may take; the last best one is always written."""


class Interrupt(keras.callbacks.Callback):
    """Ends the training when the token says so: `stop` after the current batches, `finish` after the epoch."""

    def __init__(self, control: RunControl) -> None:
        super().__init__()
        self._control = control
        self.stopped = False

    def on_train_batch_end(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        self._stop_if_asked()

    def on_test_batch_end(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        self._stop_if_asked()

    def on_predict_batch_end(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        self._stop_if_asked()

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        if self._control.finish_requested:
            self.stopped = self.model.stop_training = True

    def _stop_if_asked(self) -> None:
        if self._control.stop_requested:
            self.stopped = True
            self.model.stop_training = self.model.stop_evaluating = self.model.stop_predicting = True


class FiniteWatch(keras.callbacks.Callback):
    """Ends a training that can no longer learn: its loss or weights are no numbers any more.

    Args:
        optimizer: The plan's, for the advice.
    """

    def __init__(self, optimizer: str = "adam") -> None:
        super().__init__()
        self._optimizer = optimizer
        self._epoch = 0

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        loss = (logs or {}).get("loss", 0.0)
        if not math.isfinite(loss):
            what = "not a number (NaN)" if math.isnan(loss) else "infinite"
            raise self._failure(f"The loss became {what}.", f"in epoch {self._epoch + 1}, by batch {batch + 1}")

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        # A ReLU turns NaN into 0, so a finite loss does not prove that the weights are sound.
        for weight in self.model.weights:
            if not bool(tf.reduce_all(tf.math.is_finite(tf.cast(weight.value, tf.float32)))):
                raise self._failure(f"The weights of {weight.path} are no longer finite.", f"after epoch {epoch + 1}")

    def _failure(self, rule: str, received: str) -> TrainingError:
        rate = float(self.model.optimizer.learning_rate)
        return TrainingError(
            rule,
            received,
            f"Try a lower learning rate, {calmer_rate(self._optimizer, rate):g} instead of {rate:g}; "
            "if that does not help, look for extreme values in the data.",
        )


class BestWeights(keras.callbacks.Callback):
    """Keeps the weights of the best epoch and saves them.

    Args:
        core: The network whose weights are learnt: the trained one, without what only training needs.
        path: Where it is saved; the file there is always a whole one.
        monitor: The figure that tells which epoch is best.
        higher: Whether more of it is better.
        saved: The network that is saved in the core's place, of the same weights, where that is another.
        refused: Told once when the disk refuses a model that is not the last one; it is tried again.
    """

    def __init__(
        self,
        core: keras.Model,
        path: Path,
        monitor: str,
        *,
        higher: bool = False,
        saved: keras.Model | None = None,
        refused: Callable[[FileError], None] = lambda error: None,
    ) -> None:
        super().__init__()
        self.epoch: int | None = None
        self.metrics: dict[str, float] = {}
        self._core, self._saved = core, saved or core
        self._path = path
        self.monitor, self.higher = monitor, higher
        self._refused, self._told = refused, False
        self._weights: list[np.ndarray] | None = None
        self._lowest = math.inf
        self._on_disk = False
        self._save_again_at = 0.0

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        value = (logs or {}).get(self.monitor, math.nan) * (-1 if self.higher else 1)
        if not value < self._lowest:
            return
        self._lowest, self.epoch, self.metrics = value, epoch + 1, in_order(logs)
        self._on_disk, self._weights = False, self._core.get_weights()
        if time.monotonic() < self._save_again_at:
            return
        try:
            self._save()
        except FileError as error:
            if not self._told:
                self._told = True
                self._refused(error)

    def state(self) -> dict[str, Any]:
        """What of it a checkpoint keeps beside the weights."""
        return {"epoch": self.epoch, "metrics": self.metrics, "lowest": self._lowest}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from what `state` gave."""
        self.epoch, self.metrics, self._lowest = state["epoch"], dict(state["metrics"]), state["lowest"]
        self._on_disk = False

    def arrays(self) -> dict[str, np.ndarray]:
        """The best weights so far; a checkpoint keeps them: the file may be of a later epoch than the checkpoint."""
        return {str(number): weight for number, weight in enumerate(self._weights or [])}

    def restore_arrays(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Go on from what `arrays` gave."""
        self._weights = [arrays[str(number)] for number in range(len(arrays))] or None

    def settle(self) -> None:
        """Make the saved model the best one; where no epoch has ended yet, the one as it is now.

        Raises:
            FileError: It could not be written.
        """
        if self._on_disk or (self.epoch is None and not self._finite()):
            return
        if self._weights is not None:
            self._core.set_weights(self._weights)
        self._save()

    def _finite(self) -> bool:
        return all(np.isfinite(weight).all() for weight in self._core.get_weights() if weight.dtype.kind == "f")

    def _save(self) -> None:
        began = time.monotonic()
        try:
            if self._saved is not self._core:
                self._saved.set_weights(self._core.get_weights())
            with files.replacing(self._path) as temporary:
                self._saved.save(temporary)
            self._on_disk = True
        finally:
            ended = time.monotonic()
            self._save_again_at = ended + (ended - began) / SAVING_SHARE


class Patience(keras.callbacks.EarlyStopping):
    """Keras's EarlyStopping, with a state that a checkpoint keeps."""

    KEPT = ("wait", "best", "best_epoch", "stopped_epoch")

    def state(self) -> dict[str, Any]:
        """What of it a checkpoint keeps; not `min_delta`, whose sign Keras changes when it is first used."""
        return {name: getattr(self, name) for name in self.KEPT}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from what `state` gave; a run that was ended by it, and is gone on with, begins to wait anew."""
        for name in self.KEPT:
            setattr(self, name, state[name])
        if self.stopped_epoch:
            self.wait = 0
            self.stopped_epoch: int = 0


Lower = Callable[[int, float, float, str], bool]


class Plateau(keras.callbacks.Callback):
    """Keras's ReduceLROnPlateau, for a learning rate that may follow a schedule as well.

    Args:
        settings: Its part of the plan.
        monitor: The figure that should become better.
        lower: From an epoch on, multiplies the rate, but not below a least value, for a reason; whether it did.
        higher: Whether more of the figure is better.
    """

    KEPT = ("wait", "best", "cooldown")

    def __init__(self, settings: ReduceOnPlateau, monitor: str, lower: Lower, *, higher: bool = False) -> None:
        super().__init__()
        self._settings, self._monitor, self._lower = settings, monitor, lower
        self._sign = -1.0 if higher else 1.0
        self.wait, self.best, self.cooldown = 0, math.inf, 0

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        value, settings = self._sign * (logs or {}).get(self._monitor, math.nan), self._settings
        if self.cooldown > 0:
            self.cooldown -= 1
            self.wait = 0
        if value + settings.min_delta < self.best:
            self.best, self.wait = value, 0
        elif self.cooldown <= 0:
            self.wait += 1
            if self.wait < settings.patience:
                return
            if self._lower(epoch + 1, settings.factor, settings.min_lr, self._reason()):
                self.wait, self.cooldown = 0, settings.cooldown

    def _reason(self) -> str:
        figure = spelled(self._monitor)
        epochs = f"{self._settings.patience} epochs" if self._settings.patience > 1 else "an epoch"
        return f"No better {figure} for {epochs}."

    def state(self) -> dict[str, Any]:
        """What of it a checkpoint keeps."""
        return {name: getattr(self, name) for name in self.KEPT}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from what `state` gave."""
        for name in self.KEPT:
            setattr(self, name, state[name])
