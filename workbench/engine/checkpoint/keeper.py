"""Keeps a run's state on disk while it goes on, as often as is cheap, and lets the run go on where that fails."""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import keras
import numpy as np

from workbench.core.errors import FileError
from workbench.core.events import Emit, Notice, Saved
from workbench.data.dataset import Dataset
from workbench.engine.checkpoint import live
from workbench.project.model import TrainPlan
from workbench.runs import checkpoints
from workbench.runs.store import RunLog

log = logging.getLogger(__name__)

SHARE = 0.01
"""The part of a run's time that keeping its state may take; the last state is always written."""
HASHED_BYTES = 1 << 26
"""Of larger data, evenly chosen samples of about this size are hashed."""


class Part(Protocol):
    """Something of a run that has a state beside its variables."""

    def state(self) -> dict[str, Any]:
        """What a checkpoint keeps of it, as JSON."""

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from that."""


class WithArrays(Protocol):
    """Something of a run that has arrays of its own beside those of the model."""

    def arrays(self) -> dict[str, np.ndarray]:
        """What a checkpoint keeps of it."""

    def restore_arrays(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Go on from that."""


def plan_hash(plan: TrainPlan) -> str:
    """Tells one order to train from another; what came into plans later is left out where it says nothing."""
    body = plan.project.model_dump(mode="json", exclude={"name"})
    later = [(body["dataset"], "further"), (body["info"], "further"), (body["info"], "further_choices")]
    for part, name in (*later, *((own, "target") for own in body["training"]["outputs"].values())):
        if part and not part[name]:
            del part[name]
    for callback in ("early_stopping", "reduce_on_plateau"):
        if body["training"][callback]["monitor"] == "auto":
            del body["training"][callback]["monitor"]
    return hashlib.blake2b(json.dumps(body, sort_keys=True).encode(), digest_size=16).hexdigest()


def data_hash(dataset: Dataset) -> str:
    """Tells the samples that a run learns from from others; of large data it sees a part."""
    digest = hashlib.blake2b(digest_size=16)
    for name in ("train", "validation"):
        part = dataset.part(name)
        digest.update(f"{name} {part.x.shape} {part.x.dtype}".encode())
        for array in (part.x, *part.answers, *(() if part.weight is None else (part.weight,))):
            stride = max(1, -(-array.nbytes // HASHED_BYTES))
            digest.update(np.ascontiguousarray(array[::stride]).reshape(-1).view(np.uint8).data)
    return digest.hexdigest()


class Keeper:
    """Writes checkpoints of one run.

    Args:
        folder: The project's folder.
        plan: What is trained.
        model: Compiled and built.
        dataset: Opened; a state remembers which data it is of.
        parts: What has a state beside the variables, by name.
        arrays: What has arrays of its own, by name.
        journal: The run's log; a state remembers how long it was.
        tell: Takes the events to be told.
    """

    def __init__(
        self,
        folder: Path,
        plan: TrainPlan,
        model: keras.Model,
        dataset: Dataset,
        parts: Mapping[str, Part],
        arrays: Mapping[str, WithArrays],
        journal: RunLog,
        tell: Emit,
    ) -> None:
        self._folder, self._plan, self._model = folder, plan, model
        self._dataset = dataset
        self._parts, self._arrays, self._journal, self._tell = parts, arrays, journal, tell
        self._settings = plan.project.training.checkpoints
        self._hashes: dict[str, str] | None = None
        self._again_at = 0.0
        self._midway_at = time.monotonic() + self._settings.minutes * 60
        self._warned = False
        self._last: tuple[int, int] | None = None

    def epoch_ended(self, epoch: int, best: bool) -> None:
        """Keep the state after `epoch` whole epochs, where it is asked for or has become cheap again."""
        keep = self._is_kept(epoch)
        if keep or time.monotonic() >= self._again_at:
            self.save(epoch, 0, best=best, keep=keep)

    def _is_kept(self, epoch: int) -> bool:
        return self._settings.every > 0 and epoch % self._settings.every == 0

    def midway(self, epoch: int, step: int) -> None:
        """Keep the state after `step` batches of a long epoch."""
        now = time.monotonic()
        if now >= self._midway_at and now >= self._again_at:
            self.save(epoch, step)

    def finish(self, epoch: int, step: int, best: bool) -> None:
        """Keep the state that the run ends with."""
        if self._last == (epoch, step):
            return
        keep = not step and self._is_kept(epoch)
        # No later state will make up for this one, so that a passing fault of the disk is not the last word.
        if not self.save(epoch, step, best=best, keep=keep):
            self.save(epoch, step, best=best, keep=keep)

    def save(self, epoch: int, step: int, *, best: bool = False, keep: bool = False) -> bool:
        """Write the state, and say whether that went well; a refusal is told of once, and the last good state stays."""
        began, written = time.monotonic(), False
        try:
            checkpoints.save(self._folder, self._plan.run, self._taken(epoch, step), keep=keep)
        except FileError as error:
            log.warning("The state of run %s could not be kept: %s", self._plan.run, error)
            if not self._warned:
                self._warned = True
                words = f"The state could not be saved ({error.received.rstrip('.')}); the last good one is kept."
                self._tell(Notice(self._plan.run, "warning", words, error.hint))
        else:
            written = True
            self._last, self._warned = (epoch, step), False
            self._tell(Saved(self._plan.run, epoch, step, best, keep))
        ended = time.monotonic()
        self._again_at = ended + (ended - began) / SHARE
        self._midway_at = ended + self._settings.minutes * 60
        return written

    def _taken(self, epoch: int, step: int) -> checkpoints.State:
        if self._hashes is None:
            self._hashes = {"plan": plan_hash(self._plan), "data": data_hash(self._dataset)}
        facts = {
            **self._hashes,
            "versions": self._plan.versions,
            "log": self._journal.settle(),
            "parts": {name: part.state() for name, part in self._parts.items()},
        }
        arrays = live.taken(self._model)
        for name, part in self._arrays.items():
            arrays |= {f"{name}/{key}": array for key, array in part.arrays().items()}
        return checkpoints.State(epoch, step, facts, arrays)


def own_arrays(state: checkpoints.State, name: str) -> dict[str, np.ndarray]:
    """The arrays of a state that `WithArrays` of that name gave."""
    head = f"{name}/"
    return {key.removeprefix(head): array for key, array in state.arrays.items() if key.startswith(head)}
