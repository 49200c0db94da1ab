"""Samples a second: a training through the workbench against a plain Keras script of the same model, data and settings.

Run from the checkout: `.venv/bin/python tests/benchmarks/train_speed.py`. Each round trains both, an epoch of one after
an epoch of the other; the ratio is the workbench's samples/s over Keras's. Exits 1 when a median is below 1.
"""

from __future__ import annotations

import argparse
import dataclasses
import statistics
import sys
import tempfile
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


def round_of(folder: Path, graph: Graph, dataset: Dataset, settings: TrainingSettings) -> tuple[Measured, Measured]:
    """Train both, an epoch of one after an epoch of the other, so that a busy machine slows both alike.

    The workbench trains as the program does, with its events, its log and its kept model; whoever hears of the end of
    an epoch lets Keras train one before it goes on.
    """
    from workbench.engine.trainer import train

    keras_script, ours = PlainKeras(graph, dataset, settings), Measured()
    processor = time.process_time()

    def hear(event: Event) -> None:
        nonlocal processor
        if isinstance(event, EpochEnded):
            ours.epochs.append(event.seconds)
            ours.processor.append(time.process_time() - processor)
            ours.accuracy = event.metrics["val_accuracy"]
            keras_script.epoch(event.epoch)
            processor = time.process_time()

    plan = store.new_run(folder, Project(graph=graph, dataset=dataset.spec, info=dataset.info, training=settings))
    before = keras_script.measured.whole
    ended = train(folder, plan, hear, RunControl(), dataset)
    if ended.outcome != "done":
        raise SystemExit(f"The training failed: {ended.message}")
    ours.whole = ended.seconds - (keras_script.measured.whole - before)
    return ours, keras_script.measured


def compare(folder: Path, name: str, dataset: Dataset, settings: TrainingSettings, rounds: int) -> float:
    """Print every round of one cell; returns the median ratio of its epochs after the first."""
    graph, samples = drawing(name), dataset.info.train_samples * (settings.epochs - 1)
    ratios, processor, whole = [], [], []
    for number in range(1, rounds + 1):
        ours, theirs = round_of(folder, graph, dataset, settings.model_copy(update={"seed": number}))
        ratios.append(theirs.steady("epochs") / ours.steady("epochs"))
        processor.append(theirs.steady("processor") / ours.steady("processor"))
        whole.append(theirs.whole / ours.whole)
        print(
            f"{name:8} batch {settings.batch_size:4} round {number}: "
            f"workbench {samples / ours.steady('epochs'):8,.0f} samples/s, "
            f"Keras {samples / theirs.steady('epochs'):8,.0f}, ratio {ratios[-1]:.2f} "
            f"(processor time {processor[-1]:.2f}, whole run {whole[-1]:.2f}); "
            f"validation accuracy {ours.accuracy:.4f} and {theirs.accuracy:.4f}",
            flush=True,
        )
    median = statistics.median(ratios)
    print(
        f"{name:8} batch {settings.batch_size:4} MEDIAN ratio {median:.2f} ({min(ratios):.2f} to {max(ratios):.2f}; "
        f"processor time {statistics.median(processor):.2f}, whole run {statistics.median(whole):.2f})\n",
        flush=True,
    )
    return median


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
    mean = statistics.geometric_mean(medians)
    print(f"Geometric mean of the medians: {mean:.2f}; lowest: {min(medians):.2f}")
    return 0 if min(medians) >= 1 else 1


if __name__ == "__main__":
    raise SystemExit(main())
