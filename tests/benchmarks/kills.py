"""Kills trainings with -9 at random moments and resumes them: each must end as if never killed, bit for bit.

    python tests/benchmarks/kills.py [N] [--seed S] [--json]

Each of the N victims (100 if not named) is a training in a process of its own, killed at a random moment of its life
and resumed to its end by another one. Its curve, its outcome, its last state and the arrays of its best.keras are
compared with the reference of its plan. Victims start from a process that has TensorFlow's libraries loaded. Ends with
1 where any differs.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

import h5py

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from workbench.core.control import RunControl
from workbench.core.events import EpochEnded
from workbench.data.dataset import open_dataset
from workbench.data.spec import DatasetSpec
from workbench.graph import edits
from workbench.project.model import Project
from workbench.project.training import TrainingSettings
from workbench.runs import again, checkpoints, store

LAYERS = (
    ("RandomTranslation", {"height_factor": 0.1, "width_factor": 0.1}),
    ("Conv2D", {"filters": 4, "kernel_size": 3}),
    ("BatchNormalization", {}),
    ("GaussianNoise", {"stddev": 0.1}),
    ("Flatten", {}),
    ("Dense", {"units": 32, "activation": "relu"}),
    ("Dropout", {"rate": 0.3}),
    ("Dense", {"units": 10, "activation": "softmax"}),
)
COMMON = {"epochs": 12, "batch_size": 8, "checkpoints": {"minutes": 0.002}}
PLANS: dict[str, dict[str, Any]] = {
    "plateau": {
        "learning_rate": 0.02,
        "reduce_on_plateau": {"enabled": True, "patience": 1, "factor": 0.5, "cooldown": 1},
        "early_stopping": {"patience": 4},
    },
    "average": {
        "averaging": {"enabled": True, "momentum": 0.95},
        "schedule": {"name": "cosine_decay", "warmup_epochs": 1},
        "gradients": {"accumulate": 2, "clip": "global_norm"},
    },
    "phases": {
        "optimizer": "sgd",
        "optimizer_params": {"momentum": 0.9},
        "phases": [{"epochs": 3, "frozen": ["conv2d"]}, {"epochs": 5, "learning_rate": 0.0005}],
    },
}
RUN = "run-001"
TWICE = 0.25
"""How likely a victim is killed once more."""


def project_of(name: str) -> Project:
    """A small network of every kind of randomness, with one of the plans."""
    dataset = open_dataset(DatasetSpec(source="builtin", location="digits"))
    graph = edits.blank()
    for layer, params in LAYERS:
        graph, _ = edits.append(graph, layer, params)
    training = TrainingSettings(**{**COMMON, **PLANS[name]})
    return Project(graph=graph, dataset=dataset.spec, info=dataset.info, training=training)


def carry_out(folder: str, resume: bool) -> None:
    """In a process of its own: train the run, as the command line does."""
    from workbench.engine import loop
    from workbench.engine.checkpoint import keeper
    from workbench.engine.trainer import train

    # More writes to be killed in, in the middle of epochs too.
    keeper.SHARE, loop.STRETCH_S = 0.3, 0.005
    train(Path(folder), store.load_plan(Path(folder), RUN), lambda event: None, RunControl(), resume=resume)


def outcome(folder: Path) -> dict[str, Any]:
    """All that must be the same, in a form that compares bit for bit."""
    record, state = store.load_record(folder, RUN), checkpoints.newest(folder, RUN)
    assert state is not None, "a run that is done left its state"
    return {
        "curve": [
            (event.epoch, dict(event.metrics), event.learning_rate, event.gradient_norm)
            for event in store.load_events(folder, RUN)
            if isinstance(event, EpochEnded)
        ],
        "record": (record.outcome, record.message, record.epochs, record.best_epoch, record.metrics),
        "best": arrays_of(store.best_model(folder, RUN)),
        "state": {name: array.tobytes() for name, array in state.arrays.items()},
    }


def arrays_of(path: Path) -> dict[str, bytes]:
    """Every array of a .keras file."""
    found: dict[str, bytes] = {}

    def visit(name: str, item: Any) -> None:
        if isinstance(item, h5py.Dataset):
            found[name] = item[()].tobytes()

    with zipfile.ZipFile(path) as archive, archive.open("model.weights.h5") as file, h5py.File(file) as weights:
        weights.visititems(visit)
    return found


class Stable:
    """Starts processes from one that has TensorFlow's libraries loaded, though nothing of it at work."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["numpy", "polars", "keras", "tensorflow", "workbench.engine.trainer"])

    def start(self, folder: Path, *, resume: bool) -> Any:
        process = self._context.Process(target=carry_out, args=(str(folder), resume))
        process.start()
        return process


class Range:
    """Where trainings are killed.

    Args:
        scratch: A folder for them.
        seed: Decides when each is killed.
    """

    def __init__(self, scratch: Path, seed: int) -> None:
        self._scratch, self._rng, self._stable = scratch, random.Random(seed), Stable()
        self._references = {name: self._reference(name) for name in PLANS}

    def _reference(self, name: str) -> tuple[dict[str, Any], float]:
        folder, fresh = self._scratch / name, self._scratch / f"{name}-fresh"
        store.new_run(folder, project_of(name))
        shutil.copytree(folder, fresh)
        began = time.monotonic()
        self._stable.start(folder, resume=False).join()
        return outcome(folder), time.monotonic() - began

    def kill(self) -> dict[str, Any]:
        """Kill one training once or more, let it go on to its end, and say where it went on and what differs."""
        name = self._rng.choice(list(PLANS))
        reference, seconds = self._references[name]
        folder = self._scratch / "victim"
        shutil.copytree(self._scratch / f"{name}-fresh", folder)
        self._end(folder, seconds, resume=False)
        while self._rng.random() < TWICE:
            self._end(folder, seconds, resume=True)
        state = checkpoints.newest(folder, RUN)
        again.resumable(folder, RUN)
        self._stable.start(folder, resume=True).join()
        found = outcome(folder)
        shutil.rmtree(folder)
        wrong = [part for part in reference if found[part] != reference[part]]
        return {"plan": name, "epoch": state.epoch if state else 0, "step": state.step if state else 0, "wrong": wrong}

    def _end(self, folder: Path, seconds: float, *, resume: bool) -> None:
        victim = self._stable.start(folder, resume=resume)
        victim.join(self._rng.uniform(0.02, 1.0) * seconds)
        if victim.is_alive():
            os.kill(victim.pid, signal.SIGKILL)
            victim.join()


def main() -> int:
    """Kill and resume, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kills", nargs="?", type=int, default=100, metavar="N")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    choices = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        place = Range(Path(scratch), choices.seed)
        for number in range(1, choices.kills + 1):
            row = place.kill()
            rows.append(row)
            if not choices.json:
                words = ", ".join(row["wrong"]) + " differ" if row["wrong"] else "the same"
                print(
                    f"kill {number:3} {row['plan']:8} epoch {row['epoch']}, batch {row['step']:3}: {words}", flush=True
                )
    exact = sum(not row["wrong"] for row in rows)
    midway = sum(row["step"] > 0 for row in rows)
    if choices.json:
        print(json.dumps({"kills": len(rows), "exact": exact, "midway": midway, "rows": rows}))
    else:
        print(f"{exact} of {len(rows)} resumed exactly; {midway} of them midway in an epoch")
    return 0 if exact == len(rows) else 1


if __name__ == "__main__":
    sys.exit(main())
