"""The learning-rate range test: train briefly with a rate that grows from step to step, and see where the loss falls.

Smith, Cyclical Learning Rates for Training Neural Networks (2017), arXiv:1506.01186, section 3.3; the suggestion is the
rate of the steepest fall, as fast.ai takes it (Howard and Gugger, Deep Learning for Coders, chapter 5).
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from workbench.core.cancel import CancelToken
from workbench.data.dataset import Dataset
from workbench.diagnosis.found import Remedy, remedy, rounded
from workbench.engine.feed import epoch_order
from workbench.engine.trying.trial import trial
from workbench.project.model import Project

STEPS = 120
LOWEST, HIGHEST = 1e-6, 10.0
SMOOTHING = 0.9
"""How much of the mean so far is kept at each step, as in the published recipes."""
BLOWN = 4.0
"""A smoothed loss this many times its lowest has diverged: the test ends."""
FALL = 0.05
"""A fall of less than this part of the loss suggests nothing."""

Progress = Callable[[float, str], None]


@dataclasses.dataclass(frozen=True)
class RateTest:
    """What a range test found.

    Args:
        rates: The learning rate of each step.
        losses: The smoothed loss before each step.
        suggested: The rate to train with; None where no rate made the loss fall.
        highest: The rate from which on the loss rose; None where it never did.
        message: The result in words.
    """

    rates: tuple[float, ...]
    losses: tuple[float, ...]
    suggested: float | None
    highest: float | None
    message: str

    @property
    def remedy(self) -> Remedy | None:
        """The edit that takes the suggestion over."""
        if self.suggested is None:
            return None
        return remedy(f"Set the learning rate to {self.suggested:g}", {"training.learning_rate": self.suggested})

    def to_json(self) -> dict[str, Any]:
        """As the command line answers."""
        return {**dataclasses.asdict(self), "remedy": self.remedy}


def find_rate(
    project: Project,
    dataset: Dataset,
    cancel: CancelToken | None = None,
    progress: Progress | None = None,
    *,
    steps: int = STEPS,
) -> RateTest:
    """Try learning rates from very small to very large on a network that is thrown away afterwards.

    Args:
        project: What is to be trained.
        dataset: Opened.
        cancel: Looked at before each step.
        progress: Told how far it is, from 0 to 1, and the loss.
        steps: How many batches are learnt from at most.

    Raises:
        WorkbenchError: The project could not be trained, in words.
        Cancelled: The user asked for the end.
    """
    cancel = cancel or CancelToken()
    rates: list[float] = []
    losses: list[float] = []
    with trial(project, dataset, cancel, accumulate=False) as made:
        step = made.stepper()
        rows = _batches(made.feed.samples, project.training.batch_size, steps, project.training.seed)
        mean = 0.0
        for number in range(steps):
            cancel.raise_if_stopped()
            rate = LOWEST * (HIGHEST / LOWEST) ** (number / max(steps - 1, 1))
            made.twin.optimizer.learning_rate = rate
            loss = step(rows[number])
            if not math.isfinite(loss):
                break
            mean = SMOOTHING * mean + (1 - SMOOTHING) * loss
            rates.append(rate)
            losses.append(mean / (1 - SMOOTHING ** (number + 1)))
            if progress is not None:
                progress((number + 1) / steps, f"{rate:.2g}: {losses[-1]:.4g}")
            if number > steps // 5 and losses[-1] > BLOWN * min(losses):
                break
    return judged(rates, losses)


def _batches(samples: int, size: int, steps: int, seed: int) -> list[np.ndarray]:
    batches: list[np.ndarray] = []
    epoch = 0
    while len(batches) < steps:
        order = epoch_order(samples, seed, epoch)
        batches += [order[start : start + size] for start in range(0, samples, size)]
        epoch += 1
    return batches[:steps]


def judged(rates: list[float], losses: list[float]) -> RateTest:
    """What a curve of smoothed losses over rates suggests.

    Args:
        rates: Rising.
        losses: Smoothed; as many.
    """
    if len(losses) < 10:
        return RateTest(tuple(rates), tuple(losses), None, None, "The loss was no number from the start.")
    values = np.array(losses)
    low = int(values.argmin())
    gone = (float(values[: low + 1].max()) - float(values[low])) / max(abs(float(values[: low + 1].max())), 1e-12)
    highest = rates[low] if low < len(values) - 1 else None
    if gone < FALL or low < 3:
        words = "No learning rate made the loss fall: look at the data and the network first."
        return RateTest(tuple(rates), tuple(losses), None, highest, words)
    # Over a decade, not from step to step: single batches are easier or harder than others.
    wide = max(2, sum(rate < 10 * rates[0] for rate in rates) // 2)
    falls = [values[min(place + wide, low)] - values[max(place - wide, 0)] for place in range(low + 1)]
    # Beyond the valley nothing counts, and right before it a step is already nearly too long.
    steepest = float(rates[int(np.argmin(falls))])
    suggested = rounded(min(steepest, rates[low] / 3))
    words = f"The loss falls fastest at a learning rate of about {suggested:g}" + (
        f", and rises beyond {highest:.2g}." if highest is not None else "."
    )
    return RateTest(tuple(rates), tuple(losses), suggested, highest, words)
