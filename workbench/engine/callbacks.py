"""What a run does at each batch and epoch: heed the user's wish to stop, watch for NaN, keep the best weights."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from workbench.core import files
from workbench.core.control import RunControl
from workbench.core.errors import TrainingError
from workbench.engine.reporter import in_order

SAVING_SHARE = 0.02
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
    """Ends a training that can no longer learn: its loss or weights are no numbers any more."""

    def __init__(self) -> None:
        super().__init__()
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
            f"Try a lower learning rate, {rate / 10:g} instead of {rate:g}; if that does not help, "
            "look for extreme values in the data.",
        )


class BestWeights(keras.callbacks.Callback):
    """Keeps the weights of the best epoch, by validation loss (by loss where nothing is validated), and saves them.

    Args:
        core: The network that is saved: the trained one, without what only training needs.
        path: Where it is saved; the file there is always a whole one.
    """

    def __init__(self, core: keras.Model, path: Path) -> None:
        super().__init__()
        self.epoch: int | None = None
        self.metrics: dict[str, float] = {}
        self._core = core
        self._path = path
        self._weights: list[np.ndarray] | None = None
        self._lowest = math.inf
        self._on_disk = False
        self._save_again_at = 0.0

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        logs = logs or {}
        value = logs.get("val_loss", logs.get("loss", math.nan))
        if not value < self._lowest:
            return
        self._lowest, self.epoch, self.metrics = value, epoch + 1, in_order(logs)
        self._on_disk = False
        if time.monotonic() >= self._save_again_at:
            self._save()
        else:
            self._weights = self._core.get_weights()

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
        with files.replacing(self._path) as temporary:
            self._core.save(temporary)
        ended = time.monotonic()
        self._save_again_at = ended + (ended - began) / SAVING_SHARE
        self._on_disk, self._weights = True, None
