"""Samples a second: a training in the window with its curves live, beside a plain Keras script and a hand-written loop.

Run from the checkout: `.venv/bin/python tests/benchmarks/train_speed.py`. Each round trains the same model on the same
data four times, an epoch of one after an epoch of the other; a ratio is the window's samples/s over the other's.
Needed, of the medians: against Keras a geometric mean of 1.8 and no cell under 1.2, against the loop a geometric mean
of 0.95, and against the same training without a window, plots and queue one of 0.97. Ends with 1 where that does not
hold.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks.train_contestants import Clock, HandWritten, Measured, PlainKeras, Room, Workbench
from workbench.core.events import EpochEnded, Event, RunStarted
from workbench.data.dataset import Dataset, open_dataset
from workbench.data.spec import DatasetSpec, SplitSpec
from workbench.graph import edits
from workbench.graph.model import Graph
from workbench.project.model import Project
from workbench.project.training import TrainingSettings

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
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=6)
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
