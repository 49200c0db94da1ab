"""What looks on while a network trains and tells of it: callbacks that a run adds to its own."""

from __future__ import annotations

import dataclasses

import keras

from workbench.core.events import Emit
from workbench.data.dataset import Dataset
from workbench.engine.feed import Feed
from workbench.project.model import TrainPlan


@dataclasses.dataclass(frozen=True)
class Watched:
    """A run as those who look on see it.

    Args:
        plan: What is trained, and how.
        core: The network without what only training needs; its weights are those being trained.
        twin: The compiled model over the same layers.
        dataset: Opened.
        training: What is learnt from.
        validation: What is measured after each epoch; None for nothing.
        tell: Takes the events to be told, on the training thread.
    """

    plan: TrainPlan
    core: keras.Model
    twin: keras.Model
    dataset: Dataset
    training: Feed
    validation: Feed | None
    tell: Emit


def watchers(watched: Watched) -> list[keras.callbacks.Callback]:
    """The callbacks that the plan's `watch` asks for; each bounds its own cost, and changes nothing that is trained."""
    return []
