"""Small trained runs of every kind, made once."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from workbench.core.control import RunControl
from workbench.data.dataset import Dataset, open_dataset
from workbench.data.spec import DatasetSpec
from workbench.graph import edits
from workbench.project.model import Project
from workbench.project.training import TrainingSettings
from workbench.runs import store

HIDDEN: tuple[str, dict[str, Any]] = ("Dense", {"units": 12, "activation": "relu"})


class Trained:
    """A project's folder with one run in it, and its data."""

    def __init__(self, folder: Path, spec: DatasetSpec, epochs: int = 2, **settings: Any) -> None:
        from workbench.engine.trainer import train

        self.folder = folder
        self.dataset: Dataset = open_dataset(spec)
        info = self.dataset.info
        graph = edits.blank()
        units = 1 if settings.get("loss") == "binary_crossentropy" else info.outputs
        activation = "linear" if info.task == "regression" else "sigmoid" if units == 1 else "softmax"
        layers = [HIDDEN, ("Dense", {"units": units, "activation": activation})]
        if info.integer_input:
            layers = [("Embedding", {"input_dim": info.vocabulary, "output_dim": 4}), ("Flatten", {}), *layers]
        elif len(info.input_shape) > 1:
            layers = [("Flatten", {}), *layers]
        for layer, params in layers:
            graph, _ = edits.append(graph, layer, params)
        chosen = TrainingSettings(epochs=epochs, **{"learning_rate": 0.01, **settings})
        self.plan = store.new_run(folder, Project(name="a test", dataset=spec, info=info, graph=graph, training=chosen))
        self.ended = train(folder, self.plan, lambda event: None, RunControl(), self.dataset)
        assert self.ended.outcome == "done", self.ended


@pytest.fixture(scope="session")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """Grey pictures without files of their own."""
    return Trained(tmp_path_factory.mktemp("digits"), DatasetSpec(source="builtin", location="digits"))


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """Colour pictures of many sizes and formats, in folders with names beyond ASCII."""
    root = tmp_path_factory.mktemp("photos")
    rng = np.random.default_rng(0)
    for label, red in (("Äpfel", 220), ("лес", 40)):
        (root / label).mkdir()
        for number in range(24):
            height, width = rng.integers(20, 70, 2)
            pixels = rng.integers(0, 256, (height, width, 3))
            pixels[..., 0] = (pixels[..., 0] + 2 * red) // 3
            suffix = ("jpg", "png", "bmp", "gif")[number % 4]
            image = Image.fromarray(pixels.astype(np.uint8))
            (image.convert("P") if suffix == "gif" else image).save(root / label / f"{number:02d}.{suffix}")
    spec = DatasetSpec(source="image_folder", location=str(root), height=16, width=20)
    return Trained(tmp_path_factory.mktemp("photo project"), spec)


@pytest.fixture(scope="session")
def patients(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """Rows with missing values and awkward column names, two classes, one output."""
    path = tmp_path_factory.mktemp("patients") / "patients.csv"
    rng = np.random.default_rng(0)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["age (years)", "class", "blood pressure", "größe", "ill"])
        for _ in range(120):
            age, group = rng.integers(20, 90), rng.choice(["a", "b ü", "c"])
            pressure = "" if rng.random() < 0.2 else f"{rng.normal(120, 15):.1f}"
            writer.writerow([age, group, pressure, f"{rng.normal(170, 9):.2f}", "yes" if age > 55 else "no"])
    spec = DatasetSpec(source="csv", location=str(path), target="ill")
    return Trained(tmp_path_factory.mktemp("patient project"), spec, loss="binary_crossentropy")


@pytest.fixture(scope="session")
def diabetes(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """Rows of numbers, and a value to predict."""
    return Trained(tmp_path_factory.mktemp("diabetes"), DatasetSpec(source="builtin", location="diabetes"))


@pytest.fixture(scope="session")
def arrays(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Trained]:
    """Arrays from a .npz."""

    def make(x: np.ndarray, y: np.ndarray) -> Trained:
        folder = tmp_path_factory.mktemp("arrays")
        np.savez(folder / "arrays.npz", x=x, y=y)
        return Trained(folder, DatasetSpec(source="npz", location=str(folder / "arrays.npz")))

    return make
