"""Samples a second: a training in the window with its curves live, beside a plain Keras script and a hand-written loop.

Run from the checkout: `.venv/bin/python tests/benchmarks/train_speed.py`. Each round trains the same model on the same
data four times, an epoch of one after an epoch of the other; a ratio is the window's samples/s over the other's.
Needed, of the medians: against Keras a geometric mean of 1.8 and no cell under 1.2, against the loop a geometric mean
of 0.95, and against the same training without a window, plots and queue one of 0.97. Ends with 1 where that does not
hold.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from workbench.core.control import RunControl
from workbench.core.events import Emit, EpochEnded, Event, RunEnded, RunStarted
from workbench.data.dataset import Dataset, open_dataset
from workbench.data.spec import DatasetSpec, SplitSpec
from workbench.graph import edits
from workbench.graph.model import Graph
from workbench.project.model import Project, TrainPlan
from workbench.project.training import TrainingSettings
from workbench.runs import store

MODELS = {
    "MLP": (
        ("Flatten", {}),
        ("Dense", {"units": 128, "activation": "relu"}),
        ("Dense", {"units": 10, "activation": "softmax"}),
    ),
    "LeNet-5": (
        ("Conv2D", {"filters": 6, "kernel_size": 5, "padding": "same", "activation": "relu"}),
        ("MaxPooling2D", {}),
        ("Conv2D", {"filters": 16, "kernel_size": 5, "activation": "relu"}),
        ("MaxPooling2D", {}),
        ("Flatten", {}),
        ("Dense", {"units": 120, "activation": "relu"}),
        ("Dense", {"units": 84, "activation": "relu"}),
        ("Dense", {"units": 10, "activation": "softmax"}),
    ),
}

MEAN, LEAST, LOOP, PLOTS = 1.8, 1.2, 0.95, 0.97


@dataclasses.dataclass
class Measured:
    """What one contestant took: wall and processor seconds an epoch, wall seconds in all, the accuracy it reached."""

    epochs: list[float] = dataclasses.field(default_factory=list)
    processor: list[float] = dataclasses.field(default_factory=list)
    whole: float = 0.0
    accuracy: float = 0.0

    def steady(self, which: str) -> float:
        """The seconds of all epochs but the first, which has the tracing in it."""
        return sum(getattr(self, which)[1:])


def pictures(folder: Path, samples: int) -> Dataset:
    """Noisy pictures of ten patterns, 28 × 28, as bytes; one in twelve is for validation."""
    rng = np.random.default_rng(0)
    patterns = rng.uniform(0, 255, (10, 28, 28))
    labels = rng.integers(0, 10, samples)
    noisy = patterns[labels] * 0.2 + rng.normal(80, 80, (samples, 28, 28))
    path = folder / "pictures.npz"
    np.savez(path, x=noisy.clip(0, 255).astype(np.uint8)[..., None], y=labels.astype(np.int32))
    split = SplitSpec(train=10 / 12, validation=1 / 12, test=1 / 12)
    return open_dataset(DatasetSpec(source="npz", location=str(path), split=split))


def drawing(name: str) -> Graph:
    """The model as the canvas would hold it."""
    graph = edits.blank()
    for layer, params in MODELS[name]:
        graph, _ = edits.append(graph, layer, params)
    return graph


class PlainKeras:
    """A tutorial's script, an epoch at a time."""

    def __init__(self, graph: Graph, dataset: Dataset, settings: TrainingSettings) -> None:
        import keras

        from workbench.engine.build import build_model

        began = time.perf_counter()
        train, validation = dataset.part("train"), dataset.part("validation")
        self.x, self.y = train.x.astype("float32") / 255, train.y
        self.validation = validation.x.astype("float32") / 255, validation.y
        self.settings, self.measured = settings, Measured()
        keras.utils.set_random_seed(settings.seed)
        self.model = build_model(graph, dataset.info, settings.seed)
        optimizer = keras.optimizers.Adam(settings.learning_rate)
        self.model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
        self.clock = keras.callbacks.LambdaCallback(on_epoch_begin=self.begin, on_epoch_end=self.end)
        self.measured.whole = time.perf_counter() - began

    def begin(self, epoch: int, logs: object) -> None:
        self.wall, self.processor = time.perf_counter(), time.process_time()

    def end(self, epoch: int, logs: dict[str, float]) -> None:
        self.measured.epochs.append(time.perf_counter() - self.wall)
        self.measured.processor.append(time.process_time() - self.processor)
        self.measured.accuracy = logs["val_accuracy"]

    def epoch(self, number: int) -> None:
        """Train the next epoch; `fit`'s own start-up is not counted as part of it."""
        began = time.perf_counter()
        self.model.fit(
            self.x,
            self.y,
            batch_size=self.settings.batch_size,
            initial_epoch=number - 1,
            epochs=number,
            validation_data=self.validation,
            callbacks=[self.clock],
            verbose=0,
        )
        self.measured.whole += time.perf_counter() - began


class HandWritten:
    """The fastest plain loop: data resident, a whole epoch in one compiled function, nothing told meanwhile."""

    def __init__(self, graph: Graph, dataset: Dataset, settings: TrainingSettings) -> None:
        import keras
        import tensorflow as tf

        from workbench.engine.build import build_model

        train, validation = dataset.part("train"), dataset.part("validation")
        self.measured, self._samples = Measured(), len(train.x)
        self._rng, batch = np.random.default_rng(settings.seed), settings.batch_size
        keras.utils.set_random_seed(settings.seed)
        model = build_model(graph, dataset.info, settings.seed)
        optimizer = keras.optimizers.Adam(settings.learning_rate)
        optimizer.build(model.trainable_variables)
        compare = keras.losses.SparseCategoricalCrossentropy()
        self._loss, self._accuracy = keras.metrics.Mean(), keras.metrics.SparseCategoricalAccuracy()
        x, y = tf.constant(train.x.astype("float32") / 255), tf.constant(train.y)
        self._validation = tf.constant(validation.x.astype("float32") / 255), tf.constant(validation.y)

        @tf.function(autograph=False)
        def epoch(order: tf.Tensor) -> None:
            def step(start: tf.Tensor) -> tuple[tf.Tensor]:
                rows = order[start : start + batch]
                inputs, targets = tf.gather(x, rows), tf.gather(y, rows)
                with tf.GradientTape() as tape:
                    answers = model(inputs, training=True)
                    loss = compare(targets, answers)
                gradients = tape.gradient(loss, model.trainable_variables)
                optimizer.apply(gradients, model.trainable_variables)
                self._loss.update_state(loss)
                self._accuracy.update_state(targets, answers)
                return (start + batch,)

            tf.while_loop(lambda start: start < tf.shape(order)[0], step, (tf.constant(0),))

        @tf.function(autograph=False)
        def validate(inputs: tf.Tensor, targets: tf.Tensor) -> None:
            answers = model(inputs, training=False)
            self._loss.update_state(compare(targets, answers))
            self._accuracy.update_state(targets, answers)

        self._train, self._validate = epoch, validate

    def epoch(self, number: int) -> None:
        """Train the next epoch and validate."""
        import tensorflow as tf

        wall, processor = time.perf_counter(), time.process_time()
        for metric in (self._loss, self._accuracy):
            metric.reset_state()
        self._train(tf.constant(self._rng.permutation(self._samples).astype(np.int32)))
        float(self._loss.result())
        for metric in (self._loss, self._accuracy):
            metric.reset_state()
        inputs, targets = self._validation
        for start in range(0, len(targets), 1024):
            self._validate(inputs[start : start + 1024], targets[start : start + 1024])
        self.measured.accuracy = float(self._accuracy.result())
        self.measured.epochs.append(time.perf_counter() - wall)
        self.measured.processor.append(time.process_time() - processor)
        self.measured.whole += self.measured.epochs[-1]


class Workbench:
    """A training through the engine that waits after each epoch until it is told to go on.

    Args:
        folder: Where its project lies.
        project: What is trained.
        dataset: Opened.
    """

    def __init__(self, folder: Path, project: Project, dataset: Dataset) -> None:
        self.measured = Measured()
        self._go, self._done = threading.Semaphore(0), threading.Semaphore(0)
        plan = store.new_run(folder, project)
        self._thread = threading.Thread(target=self._work, args=(folder, plan, dataset), name="bare")
        self._thread.start()

    def _work(self, folder: Path, plan: TrainPlan, dataset: Dataset) -> None:
        from ui.yielding import give_way
        from workbench.engine import trainer

        give_way()  # as the window's does
        self._go.acquire()
        clock = Clock(self.measured)

        def hear(event: Event) -> None:
            if isinstance(event, EpochEnded):
                clock.stop(event)
                self._done.release()
                self._go.acquire()
                clock.start()

        clock.start()
        trainer.train(folder, plan, hear, RunControl(), dataset)

    def epoch(self, number: int) -> None:
        """Train the next epoch."""
        self._go.release()
        self._done.acquire()

    def close(self) -> None:
        """Let the run end."""
        self._go.release()
        self._thread.join()


class Clock:
    """Takes the time of a workbench's epochs, with what it writes between them."""

    def __init__(self, measured: Measured) -> None:
        self._measured = measured

    def start(self) -> None:
        self._wall, self._processor = time.perf_counter(), time.process_time()

    def stop(self, event: EpochEnded) -> None:
        self._measured.epochs.append(time.perf_counter() - self._wall)
        self._measured.processor.append(time.process_time() - self._processor)
        self._measured.whole += self._measured.epochs[-1]
        self._measured.accuracy = event.metrics["val_accuracy"]


class Room:
    """The real window, offscreen, in which runs are started by its button and its curves are live."""

    def __init__(self) -> None:
        from PySide6.QtWidgets import QApplication

        from ui.main_window import MainWindow
        from ui.session import Session
        from ui.theme import apply_theme

        self._app = QApplication([])
        apply_theme(self._app)
        self._window = MainWindow(Session())
        self._window.resize(1440, 900)
        self._window.show()
        self._window.session.load_engine()
        self._wait(lambda: self._window.session.engine_state == "ready")

    def _wait(self, over: Callable[[], bool]) -> None:
        from PySide6.QtCore import QEventLoop, QTimer

        loop, timer = QEventLoop(), QTimer()
        timer.timeout.connect(lambda: loop.quit() if over() else None)
        timer.start(250)  # seldom: what it takes is taken from the training
        loop.exec()
        timer.stop()

    def train(self, project: Project, hear: Callable[[Event], None]) -> None:
        """Train a project as a click on Train does; `hear` is told its events on the training's thread."""
        from PySide6.QtWidgets import QPushButton

        from workbench.engine import trainer

        session, training = self._window.session, self._window.training
        session.new_draft(project)
        self._window.show_page("train")
        button = self._window.pages["train"].findChild(QPushButton, "train_button")
        self._wait(button.isEnabled)
        carried_out = trainer.train

        def train(folder: Path, plan: TrainPlan, emit: Emit, *further: Any) -> RunEnded:
            trainer.train = carried_out  # the others' are as they are

            def both(event: Event) -> None:
                emit(event)
                hear(event)

            return carried_out(folder, plan, both, *further)

        trainer.train = train
        button.click()
        self._wait(lambda: not training.is_busy)
        record = store.list_runs(session.folder)[-1]
        if record.outcome != "done":
            raise SystemExit(f"The training failed: {record.message}")

    def close(self) -> None:
        """Leave nothing behind."""
        self._window.session.forget_changes()
        self._window.close()


def round_of(room: Room, folder: Path, project: Project, dataset: Dataset) -> list[Measured]:
    """Train all four, an epoch of one after an epoch of the other, so that a busy machine slows all alike.

    The window trains as the program does, with its events, plots, logs, checkpoints and kept model; whoever hears of
    the end of an epoch lets the others train one before it goes on.
    """
    others = [
        PlainKeras(project.graph, dataset, project.training),
        HandWritten(project.graph, dataset, project.training),
        Workbench(folder, project, dataset),
    ]
    ours = Measured()
    clock = Clock(ours)

    def hear(event: Event) -> None:
        if isinstance(event, RunStarted):
            clock.start()
        elif isinstance(event, EpochEnded):
            clock.stop(event)
            for other in others:
                other.epoch(event.epoch)
            clock.start()

    room.train(project, hear)
    others[-1].close()
    return [ours, *(other.measured for other in others)]


def compare(
    room: Room, folder: Path, name: str, dataset: Dataset, settings: TrainingSettings, rounds: int
) -> tuple[float, ...]:
    """Print every round of one cell; returns the median ratios to Keras, to the loop and to no window."""
    project = Project(graph=drawing(name), dataset=dataset.spec, info=dataset.info, training=settings)
    samples = dataset.info.train_samples * (settings.epochs - 1)
    ratios: list[list[float]] = []
    for number in range(1, rounds + 1):
        chosen = project.model_copy(update={"training": settings.model_copy(update={"seed": number})})
        ours, *others = round_of(room, folder, chosen, dataset)
        ratios.append([other.steady("epochs") / ours.steady("epochs") for other in others])
        speeds = [f"{samples / one.steady('epochs'):,.0f}" for one in (ours, *others)]
        exact = [f"{one.accuracy:.4f}" for one in (ours, *others)]
        print(
            f"{name:8} batch {settings.batch_size:4} round {number}: window {speeds[0]} samples/s, "
            f"Keras {speeds[1]}, loop {speeds[2]}, no window {speeds[3]}; "
            f"ratio {ratios[-1][0]:.2f} to Keras, {ratios[-1][1]:.2f} to the loop, {ratios[-1][2]:.2f} to no window; "
            f"processor time {others[0].steady('processor') / ours.steady('processor'):.2f}; "
            f"validation accuracy {', '.join(exact)}",
            flush=True,
        )
    columns = list(zip(*ratios, strict=True))
    medians = tuple(statistics.median(column) for column in columns)
    told = ", ".join(
        f"{median:.2f} to {whom} ({min(column):.2f} to {max(column):.2f})"
        for median, column, whom in zip(medians, columns, ("Keras", "the loop", "no window"), strict=True)
    )
    print(f"{name:8} batch {settings.batch_size:4} MEDIAN ratio {told}\n", flush=True)
    return medians


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=72_000, help="five sixths of them are trained on")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--models", nargs="+", choices=sorted(MODELS), default=list(MODELS))
    parser.add_argument("--batches", nargs="+", type=int, default=[32, 128])
    chosen = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as name:
        for kind in ("DATA", "CONFIG", "CACHE", "STATE"):
            os.environ[f"XDG_{kind}_HOME"] = str(Path(name) / kind.lower())
        room = Room()
        dataset = pictures(Path(name), chosen.samples)
        plan = TrainingSettings(epochs=chosen.epochs, early_stopping={"enabled": False})
        medians = [
            compare(room, Path(name), model, dataset, plan.model_copy(update={"batch_size": batch}), chosen.rounds)
            for model in chosen.models
            for batch in chosen.batches
        ]
        room.close()
    keras_mean, loop_mean, bare_mean = (statistics.geometric_mean(column) for column in zip(*medians, strict=True))
    least = min(cell[0] for cell in medians)
    holds = keras_mean >= MEAN and least >= LEAST and loop_mean >= LOOP and bare_mean >= PLOTS
    print(
        f"Geometric mean of the medians: {keras_mean:.2f} to Keras, lowest {least:.2f}; {loop_mean:.2f} to the loop; "
        f"{bare_mean:.3f} to no window; {'holds' if holds else 'FAILS'}"
    )
    return 0 if holds else 1


if __name__ == "__main__":
    raise SystemExit(main())
