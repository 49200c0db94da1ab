"""What looks on while a network trains and tells of it: callbacks that a run adds to its own."""

from __future__ import annotations

import dataclasses
import logging
from typing import Any

import keras

from workbench.core.events import Emit
from workbench.data.dataset import Dataset, PartName
from workbench.diagnosis.evidence import Evidence
from workbench.engine import runtime
from workbench.engine.feed import Feed
from workbench.engine.watching.doctor import Bedside
from workbench.engine.watching.facts import facts_of
from workbench.engine.watching.load import LoadWatch
from workbench.engine.watching.origin import Origin
from workbench.engine.watching.predictions import Onlooker
from workbench.engine.watching.probe import Probe
from workbench.project.model import TrainPlan
from workbench.project.outputs import End, main_place

log = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True)
class Watched:
    """A run as those who look on see it.

    Args:
        plan: What is trained, and how.
        core: The network without what only training needs; its weights are those being trained.
        twin: The compiled model over the same layers.
        ends: What each of its outputs learns.
        dataset: Opened.
        training: What is learnt from.
        validation: What is measured after each epoch; None for nothing.
        tell: Takes the events to be told, on the training thread.
    """

    plan: TrainPlan
    core: keras.Model
    twin: keras.Model
    ends: tuple[End, ...]
    dataset: Dataset
    training: Feed
    validation: Feed | None
    tell: Emit

    @property
    def main(self) -> str:
        """Of several outputs the main one's name; empty where there is one."""
        return self.ends[main_place(self.ends)].name if len(self.ends) > 1 else ""


def watchers(watched: Watched) -> list[keras.callbacks.Callback]:
    """The callbacks that the plan's `watch` asks for; each bounds its own cost, and changes nothing that is trained."""
    plan, watch = watched.plan, watched.plan.project.training.watch
    made: list[keras.callbacks.Callback] = []
    if watch.doctor or watch.statistics:
        made.append(bedside(watched))
    if watch.samples:
        part: PartName = "validation" if watched.validation else "train"
        feed = watched.validation or watched.training
        made.append(Onlooker(watched.core, feed, watched.dataset, part, watch.samples, plan.run, watched.tell))
    made.append(LoadWatch(plan.run, watched.tell, runtime.device_in_use(plan.project.training.device)))
    return [Guarded(one) for one in made]


class Guarded(keras.callbacks.Callback):
    """Hands everything on to one who looks on, until that fails: a fault of theirs never ends a training.

    Args:
        one: Who looks on.
    """

    def __init__(self, one: keras.callbacks.Callback) -> None:
        super().__init__()
        self._one: keras.callbacks.Callback | None = one

    def set_model(self, model: keras.Model) -> None:
        super().set_model(model)
        self._call("set_model", model)

    def on_train_begin(self, logs: Any = None) -> None:
        self._call("on_train_begin", logs)

    def on_train_end(self, logs: Any = None) -> None:
        self._call("on_train_end", logs)

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self._call("on_epoch_begin", epoch, logs)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self._call("on_epoch_end", epoch, logs)

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        self._call("on_train_batch_begin", batch, logs)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self._call("on_train_batch_end", batch, logs)

    def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
        self._call("on_test_batch_end", batch, logs)

    def _call(self, hook: str, *arguments: Any) -> None:
        if self._one is None:
            return
        try:
            getattr(self._one, hook)(*arguments)
        except Exception:
            log.exception("%s failed in %s and looks on no more", type(self._one).__name__, hook)
            self._one = None


def bedside(watched: Watched) -> Bedside:
    """The doctor of a run."""
    plan, project, dataset = watched.plan, watched.plan.project, watched.dataset
    settings = project.training
    facts = facts_of(project, dataset, watched.core, fresh=plan.origin is None)
    probe = Probe(project.graph, facts, dataset.info, watched.twin, watched.core, watched.training, main=watched.main)
    origin = Origin(watched.twin, watched.training, settings.batch_size, settings.seed)
    watch = settings.watch
    return Bedside(
        Evidence(facts),
        probe,
        origin,
        dataset,
        plan.run,
        watched.tell,
        main=watched.main,
        diagnose=watch.doctor,
        statistics=watch.statistics,
    )
