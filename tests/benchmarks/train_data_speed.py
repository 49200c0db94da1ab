"""Whole scripts against each other: a folder of pictures and a large table, from the disk to the last epoch.

    python tests/benchmarks/train_data_speed.py [--pictures ZIP] [--rows 1000000] [--rounds 3] [--only pictures|table]

Each contestant is a process of its own, timed from start to end, with the same network, split, batch and epochs.
The pictures' tutorial is `image_dataset_from_directory`, cached and prefetched; the table's reads the CSV with polars
(faster than pandas), standardises in numpy and calls `fit`. Needed: medians of at least 1.2 in favour of the workbench.
Ends with 1 where that does not hold.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

ROOT = Path(__file__).resolve().parents[2]
LEAST = 1.2
COLUMNS, CLASSES = 12, 3
EPOCHS = {"pictures": 3, "table": 2}
BATCH = {"pictures": 32, "table": 256}
LAYERS = {
    "pictures": (
        ("Conv2D", {"filters": 16, "kernel_size": 3, "activation": "relu"}),
        ("MaxPooling2D", {}),
        ("Conv2D", {"filters": 32, "kernel_size": 3, "activation": "relu"}),
        ("MaxPooling2D", {}),
        ("Flatten", {}),
        ("Dense", {"units": 64, "activation": "relu"}),
        ("Dense", {"units": 10, "activation": "softmax"}),
    ),
    "table": (
        ("Dense", {"units": 64, "activation": "relu"}),
        ("Dense", {"units": 32, "activation": "relu"}),
        ("Dense", {"units": CLASSES, "activation": "softmax"}),
    ),
}


def make_table(path: Path, rows: int) -> None:
    """A CSV of numbers whose class can be learnt."""
    import polars as pl

    rng = np.random.default_rng(0)
    x = rng.normal(size=(rows, COLUMNS)).round(4)
    y = np.argmax(x @ rng.normal(size=(COLUMNS, CLASSES)) + rng.normal(size=(rows, CLASSES)), axis=1)
    names = [f"c{number}" for number in range(COLUMNS)]
    pl.DataFrame({name: x[:, number] for number, name in enumerate(names)} | {"kind": y}).write_csv(path)


def workbench(kind: str, source: Path) -> float:
    """Train through the workbench, as its command does; the validation accuracy it reached."""
    from workbench.core.control import RunControl
    from workbench.core.events import EpochEnded, Event
    from workbench.data.dataset import detect, open_dataset
    from workbench.engine.trainer import train
    from workbench.graph import edits
    from workbench.project.model import Project
    from workbench.project.training import TrainingSettings
    from workbench.runs import store

    reached = [0.0]

    def hear(event: Event) -> None:
        if isinstance(event, EpochEnded):
            reached[0] = event.metrics["val_accuracy"]

    found = detect(source, "kind" if kind == "table" else None)
    update = {"train": 0.8, "validation": 0.1, "test": 0.1}
    dataset = open_dataset(found.model_copy(update={"split": found.split.model_copy(update=update)}))
    graph = edits.blank()
    for layer, params in LAYERS[kind]:
        graph, _ = edits.append(graph, layer, params)
    training = TrainingSettings(epochs=EPOCHS[kind], batch_size=BATCH[kind])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plan = store.new_run(folder, Project(graph=graph, dataset=dataset.spec, info=dataset.info, training=training))
        ended = train(folder, plan, hear, RunControl(), dataset)
    if ended.outcome != "done":
        raise SystemExit(ended.message)
    return reached[0]


def tutorial(kind: str, source: Path) -> float:
    """What a tutorial would have one write; the validation accuracy it reached."""
    import keras

    train, validation, shape = _pictures(source) if kind == "pictures" else _table(source)
    body = [getattr(keras.layers, layer)(**params) for layer, params in LAYERS[kind]]
    scale = [keras.layers.Rescaling(1 / 255)] if kind == "pictures" else []
    model = keras.Sequential([keras.Input(shape), *scale, *body])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    options = {"epochs": EPOCHS[kind], "validation_data": validation, "verbose": 0}
    if kind == "pictures":
        history = model.fit(train, **options)
    else:
        history = model.fit(*train, batch_size=BATCH[kind], **options)
    return float(history.history["val_accuracy"][-1])


def _pictures(folder: Path):  # type: ignore[no-untyped-def]
    import keras
    import tensorflow as tf

    options = {"image_size": (32, 32), "batch_size": BATCH["pictures"], "seed": 0, "verbose": False}
    train, validation = keras.utils.image_dataset_from_directory(folder, validation_split=0.1, subset="both", **options)
    auto = tf.data.AUTOTUNE
    return train.cache().shuffle(1000).prefetch(auto), validation.cache().prefetch(auto), (32, 32, 3)


def _table(path: Path):  # type: ignore[no-untyped-def]
    import polars as pl

    frame = pl.read_csv(path).sample(fraction=1.0, shuffle=True, seed=0)
    x, y = frame.drop("kind").to_numpy().astype("float32"), frame["kind"].to_numpy()
    first, second = int(len(x) * 0.8), int(len(x) * 0.9)
    x = (x - x[:first].mean(axis=0)) / x[:first].std(axis=0)
    return (x[:first], y[:first]), (x[first:second], y[first:second]), (COLUMNS,)


def timed(who: str, kind: str, source: Path) -> tuple[float, str]:
    """Seconds of one contestant's whole process, and what it said."""
    began = time.perf_counter()
    answer = subprocess.run(
        [sys.executable, __file__, "--contestant", who, kind, str(source)], capture_output=True, text=True, check=True
    )
    return time.perf_counter() - began, answer.stdout.strip()


def compare(kind: str, source: Path, rounds: int) -> float:
    """Print each round; returns the median ratio."""
    ratios = []
    for number in range(1, rounds + 1):
        ours, reached = timed("workbench", kind, source)
        theirs, other = timed("tutorial", kind, source)
        ratios.append(theirs / ours)
        print(
            f"{kind:8} round {number}: workbench {ours:6.1f} s, tutorial {theirs:6.1f} s, ratio {ratios[-1]:.2f}; "
            f"validation accuracy {reached} and {other}",
            flush=True,
        )
    return statistics.median(ratios)


def main() -> int:
    """Time the whole scripts and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=Path, default=ROOT.parent / "shared" / "data" / "cifar10-jpeg.zip")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=("pictures", "table"))
    parser.add_argument("--contestant", nargs=3, metavar=("WHO", "KIND", "SOURCE"), help=argparse.SUPPRESS)
    choices = parser.parse_args()
    if choices.contestant:
        who, kind, source = choices.contestant
        print(f"{(workbench if who == 'workbench' else tutorial)(kind, Path(source)):.3f}")
        return 0
    medians = {}
    with tempfile.TemporaryDirectory() as name:
        if choices.only != "table":
            with zipfile.ZipFile(choices.pictures) as archive:
                archive.extractall(name)
            medians["pictures"] = compare("pictures", Path(name) / "cifar10" / "train", choices.rounds)
        if choices.only != "pictures":
            make_table(Path(name) / "table.csv", choices.rows)
            medians["table"] = compare("table", Path(name) / "table.csv", choices.rounds)
    holds = min(medians.values()) >= LEAST
    print(", ".join(f"{kind} {median:.2f}" for kind, median in medians.items()), "holds" if holds else "FAILS")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
