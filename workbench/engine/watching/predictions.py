"""What the network makes of a few fixed samples, after each epoch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np

from workbench.core.events import Emit, Predictions
from workbench.data.dataset import Dataset, PartName
from workbench.data.encode import decode_target
from workbench.data.spec import ClassTarget
from workbench.engine.feed import Feed
from workbench.engine.watching.budget import Budget

Logs = Mapping[str, float] | None


class Onlooker(keras.callbacks.Callback):
    """Tells the predictions of a few samples, evenly taken from the part: the main target's.

    Args:
        core: The network, with its answers to each target, the main one first.
        feed: Where the samples come from.
        dataset: Knows their answers.
        part: The part that `feed` hands out.
        samples: How many are shown.
        run: The run's name.
        tell: Takes the events.
    """

    def __init__(
        self, core: keras.Model, feed: Feed, dataset: Dataset, part: PartName, samples: int, run: str, tell: Emit
    ) -> None:
        super().__init__()
        self._core, self._feed, self._dataset, self._part = core, feed, dataset, part
        self._run, self._tell = run, tell
        self._budget = Budget(0.006)
        count = min(samples, feed.samples)
        self._places = np.linspace(0, feed.samples - 1, count).round().astype(np.int32)
        numbers = dataset.part(part).index[self._places]
        self._truths = [_words(dataset.label(int(number))) for number in numbers]
        self._ended = self._told = 0

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self._ended = epoch + 1
        if self._budget.allows():
            self._predict()

    def on_train_end(self, logs: Logs = None) -> None:
        if self._ended > self._told:
            self._predict()

    def _predict(self) -> None:
        with self._budget.work():
            x = self._feed.batch(*self._feed.stretch(self._places))[0]
            # What a layer would write while it answers is thrown away.
            with keras.StatelessScope():
                outputs = np.asarray(keras.tree.flatten(self._core(x, training=False))[0])
        if not np.isfinite(outputs).all():
            return
        answers = decode_target(self._dataset.preparation, outputs)
        self._told = self._ended
        self._tell(Predictions(self._run, self._ended, self._part, tuple(self._rows(answers))))

    def _rows(self, answers: np.ndarray) -> list[dict[str, Any]]:
        target = self._dataset.preparation.target
        rows = []
        for place, truth, answer in zip(self._places, self._truths, answers, strict=True):
            row: dict[str, Any] = {"index": int(place), "truth": truth}
            if isinstance(target, ClassTarget):
                best = int(np.argmax(answer))
                row |= {"answer": target.classes[best], "confidence": float(answer[best])}
            else:
                row |= {"answer": _words(float(answer)), "confidence": None}
            rows.append(row)
        return rows


def _words(answer: str | float) -> str:
    return answer if isinstance(answer, str) else f"{answer:.4g}"
