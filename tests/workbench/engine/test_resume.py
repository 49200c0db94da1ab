"""A run that was killed goes on to the very bits of the run that never was."""

from __future__ import annotations

import dataclasses
import shutil
import types
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from workbench.core import files
from workbench.core.control import RunControl
from workbench.core.events import BatchEnded, Changed, EpochEnded, Event, Notice, RunEnded, RunStarted, Saved
from workbench.engine import exactness, runtime
from workbench.engine.checkpoint import keeper
from workbench.project.model import Origin, PlannedChange, Project, TrainPlan
from workbench.project.training import TrainingSettings
from workbench.runs import again, checkpoints, store

pytestmark = pytest.mark.usefixtures("every_batch")

NOISY = (
    ("RandomTranslation", {"height_factor": 0.1, "width_factor": 0.1}),
    ("Conv2D", {"filters": 4, "kernel_size": 3}),
    ("BatchNormalization", {}),
    ("GaussianNoise", {"stddev": 0.1}),
    ("Flatten", {}),
    ("Dense", {"units": 16, "activation": "relu"}),
    ("Dropout", {"rate": 0.3}),
    ("Dense", {"units": 10, "activation": "softmax"}),
)


class Lab:
    """Runs, the folders that a kill at any of their events would have left, and what came of going on from these."""

    def __init__(self, bench: Any, graph: Any, monkeypatch: pytest.MonkeyPatch, **settings: Any) -> None:
        # A state after each epoch, however little time has gone by since the last.
        monkeypatch.setattr(keeper, "SHARE", 1e9)
        self.bench, self.dataset = bench, bench.builtin("digits")
        plan = TrainingSettings(**{"batch_size": 64, "epochs": 4, "seed": 7, **settings})
        self.project = Project(graph=graph, dataset=self.dataset.spec, info=self.dataset.info, training=plan)
        self.copies = 0

    def train(
        self,
        folder: Path,
        plan: TrainPlan | None = None,
        at: Callable[[Event], None] | None = None,
        control: RunControl | None = None,
        *,
        resume: bool = False,
    ) -> Any:
        from workbench.engine.trainer import train

        told = self.bench.Told(at)
        plan = plan or store.new_run(folder, self.project)
        train(folder, plan, told, control or RunControl(), self.dataset, resume)
        return told

    def copy(self) -> Path:
        """The project's folder as it is on the disk at this moment."""
        self.copies += 1
        target = self.bench.folder.with_name(f"{self.bench.folder.name}-{self.copies}")
        shutil.copytree(self.bench.folder, target)
        return target

    def go_on(self, folder: Path, **choices: Any) -> Any:
        return self.train(folder, store.load_plan(folder, "run-001"), resume=True, **choices)


def curve(folder: Path, run: str = "run-001") -> list[tuple[int, Mapping[str, float], float | None, float | None]]:
    """What a run's log holds of its epochs, without the times."""
    epochs = [event for event in store.load_events(folder, run) if isinstance(event, EpochEnded)]
    return [(event.epoch, event.metrics, event.learning_rate, event.gradient_norm) for event in epochs]


def same_end(one: Path, other: Path, run: str = "run-001", second: str | None = None) -> None:
    """Hold two runs to the same curve, the same outcome and the same model, bit for bit."""
    import keras

    second = second or run
    assert curve(one, run) == curve(other, second)
    records = [store.load_record(folder, name) for folder, name in ((one, run), (other, second))]
    assert len({(record.outcome, record.epochs, record.best_epoch, str(record.metrics)) for record in records}) == 1
    weights = [
        keras.saving.load_model(store.best_model(folder, name)).get_weights()
        for folder, name in ((one, run), (other, second))
    ]
    for mine, theirs in zip(*weights, strict=True):
        np.testing.assert_array_equal(mine, theirs)


PLANS: dict[str, dict[str, Any]] = {
    "plateau and patience": {
        "epochs": 8,
        "learning_rate": 0.02,
        "reduce_on_plateau": {"enabled": True, "patience": 1, "factor": 0.5, "cooldown": 1},
        "early_stopping": {"patience": 3},
    },
    "average and schedule": {
        "averaging": {"enabled": True, "momentum": 0.9},
        "schedule": {"name": "cosine_decay", "warmup_epochs": 0.5},
        "gradients": {"accumulate": 2, "clip": "global_norm"},
    },
    "half precision": {
        "precision": "mixed_float16",
        "gradients": {"clip": "norm", "accumulate": 3},
        "averaging": {"enabled": True, "momentum": 0.8, "every": 7},
        "class_weights": "balanced",
    },
    "phases": {
        "phases": [
            {"name": "head", "epochs": 2, "frozen": ["conv2d", "batch_normalization"]},
            {"name": "all", "epochs": 2, "learning_rate": 0.0001},
        ]
    },
}


@pytest.mark.parametrize("name", PLANS)
def test_that_a_killed_run_goes_on_to_the_very_same_end(name: str, bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Lab(bench, bench.stack(*NOISY), monkeypatch, **PLANS[name])
    # So that states are kept midway as well.
    monkeypatch.setattr(keeper.Keeper, "midway", lambda self, epoch, step: step % 8 or self.save(epoch, step))
    left: list[Path] = []

    def at(event: Event) -> None:
        if isinstance(event, BatchEnded) and event.epoch == 1 and not left:
            left.append(lab.copy())
        if isinstance(event, Saved) and (event.epoch, event.step > 0) == (2, len(left) == 2) and len(left) < 3:
            left.append(lab.copy())

    lab.train(bench.folder, at=at)
    assert len(left) == 3
    for folder in left:
        told = lab.go_on(folder)
        assert isinstance(told[-1], RunEnded)
        same_end(bench.folder, folder)
    assert store.load_record(bench.folder, "run-001").outcome == "done"


def test_that_what_the_user_changed_is_done_again(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Lab(bench, bench.classifier(), monkeypatch, epochs=3)
    control, left = RunControl(), []

    def at(event: Event) -> None:
        if isinstance(event, BatchEnded) and event.epoch == 2 and not left:
            control.set_learning_rate(0.01)
            control.set_epochs(4)
            left.append(None)
        elif isinstance(event, Changed) and event.what == "epochs":
            left[0] = lab.copy()

    told = lab.train(bench.folder, at=at, control=control)
    changes = [event for event in told if isinstance(event, Changed)]
    assert [(change.what, change.before, change.after) for change in changes] == [
        ("learning_rate", pytest.approx(0.001), 0.01),
        ("epochs", 3, 4),
    ]
    assert len(told.epochs) == 4
    assert told.epochs[-1].learning_rate == pytest.approx(0.01)
    lab.go_on(left[0])
    same_end(bench.folder, left[0])

    again = store.new_run(bench.folder, lab.project)
    planned = tuple(
        PlannedChange(epoch=change.epoch, step=change.step, what=change.what, value=change.after) for change in changes
    )
    lab.train(bench.folder, again.model_copy(update={"changes": planned}))
    same_end(bench.folder, bench.folder, "run-001", "run-002")


def test_that_a_stopped_run_goes_on_from_its_last_batch(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Lab(bench, bench.classifier(), monkeypatch, epochs=3, batch_size=8)
    whole = lab.copy()
    lab.train(whole)
    control = RunControl()
    stop = lambda event: control.stop() if isinstance(event, BatchEnded) and event.epoch == 2 else None  # noqa: E731
    told = lab.train(bench.folder, at=stop, control=control)
    assert told[-1].outcome == "stopped"
    state = checkpoints.newest(bench.folder, "run-001")
    assert state is not None
    assert (state.epoch, state.step > 0) == (1, True)
    told = lab.go_on(bench.folder)
    assert next(event for event in told if isinstance(event, RunStarted)).resumed_epochs == 1
    same_end(whole, bench.folder)


def test_that_a_run_that_is_done_can_be_extended(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Lab(bench, bench.classifier(), monkeypatch, epochs=2)
    lab.train(bench.folder)
    control = RunControl()
    control.set_epochs(4)
    told = lab.go_on(bench.folder, control=control)
    assert [event.epoch for event in told.epochs] == [3, 4]
    assert told[-1].message == "Trained 4 epochs."
    long = bench.folder.with_name(f"{bench.folder.name}-long")
    lab.project = lab.project.model_copy(update={"training": lab.project.training.model_copy(update={"epochs": 4})})
    lab.train(long)
    same_end(bench.folder, long)


def test_that_the_time_of_a_run_that_goes_on_counts_from_its_beginning(
    bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = Lab(bench, bench.classifier(), monkeypatch, epochs=2)
    lab.train(bench.folder)
    behind = sum(event.seconds for event in store.load_events(bench.folder, "run-001") if isinstance(event, EpochEnded))
    from workbench.engine import trainer

    monkeypatch.setattr(trainer, "time", types.SimpleNamespace(perf_counter=lambda: 5.0))
    control = RunControl()
    control.set_epochs(3)
    assert lab.go_on(bench.folder, control=control)[-1].seconds == behind > 0


def test_that_a_branch_with_the_same_plan_goes_the_same_way(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Lab(bench, bench.stack(*NOISY), monkeypatch, epochs=4, checkpoints={"every": 2})
    lab.train(bench.folder)
    assert {2, 4} <= set(checkpoints.epochs(bench.folder, "run-001"))
    branch = store.new_run(bench.folder, lab.project).model_copy(update={"origin": Origin(run="run-001", epoch=2)})
    told = lab.train(bench.folder, branch)
    assert [(event.epoch, event.metrics) for event in told.epochs] == [
        (epoch, metrics) for epoch, metrics, _, _ in curve(bench.folder)[2:]
    ]
    other = lab.project.model_copy(update={"training": lab.project.training.model_copy(update={"optimizer": "sgd"})})
    sgd = store.new_run(bench.folder, other).model_copy(update={"origin": Origin(run="run-001", epoch=4)})
    told = lab.train(bench.folder, sgd)
    assert told[-1].outcome == "done"
    assert not told.epochs

    gone = store.new_run(bench.folder, lab.project).model_copy(update={"origin": Origin(run="run-001", epoch=9)})
    told = lab.train(bench.folder, gone)
    assert told[-1].message.startswith("A branch begins from a state that is kept.")


@pytest.mark.parametrize("what", ["plan", "data"])
def test_that_a_run_goes_on_only_with_what_it_began_with(
    what: str, bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = Lab(bench, bench.classifier(), monkeypatch, epochs=2)
    lab.train(bench.folder)
    plan = store.load_plan(bench.folder, "run-001")
    before = _files(bench.folder)
    if what == "plan":
        training = plan.project.training.model_copy(update={"learning_rate": 0.5})
        plan = plan.model_copy(update={"project": plan.project.model_copy(update={"training": training})})
    else:
        part = lab.dataset.part("train")
        other = dataclasses.replace(part, x=part.x + 1)
        monkeypatch.setitem(lab.dataset._parts, "train", other)
    told = lab.train(bench.folder, plan, resume=True)
    assert len(told) == 1
    assert told[0].message.startswith(f"A run goes on with the {what} that it began with.")
    assert _files(bench.folder) == before


def test_that_a_run_tells_why_its_last_digits_may_differ(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Lab(bench, bench.classifier(), monkeypatch, epochs=1)
    lab.train(bench.folder)

    def told_again() -> list[str]:
        told = lab.train(bench.folder, again.redo(bench.folder, "run-001"))
        assert told[-1].outcome == "done"
        control = RunControl()
        control.set_epochs(2)
        told += lab.go_on(bench.folder, control=control)
        return [event.message for event in told if isinstance(event, Notice) and "last digit" in event.message]

    assert told_again() == []
    record = store.load_record(bench.folder, "run-001")
    here = record.device
    store.write_record(bench.folder, record.model_copy(update={"device": "CPU (64 cores)"}))
    path = store.run_folder(bench.folder, "run-001") / store.PLAN_FILE
    plan = files.read_json(path)
    files.write_json(path, {**plan, "versions": {**plan["versions"], "keras": "3.0.0"}})
    why = f"keras 3.0.0 then, {plan['versions']['keras']} now; CPU (64 cores) then, {here} now."
    assert told_again() == [
        f"run-001 is done again, but not to the very last digit: {why}",
        f"It goes on, but not to the very last digit: {why}",
    ]
    gpu = runtime.Device("gpu:0", "CPU (64 cores)", "gpu")
    redone = store.load_plan(bench.folder, "run-002")
    assert "unless the plan asks for deterministic ones" in exactness.doubts(bench.folder, redone, gpu, resumed=False)
    assert exactness.doubts(bench.folder, store.load_plan(bench.folder, "run-001"), gpu, resumed=False) == ""


def test_that_a_full_disk_is_told_of_once_and_the_last_good_state_stays(
    bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = Lab(bench, bench.classifier(), monkeypatch, epochs=5)
    write = checkpoints.write
    written: list[int] = []

    def full(path: Path, state: checkpoints.State) -> None:
        if state.epoch in (2, 3):
            raise files.write_failed(path, OSError(28, "No space left on device"))
        written.append(state.epoch)
        write(path, state)

    monkeypatch.setattr(checkpoints, "write", full)
    left: list[Path] = []
    told = lab.train(bench.folder, at=lambda event: left.append(lab.copy()) if _is_epoch(event, 4) else None)
    assert told[-1].outcome == "done"
    warned = [event for event in told if isinstance(event, Notice) and event.level == "warning"]
    assert [event.message for event in warned] == [
        "The state could not be saved (No space left on device); the last good one is kept."
    ]
    assert written == [1, 4, 5]
    monkeypatch.setattr(checkpoints, "write", write)
    state = checkpoints.newest(left[0], "run-001")
    assert state is not None
    assert state.epoch == 1
    lab.go_on(left[0])
    same_end(bench.folder, left[0])


def test_that_the_last_state_is_tried_again_where_the_disk_refused_it_once(
    bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = Lab(bench, bench.classifier(), monkeypatch, epochs=2)
    write = checkpoints.write
    refused: list[int] = []

    def once(path: Path, state: checkpoints.State) -> None:
        if state.epoch == 2 and not refused:
            refused.append(state.epoch)
            raise files.write_failed(path, OSError(5, "Input/output error"))
        write(path, state)

    monkeypatch.setattr(checkpoints, "write", once)
    assert lab.train(bench.folder)[-1].outcome == "done"
    state = checkpoints.newest(bench.folder, "run-001")
    assert (refused, state and state.epoch) == ([2], 2)


def _files(folder: Path) -> dict[Path, int]:
    """Every file and when it was written."""
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def _is_epoch(event: Event, epoch: int) -> bool:
    return isinstance(event, EpochEnded) and event.epoch == epoch
