"""A network built and compiled as a training would have it, to try things on; nothing is written to the disk."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from workbench.core.cancel import CancelToken
from workbench.data.dataset import Dataset
from workbench.engine import runtime
from workbench.engine.build import answering, build_model
from workbench.engine.compile import trainable_twin
from workbench.engine.feed import Feed
from workbench.engine.leak import purged_gradients
from workbench.engine.preflight import require_ready
from workbench.engine.trainer import adaptable
from workbench.project.model import Project
from workbench.project.outputs import End, ends_of, main_place
from workbench.project.training import Gradients, Schedule


@dataclasses.dataclass(frozen=True)
class Trial:
    """What is tried on.

    Args:
        project: With a constant learning rate, whatever its plan says.
        dataset: Opened.
        core: The network.
        twin: The compiled model over the same layers, with its metrics and optimizer built.
        ends: What each of its outputs learns.
        feed: The training part.
    """

    project: Project
    dataset: Dataset
    core: keras.Model
    twin: keras.Model
    ends: tuple[End, ...]
    feed: Feed

    @property
    def main(self) -> str:
        """Of several outputs the main one's name; empty where there is one."""
        return self.ends[main_place(self.ends)].name if len(self.ends) > 1 else ""

    def stepper(self) -> Callable[[np.ndarray], float]:
        """A compiled step on the rows that it is given; returns the loss before it."""
        twin, feed = self.twin, self.feed

        @tf.function(input_signature=[*feed.signature, tf.TensorSpec((None,), tf.int32)], autograph=False)
        def step(*stretch: Any) -> Any:
            twin.train_step(feed.batch(*stretch))
            return twin.get_metrics_result()["loss"]

        def run(rows: np.ndarray) -> float:
            twin.reset_metrics()
            return float(step(*feed.stretch(rows)))

        return run

    def keep(self) -> list[np.ndarray]:
        """The state of weights and optimizer, for `restore`."""
        return [np.array(variable) for variable in (*self.twin.variables, *self.twin.optimizer.variables)]

    def restore(self, kept: list[np.ndarray]) -> None:
        """Set weights and optimizer back to what was kept."""
        for variable, value in zip((*self.twin.variables, *self.twin.optimizer.variables), kept, strict=True):
            variable.assign(value)


@contextlib.contextmanager
def _precision(name: str) -> Iterator[None]:
    # Keras keeps both a thread, so what another thread has set is not seen here.
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy("float32")


@contextlib.contextmanager
def trial(
    project: Project, dataset: Dataset, cancel: CancelToken, *, accumulate: bool = True, as_planned: bool = False
) -> Iterator[Trial]:
    """A trial of a project's network on its data and its device; what it took is given back on leaving.

    Args:
        project: What is to be trained.
        dataset: Opened.
        cancel: Looked at before and after the network is built.
        accumulate: Whether gradients are summed over batches where the plan says so.
        as_planned: Compute with the plan's precision, not with whole 32-bit numbers.

    Raises:
        WorkbenchError: It could not be trained, in words.
        Cancelled: The user asked for the end.
    """
    plain = project.training.model_copy(
        update={
            "schedule": Schedule(),
            "gradients": project.training.gradients if accumulate else Gradients(),
        }
    )
    project = project.model_copy(update={"training": plain, "info": dataset.info})
    runtime.start()
    cancel.raise_if_stopped()
    device = runtime.device_in_use(plain.device)
    require_ready(project, dataset, device)
    ends = ends_of(plain, dataset.info, [node.name for node in project.graph.outputs])
    precision = plain.precision if as_planned else "float32"
    with _precision(precision), purged_gradients(), tf.device(device.tensorflow_name):
        feed = Feed(dataset.part("train"), dataset.preparation, ends[0].loss, ends=ends)
        with runtime.build_lock:
            keras.utils.set_random_seed(plain.seed)
            core = build_model(project.graph, dataset.info, plain.seed, adapt=adaptable(dataset, project.graph))
            steps = -(-feed.samples // plain.batch_size)
            twin = trainable_twin(core, plain, dataset.info, dataset.preparation, ends, steps)
        twin.test_step(feed.sample())
        twin.reset_metrics()
        twin.optimizer.build(twin.trainable_variables)
        cancel.raise_if_stopped()
        yield Trial(project, dataset, answering(core, ends), twin, ends, feed)
