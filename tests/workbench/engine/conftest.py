"""Small real parts for the tests of training: drawings, datasets and projects that train in a second."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from workbench.core.control import RunControl
from workbench.core.events import BatchEnded, EpochEnded, Event, RunEnded
from workbench.data.dataset import Dataset, open_dataset
from workbench.data.spec import DatasetSpec
from workbench.graph import edits
from workbench.graph.model import Graph
from workbench.project.model import Project
from workbench.project.training import TrainingSettings
from workbench.runs import store


@cache
def _builtin(name: str) -> Dataset:
    return open_dataset(DatasetSpec(source="builtin", location=name))


class Told(list[Event]):
    """Collects a run's events, and can do something at each."""

    def __init__(self, at: Callable[[Event], None] | None = None) -> None:
        super().__init__()
        self._at = at

    def __call__(self, event: Event) -> None:
        self.append(event)
        if self._at is not None:
            self._at(event)

    @property
    def batches(self) -> list[BatchEnded]:
        return [event for event in self if isinstance(event, BatchEnded)]

    @property
    def epochs(self) -> list[EpochEnded]:
        return [event for event in self if isinstance(event, EpochEnded)]


class TrainingBench:
    """Everything a test needs to train a small network in its own folder."""

    Told = Told

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @staticmethod
    def builtin(name: str) -> Dataset:
        """A dataset that scikit-learn ships, opened once."""
        return _builtin(name)

    def arrays(self, x: np.ndarray, y: np.ndarray, **choices: Any) -> Dataset:
        """A dataset made of these arrays, through a file as a user would bring it."""
        path = self.folder / "arrays.npz"
        np.savez(path, x=x, y=y)
        return open_dataset(DatasetSpec(source="npz", location=str(path), **choices))

    @staticmethod
    def stack(*layers: tuple[str, dict[str, Any]]) -> Graph:
        """A drawing of these layers, one behind the other."""
        graph = edits.blank()
        for layer, params in layers:
            graph, _ = edits.append(graph, layer, params)
        return graph

    def classifier(self, classes: int = 10, hidden: int = 16, activation: str = "softmax") -> Graph:
        """Flatten, a hidden layer with dropout, and a head."""
        return self.stack(
            ("Flatten", {}),
            ("Dense", {"units": hidden, "activation": "relu"}),
            ("Dropout", {"rate": 0.1}),
            ("Dense", {"units": classes, "activation": activation}),
        )

    def regressor(self, hidden: int = 16) -> Graph:
        """A hidden layer and one value."""
        return self.stack(("Dense", {"units": hidden, "activation": "relu"}), ("Dense", {"units": 1}))

    def train(
        self,
        graph: Graph,
        dataset: Dataset | None,
        *,
        told: Told | None = None,
        cancel: RunControl | None = None,
        spec: DatasetSpec | None = None,
        **settings: Any,
    ) -> tuple[RunEnded, Told]:
        """Train a new run of a project with this drawing; returns its last event and all of them."""
        from workbench.engine.trainer import train

        project = Project(
            graph=graph,
            dataset=spec or (dataset.spec if dataset else None),
            info=dataset.info if dataset else None,
            training=TrainingSettings(**settings),
        )
        told = Told() if told is None else told
        plan = store.new_run(self.folder, project)
        return train(self.folder, plan, told, cancel or RunControl(), dataset), told

    def best(self, ended: RunEnded) -> Any:
        """The model that a run kept, loaded as a stranger would."""
        import keras

        return keras.saving.load_model(store.best_model(self.folder, ended.run), safe_mode=True)


@pytest.fixture
def bench(tmp_path: Path) -> TrainingBench:
    return TrainingBench(tmp_path)


@pytest.fixture
def every_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each batch is a call of its own and is told of, however fast or busy the machine is."""
    monkeypatch.setattr("workbench.engine.loop.STRETCH_S", 0.0)
    monkeypatch.setattr("workbench.engine.reporter.INTERVAL_S", 0.0)
