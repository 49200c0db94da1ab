"""Whether a training's steps are compiled with XLA, and what is done where XLA cannot compile them.

Source: https://keras.io/api/models/model_training_apis/ (`jit_compile` of `compile`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Literal

import keras
import tensorflow as tf

from workbench.engine import replicas, runtime

log = logging.getLogger(__name__)


class Xla:
    """Whether XLA compiles the steps of one training, until it turns out that it cannot.

    Args:
        on: Whether it is tried.
        failed: Told once that it was tried in vain, in words.
    """

    def __init__(self, on: bool = False, failed: Callable[[str], None] = lambda words: None) -> None:
        self.on = on
        self._failed = failed

    def give_up(self, error: Exception) -> None:
        """Go on without."""
        log.warning("XLA could not compile a step: %s", error)
        self.on = False
        self._failed("XLA cannot compile this network; the run goes on without it.")


def can_fail(error: Exception) -> bool:
    """Whether an error may be XLA's; too little memory would be too little without it."""
    return isinstance(error, tf.errors.OpError) and not isinstance(error, tf.errors.ResourceExhaustedError)


def chosen(setting: Literal["auto", "on", "off"], device: runtime.Device, model: keras.Model) -> tuple[bool, str]:
    """Whether a training is compiled with XLA, and why not where it was asked for.

    "auto" is Keras's own: on a GPU, unless several share a batch, a layer does not allow it, or only deterministic
    operations are to be used; but not where a plan takes the CPU beside a GPU.

    Args:
        setting: The plan's `jit`.
        device: Where it trains.
        model: Compiled with `jit_compile="auto"`.
    """
    if setting == "auto":
        return device.kind == "gpu" and replicas.count() == 1 and bool(model.jit_compile), ""
    if setting == "on" and replicas.count() > 1:
        return False, "XLA is left off: several devices share each batch."
    return setting == "on", ""
