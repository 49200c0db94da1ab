"""The batch-size finder: how many samples a second each batch size learns from, and what it needs of the memory."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from workbench.core.cancel import CancelToken
from workbench.data.dataset import Dataset
from workbench.diagnosis.found import Remedy, remedy
from workbench.engine import memory, runtime
from workbench.engine.check import CheckReport, check
from workbench.engine.failures import out_of_memory
from workbench.engine.feed import epoch_order
from workbench.engine.trying.trial import Trial, trial
from workbench.project.model import Project

SIZES = (8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096)
SECONDS_EACH = 0.4
"""Each size is timed for about so long."""
MOST_STEPS = 200
MOST_SECONDS = 15.0
"""A size that would take the trial beyond so long is not tried, nor are larger ones."""
GAIN = 1.15
"""A doubling that gains less than this part is not worth the steps that it costs."""
FEWEST_STEPS = 16
"""A size that leaves fewer steps an epoch learns too seldom to be suggested."""


@dataclasses.dataclass(frozen=True)
class BatchTime:
    """One batch size, tried.

    Args:
        size: Samples a step.
        samples_per_second: How fast it learns; 0 where it did not fit.
        memory: Bytes that it needs, estimated.
        fits: Whether there was room for it.
    """

    size: int
    samples_per_second: float
    memory: int
    fits: bool = True


@dataclasses.dataclass(frozen=True)
class BatchTest:
    """What the finder found.

    Args:
        sizes: Each size that was tried, rising.
        suggested: The size from which on larger ones gain little.
        message: The result in words.
    """

    sizes: tuple[BatchTime, ...]
    suggested: int | None
    message: str

    @property
    def remedy(self) -> Remedy | None:
        """The edit that takes the suggestion over."""
        if self.suggested is None:
            return None
        return remedy(f"Use batches of {self.suggested}", {"training.batch_size": self.suggested})

    def to_json(self) -> dict[str, Any]:
        """As the command line answers."""
        return {**dataclasses.asdict(self), "remedy": self.remedy}


def find_batch(
    project: Project,
    dataset: Dataset,
    cancel: CancelToken | None = None,
    progress: Callable[[float, str], None] | None = None,
) -> BatchTest:
    """Time a few steps with each batch size, on a network that is thrown away afterwards.

    Args:
        project: What is to be trained.
        dataset: Opened.
        cancel: Looked at between steps.
        progress: Told how far it is, from 0 to 1, and what was found.

    Raises:
        WorkbenchError: The project could not be trained, in words.
        Cancelled: The user asked for the end.
    """
    cancel = cancel or CancelToken()
    least = project.model_copy(
        update={"training": project.training.model_copy(update={"batch_size": SIZES[0]}), "info": dataset.info}
    )
    report = check(least)
    free = memory.device_bytes(runtime.device_in_use(project.training.device))
    fixed = memory.fixed_bytes(report.total_params, report.trainable_params, project.training)
    found: list[BatchTime] = []
    began = time.perf_counter()
    with trial(least, dataset, cancel, accumulate=False, as_planned=True) as made:
        step = made.stepper()
        sizes = [size for size in SIZES if size <= made.feed.samples] or [made.feed.samples]
        for place, size in enumerate(sizes):
            needed = fixed + size * report.sample_bytes
            found.append(_timed(made, step, size, needed, _room(report, free, fixed), cancel))
            if progress is not None:
                progress((place + 1) / len(sizes), f"{size}: {found[-1].samples_per_second:,.0f} samples/s")
            if not found[-1].fits or _too_slow(found[-1], time.perf_counter() - began):
                break
        samples = made.feed.samples
    return judged(found, samples)


def _too_slow(last: BatchTime, seconds: float) -> bool:
    """Whether the size after `last` would take too long, where so many seconds have been spent already."""
    following = 3 * 2 * last.size / last.samples_per_second  # each is tried for three steps at least
    return seconds + following > MOST_SECONDS


def _room(report: CheckReport, free: int | None, fixed: int) -> int | None:
    """The most samples for which there is memory; None where that is not known."""
    return None if free is None else memory.largest_batch(free, fixed, report.sample_bytes, report.widest)


def _timed(
    made: Trial, step: Callable[[np.ndarray], float], size: int, needed: int, room: int | None, cancel: CancelToken
) -> BatchTime:
    if room is not None and size > room:
        return BatchTime(size, 0.0, needed, fits=False)
    order = np.resize(epoch_order(made.feed.samples, 0, 0), max(size * 4, made.feed.samples))
    try:
        step(order[:size])  # the first one of a size is slower
        began, count = time.perf_counter(), 0
        while count < MOST_STEPS and (count < 2 or time.perf_counter() - began < SECONDS_EACH):
            cancel.raise_if_stopped()
            start = (count * size) % (len(order) - size + 1)
            step(order[start : start + size])
            count += 1
    except Exception as error:
        if not out_of_memory(error):
            raise
        return BatchTime(size, 0.0, needed, fits=False)
    return BatchTime(size, count * size / (time.perf_counter() - began), needed)


def judged(found: list[BatchTime], samples: int) -> BatchTest:
    """The size to take: the smallest that no doubling betters by much, of those that leave enough steps.

    Args:
        found: Each size, rising.
        samples: In the training part.
    """
    usable = [one for one in found if one.fits]
    if not usable:
        return BatchTest(tuple(found), None, "Not even the smallest batch fits the memory: the network is too large.")
    chosen = usable[0]
    for one in usable[1:]:
        enough = samples // one.size >= FEWEST_STEPS
        if enough and one.samples_per_second > GAIN * chosen.samples_per_second:
            chosen = one
    fastest = max(one.samples_per_second for one in usable)
    why = (
        f"larger ones are faster, but leave fewer than {FEWEST_STEPS} steps an epoch."
        if fastest > GAIN * chosen.samples_per_second
        else "larger ones gain little."
    )
    words = f"Batches of {chosen.size} learn from {chosen.samples_per_second:,.0f} samples a second; {why}"
    return BatchTest(tuple(found), chosen.size, words)
