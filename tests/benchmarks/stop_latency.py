"""How long after the click a training stops: from `stop` to the end of the batches in progress.

    python tests/benchmarks/stop_latency.py [N] [--json]

Stops N trainings (20 if not named) of each of several networks and batches at a random moment after their first epoch.
Needed: at most 100 ms each, for steps shorter than that. What is written after that, the best model and the last state,
is told apart. Ends with 1 where it takes longer.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import keras

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks.train_speed import drawing, pictures
from workbench.core.control import RunControl
from workbench.core.events import EpochEnded, Event
from workbench.data.dataset import Dataset
from workbench.engine import course
from workbench.project.model import Project
from workbench.project.training import TrainingSettings
from workbench.runs import store

LIMIT_S = 0.1
SAMPLES = 12_000


class Left(keras.callbacks.Callback):
    """Notes when the training loop was left."""

    at = 0.0

    def on_train_end(self, logs: Any = None) -> None:
        Left.at = time.perf_counter()


def stop_once(folder: Path, dataset: Dataset, model: str, batch: int, rng: random.Random) -> tuple[float, float]:
    """Seconds from the click to the end of the loop, and to the end of the run."""
    from workbench.engine.trainer import train

    training = TrainingSettings(epochs=10_000, batch_size=batch, early_stopping={"enabled": False})  # type: ignore[arg-type]
    project = Project(graph=drawing(model), dataset=dataset.spec, info=dataset.info, training=training)
    control, clicked, timers = RunControl(), [0.0], []

    def click() -> None:
        clicked[0] = time.perf_counter()
        control.stop()

    def hear(event: Event) -> None:
        if isinstance(event, EpochEnded) and not timers:
            timers.append(threading.Timer(rng.uniform(0.0, 1.0), click))
            timers[0].start()

    train(folder, store.new_run(folder, project), hear, control, dataset)
    timers[0].join()
    return Left.at - clicked[0], time.perf_counter() - clicked[0]


def main() -> int:
    """Stop, and print how long it took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("stops", nargs="?", type=int, default=20, metavar="N")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    choices = parser.parse_args()
    usual = course.watchers
    course.watchers = lambda watched: [*usual(watched), Left()]
    rng, rows = random.Random(0), []
    with tempfile.TemporaryDirectory() as name:
        dataset = pictures(Path(name), SAMPLES)
        for model, batch in (("MLP", 1), ("MLP", 128), ("LeNet-5", 32), ("LeNet-5", 512)):
            found = [stop_once(Path(name), dataset, model, batch, rng) for _ in range(choices.stops)]
            loop, whole = (sorted(1000 * pair[which] for pair in found) for which in (0, 1))
            rows.append({"model": model, "batch": batch, "median_ms": loop[len(loop) // 2], "worst_ms": loop[-1]})
            if not choices.json:
                print(
                    f"{model:8} batch {batch:4}: median {loop[len(loop) // 2]:5.1f} ms, worst {loop[-1]:5.1f} ms; "
                    f"all written after {whole[len(whole) // 2]:5.0f} ms, at worst {whole[-1]:5.0f} ms",
                    flush=True,
                )
    worst = max(row["worst_ms"] for row in rows)
    holds = worst <= 1000 * LIMIT_S
    print(
        json.dumps({"rows": rows, "holds": holds})
        if choices.json
        else f"worst {worst:.1f} ms; {'holds' if holds else 'FAILS'}"
    )
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
