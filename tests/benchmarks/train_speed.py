"""Samples a second: a training through the workbench against a plain Keras script of the same model, data and settings.

Run from the checkout: `.venv/bin/python tests/benchmarks/train_speed.py`. Each round trains both, one after the other,
in an order that alternates; the ratio is the workbench's samples/s over Keras's. Exits 1 when a median is below 1.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from workbench.core.cancel import CancelToken
from workbench.core.events import EpochEnded, Event
from workbench.data.dataset import Dataset, open_dataset
from workbench.data.spec import DatasetSpec, SplitSpec
from workbench.graph import edits
from workbench.graph.model import Graph
from workbench.project.model import Project, TrainingSettings
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

Measured = tuple[list[float], float, float]  # seconds of each epoch, seconds of the whole, validation accuracy


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


def by_workbench(folder: Path, graph: Graph, dataset: Dataset, settings: TrainingSettings) -> Measured:
    """Train as the program does, with its events, its log and its kept model."""
    from workbench.engine.trainer import train

    epochs: list[EpochEnded] = []

    def hear(event: Event) -> None:
        if isinstance(event, EpochEnded):
            epochs.append(event)

    plan = store.new_run(folder, Project(graph=graph, dataset=dataset.spec, info=dataset.info, training=settings))
    began = time.perf_counter()
    ended = train(folder, plan, hear, CancelToken(), dataset)
    seconds = time.perf_counter() - began
    if ended.outcome != "done":
        raise SystemExit(f"The training failed: {ended.message}")
    return [event.seconds for event in epochs], seconds, epochs[-1].metrics["val_accuracy"]


def by_keras(graph: Graph, dataset: Dataset, settings: TrainingSettings) -> Measured:
    """Train as a tutorial's script does."""
    import keras

    from workbench.engine.build import build_model

    class Clock(keras.callbacks.Callback):
        def __init__(self) -> None:
            super().__init__()
            self.epochs: list[float] = []

        def on_epoch_begin(self, epoch: int, logs: object = None) -> None:
            self.began = time.perf_counter()

        def on_epoch_end(self, epoch: int, logs: object = None) -> None:
            self.epochs.append(time.perf_counter() - self.began)

    train, validation = dataset.part("train"), dataset.part("validation")
    x, x_validation = (part.x.astype("float32") / 255 for part in (train, validation))
    clock = Clock()
    began = time.perf_counter()
    keras.utils.set_random_seed(settings.seed)
    model = build_model(graph, dataset.info, settings.seed)
    model.compile(
        keras.optimizers.Adam(settings.learning_rate), "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    history = model.fit(
        x,
        train.y,
        batch_size=settings.batch_size,
        epochs=settings.epochs,
        validation_data=(x_validation, validation.y),
        callbacks=[clock],
        verbose=0,
    )
    return clock.epochs, time.perf_counter() - began, history.history["val_accuracy"][-1]


def compare(folder: Path, name: str, dataset: Dataset, settings: TrainingSettings, rounds: int) -> float:
    """Print every round of one cell; returns the median ratio of its epochs after the first."""
    graph, samples = drawing(name), dataset.info.train_samples
    ratios, whole = [], []
    for number in range(1, rounds + 1):
        seeded = settings.model_copy(update={"seed": number})
        contestants = [partial(by_workbench, folder, graph, dataset, seeded), partial(by_keras, graph, dataset, seeded)]
        answers = {which: contestants[which]() for which in ((0, 1) if number % 2 else (1, 0))}
        (ours, our_whole, our_accuracy), (theirs, their_whole, their_accuracy) = answers[0], answers[1]
        # The first epoch of both has the tracing in it.
        ratios.append(min(theirs[1:]) / min(ours[1:]))
        whole.append(their_whole / our_whole)
        print(
            f"{name:8} batch {settings.batch_size:4} round {number}: "
            f"workbench {samples / min(ours[1:]):8,.0f} samples/s, Keras {samples / min(theirs[1:]):8,.0f}, "
            f"ratio {ratios[-1]:.2f} (whole run {whole[-1]:.2f}); "
            f"validation accuracy {our_accuracy:.4f} and {their_accuracy:.4f}",
            flush=True,
        )
    median = statistics.median(ratios)
    print(
        f"{name:8} batch {settings.batch_size:4} MEDIAN ratio {median:.2f} "
        f"({min(ratios):.2f} to {max(ratios):.2f}), whole run {statistics.median(whole):.2f}\n",
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
