"""One part of a dataset as the network takes it: whole on the device where it fits, in an order of (seed, epoch)."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from workbench.catalog.losses import LossSpec
from workbench.data.dataset import Part
from workbench.data.spec import ClassTarget, ImagePreparation, Preparation
from workbench.project.outputs import End

RESIDENT_BYTES = 1 << 30
"""Samples beyond this are handed over stretch by stretch instead of being kept on the device."""


def epoch_order(samples: int, seed: int, epoch: int) -> np.ndarray:
    """The order in which an epoch sees the samples: the same for the same seed and epoch, on any machine."""
    return np.random.default_rng((seed, epoch)).permutation(samples).astype(np.int32)


class Feed:
    """Hands out samples and targets as the network takes them.

    Pictures stay bytes until the step that uses them; casting and scaling happen inside the compiled step.

    Args:
        part: The samples, prepared but not scaled, and their targets.
        preparation: How the dataset was prepared; a picture's scale comes from it.
        loss: Decides the targets' form: class numbers, one-hot rows, or one value.
        resident_bytes: The most that is kept on the device.
        ends: What each output learns, where there are several: each then gets its target by its name, in the form that
            its own loss compares.
    """

    def __init__(
        self,
        part: Part,
        preparation: Preparation,
        loss: LossSpec,
        resident_bytes: int = RESIDENT_BYTES,
        *,
        ends: Sequence[End] = (),
    ) -> None:
        self.samples = len(part.x)
        self._preparation = preparation.input
        asked = [(end.name, end.place, end.loss) for end in ends] if len(ends) > 1 else [("", 0, loss)]
        kept: dict[tuple[int, bool], int] = {}
        targets: list[np.ndarray] = []
        self._answers: list[_Handed] = []
        for name, place, compared in asked:
            numbers = isinstance(preparation.targets[place], ClassTarget) and compared.outputs > 1
            if (place, numbers) not in kept:
                kept[place, numbers] = len(targets)
                targets.append(_targets(part.answers[place], numbers=numbers))
            one_hot = compared.outputs if compared.one_hot else 0
            self._answers.append(_Handed(name, kept[place, numbers], one_hot))
        self._targets = len(targets)
        self.resident = part.x.nbytes + sum(y.nbytes for y in targets) <= resident_bytes
        arrays = (part.x, *targets, *(() if part.weight is None else (part.weight,)))
        self._arrays: tuple[Any, ...] = tuple(map(tf.constant, arrays)) if self.resident else arrays
        self.signature = tuple(tf.TensorSpec((None, *array.shape[1:]), array.dtype) for array in arrays)

    def stretch(self, order: np.ndarray) -> tuple[tf.Tensor, ...]:
        """Samples, targets, weights where there are any, and which of their rows to take, in order, for `order`'s."""
        if self.resident:
            return *self._arrays, tf.constant(order)
        rows = np.arange(len(order), dtype=np.int32)
        return *(tf.constant(array[order]) for array in self._arrays), tf.constant(rows)

    def batch(self, x: tf.Tensor, *rest: tf.Tensor) -> tuple[Any, ...]:
        """Inside the compiled step: the named rows as the network and its loss take them.

        Args:
            x: Samples.
            rest: Targets, then how much each sample counts, where the feed has that, and which rows to take.

        Returns:
            Samples, targets (by the output's name, where there are several outputs), and weights where there are any.
        """
        *others, rows = rest
        inputs, *taken = (tf.gather(array, rows) for array in (x, *others))
        if isinstance(self._preparation, ImagePreparation):
            inputs = tf.cast(inputs, tf.float32) * self._preparation.scale + self._preparation.offset
        targets = {handed.name: handed.of(taken) for handed in self._answers}
        return inputs, targets if len(targets) > 1 else targets[""], *taken[self._targets :]

    def sample(self) -> tuple[tf.Tensor, ...]:
        """The first two samples, as a batch."""
        return self.batch(*self.stretch(np.arange(min(2, self.samples), dtype=np.int32)))


@dataclasses.dataclass(frozen=True)
class _Handed:
    """What one output gets: which of the targets, and how many numbers it is spread over, 0 for as it is."""

    name: str
    place: int
    one_hot: int

    def of(self, targets: Sequence[tf.Tensor]) -> tf.Tensor:
        return tf.one_hot(targets[self.place], self.one_hot) if self.one_hot else targets[self.place]


def _targets(y: np.ndarray, *, numbers: bool) -> np.ndarray:
    return y.astype(np.int32) if numbers else y.astype(np.float32).reshape(-1, 1)
