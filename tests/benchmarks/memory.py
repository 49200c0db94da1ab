"""How much a process grows over twenty trainings, the first not counted.

Run from the checkout: `.venv/bin/python tests/benchmarks/memory.py`. Exits 1 when it is 150 MB or more. `--leaky` shows
what the same would cost without the purge of TensorFlow's gradient registry.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from workbench.core.control import RunControl
from workbench.core.events import Event
from workbench.data.dataset import open_dataset
from workbench.data.spec import DatasetSpec
from workbench.graph import edits
from workbench.project.model import Project
from workbench.project.training import TrainingSettings
from workbench.runs import store

LIMIT_MB = 150


def megabytes() -> float:
    """What the process holds in memory."""
    return psutil.Process().memory_info().rss / 2**20


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trainings", type=int, default=20)
    parser.add_argument("--units", type=int, default=800, help="of the two hidden layers: 700,000 weights")
    parser.add_argument("--leaky", action="store_true", help="leave TensorFlow's registry as it is")
    chosen = parser.parse_args(arguments)

    from workbench.engine import trainer

    if chosen.leaky:
        trainer.purged_gradients = contextlib.nullcontext
    dataset = open_dataset(DatasetSpec(source="builtin", location="digits"))
    graph = edits.blank()
    hidden = {"units": chosen.units, "activation": "relu"}
    for layer, params in (
        ("Flatten", {}),
        ("Dense", hidden),
        ("Dense", hidden),
        ("Dense", {"units": 10, "activation": "softmax"}),
    ):
        graph, _ = edits.append(graph, layer, params)
    project = Project(
        graph=graph, dataset=dataset.spec, info=dataset.info, training=TrainingSettings(epochs=2, batch_size=64)
    )
    after_first = 0.0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(1, chosen.trainings + 1):
            ended = trainer.train(folder, store.new_run(folder, project), _ignore, RunControl(), dataset)
            if ended.outcome != "done":
                raise SystemExit(f"The training failed: {ended.message}")
            after_first = after_first or megabytes()
            print(f"training {number:2}: {megabytes():7.1f} MB", flush=True)
    growth = megabytes() - after_first
    print(f"Growth after the first: {growth:.1f} MB; the limit is {LIMIT_MB} MB")
    return 0 if growth < LIMIT_MB else 1


def _ignore(event: Event) -> None:
    """Nobody listens."""


if __name__ == "__main__":
    raise SystemExit(main())
