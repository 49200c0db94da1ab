"""Samples a second: a training through the workbench, against a plain Keras script and a hand-written loop.

Run from the checkout: `.venv/bin/python tests/benchmarks/train_speed.py`. Each round trains the same model on the same
data three times, an epoch of one after an epoch of the other; a ratio is the workbench's samples/s over the other's.
Needed, of the medians: against Keras a geometric mean of 1.8 and no cell under 1.2, against the loop a geometric mean
of 0.95. Ends with 1 where that does not hold.
"""

from __future__ import annotations

import argparse
import dataclasses
import queue
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from workbench.core.control import RunControl
from workbench.core.events import EpochEnded, Event
from workbench.data.dataset import Dataset, open_dataset
from workbench.data.spec import DatasetSpec, SplitSpec
from workbench.graph import edits
from workbench.graph.model import Graph
from workbench.project.model import Project
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

MEAN, LEAST, LOOP = 1.8, 1.2, 0.95


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


class Drain:
    """Takes events from a queue 30 times a second, as the window does, on a thread of its own."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work, name="drain")
        self._thread.start()

    def put(self, event: Event) -> None:
        self._queue.put(event)

    def _work(self) -> None:
        while not self._over.wait(1 / 30):
            while not self._queue.empty():
                self._queue.get()

    def close(self) -> None:
        self._over.set()
        self._thread.join()


def round_of(
    folder: Path, graph: Graph, dataset: Dataset, settings: TrainingSettings
) -> tuple[Measured, Measured, Measured]:
    """Train all three, an epoch of one after an epoch of the other, so that a busy machine slows all alike.

    The workbench trains as the program does, with its events, its logs, its checkpoints and its kept model; whoever
    hears of the end of an epoch lets the others train one before it goes on.
    """
    from workbench.engine.trainer import train

    others = PlainKeras(graph, dataset, settings), HandWritten(graph, dataset, settings)
    ours, drain = Measured(), Drain()
    processor, elsewhere = time.process_time(), 0.0

    def hear(event: Event) -> None:
        nonlocal processor, elsewhere
        drain.put(event)
        if isinstance(event, EpochEnded):
            ours.epochs.append(event.seconds)
            ours.processor.append(time.process_time() - processor)
            ours.accuracy = event.metrics["val_accuracy"]
            began = time.perf_counter()
            for other in others:
                other.epoch(event.epoch)
            elsewhere += time.perf_counter() - began
            processor = time.process_time()

    plan = store.new_run(folder, Project(graph=graph, dataset=dataset.spec, info=dataset.info, training=settings))
    try:
        ended = train(folder, plan, hear, RunControl(), dataset)
    finally:
        drain.close()
    if ended.outcome != "done":
        raise SystemExit(f"The training failed: {ended.message}")
    ours.whole = ended.seconds - elsewhere
    return ours, others[0].measured, others[1].measured


def compare(folder: Path, name: str, dataset: Dataset, settings: TrainingSettings, rounds: int) -> tuple[float, float]:
    """Print every round of one cell; returns the median ratios to Keras and to the loop, of epochs after the first."""
    graph, samples = drawing(name), dataset.info.train_samples * (settings.epochs - 1)
    keras_ratios, loop_ratios, processor, whole = [], [], [], []
    for number in range(1, rounds + 1):
        chosen = settings.model_copy(update={"seed": number})
        ours, theirs, hand = round_of(folder, graph, dataset, chosen)
        keras_ratios.append(theirs.steady("epochs") / ours.steady("epochs"))
        loop_ratios.append(hand.steady("epochs") / ours.steady("epochs"))
        processor.append(theirs.steady("processor") / ours.steady("processor"))
        whole.append(theirs.whole / ours.whole)
        print(
            f"{name:8} batch {settings.batch_size:4} round {number}: "
            f"workbench {samples / ours.steady('epochs'):8,.0f} samples/s, "
            f"Keras {samples / theirs.steady('epochs'):8,.0f}, loop {samples / hand.steady('epochs'):8,.0f}; "
            f"ratio {keras_ratios[-1]:.2f} to Keras, {loop_ratios[-1]:.2f} to the loop "
            f"(processor time {processor[-1]:.2f}, whole run {whole[-1]:.2f}); "
            f"validation accuracy {ours.accuracy:.4f}, {theirs.accuracy:.4f} and {hand.accuracy:.4f}",
            flush=True,
        )
    medians = statistics.median(keras_ratios), statistics.median(loop_ratios)
    print(
        f"{name:8} batch {settings.batch_size:4} MEDIAN ratio {medians[0]:.2f} to Keras "
        f"({min(keras_ratios):.2f} to {max(keras_ratios):.2f}), {medians[1]:.2f} to the loop "
        f"({min(loop_ratios):.2f} to {max(loop_ratios):.2f}); "
        f"processor time {statistics.median(processor):.2f}, whole run {statistics.median(whole):.2f}\n",
        flush=True,
    )
    return medians


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=72_000, help="five sixths of them are trained on")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--models", nargs="+", choices=sorted(MODELS), default=list(MODELS))
    parser.add_argument("--batches", nargs="+", type=int, default=[32, 128])
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        dataset = pictures(folder, chosen.samples)
        medians = [
            compare(folder, model, dataset, TrainingSettings(epochs=chosen.epochs, batch_size=batch), chosen.rounds)
            for model in chosen.models
            for batch in chosen.batches
        ]
    against_keras, against_loop = zip(*medians, strict=True)
    keras_mean, loop_mean = (statistics.geometric_mean(ratios) for ratios in (against_keras, against_loop))
    holds = keras_mean >= MEAN and min(against_keras) >= LEAST and loop_mean >= LOOP
    print(
        f"Geometric mean of the medians: {keras_mean:.2f} to Keras, lowest {min(against_keras):.2f}; "
        f"{loop_mean:.2f} to the loop; {'holds' if holds else 'FAILS'}"
    )
    return 0 if holds else 1


if __name__ == "__main__":
    raise SystemExit(main())
