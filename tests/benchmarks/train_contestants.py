"""Who trains beside whom in `train_speed.py`: the window, the engine alone, plain Keras and a hand-written loop."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from workbench.core.control import RunControl
from workbench.core.events import Emit, EpochEnded, Event, RunEnded
from workbench.data.dataset import Dataset
from workbench.graph.model import Graph
from workbench.project.model import Project, TrainPlan
from workbench.project.training import TrainingSettings
from workbench.runs import store


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
