"""A plan from a stranger, with values that nobody would enter: words, never a traceback."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from workbench.catalog.objects import objects
from workbench.core.errors import UsageError, WorkbenchError
from workbench.core.files import read_json, write_json
from workbench.graph import edits
from workbench.project import store
from workbench.project.model import Project
from workbench.project.rates import MOST_BATCHES, learning_rate_at, schedule_arguments
from workbench.project.setting import assign
from workbench.project.training import Schedule, TrainingSettings

ABSURD = ("1e300", "-1e300", "-5", "Infinity", "NaN", "1000000000000000000000000000000", '"x"', "[]", "{}")
NUMBERS = (
    "epochs",
    "batch_size",
    "learning_rate",
    "weight_decay",
    "seed",
    "gradients.clip_at",
    "gradients.accumulate",
    "gradients.loss_scale",
    "averaging.momentum",
    "averaging.every",
    "early_stopping.patience",
    "early_stopping.min_delta",
    "early_stopping.start_from_epoch",
    "reduce_on_plateau.factor",
    "reduce_on_plateau.patience",
    "reduce_on_plateau.min_delta",
    "reduce_on_plateau.cooldown",
    "reduce_on_plateau.min_lr",
    "checkpoints.every",
    "checkpoints.minutes",
    "watch.samples",
    "schedule.warmup_epochs",
)


@pytest.mark.parametrize("path", NUMBERS)
def test_that_no_absurd_number_gets_into_a_plan(path: str) -> None:
    project = Project(name="p", graph=edits.blank())
    for value in ABSURD:
        with pytest.raises(UsageError) as refused:
            assign(project, f"training.{path}={value}")
        assert refused.value.rule == f"training.{path} does not take that value."


@pytest.mark.parametrize("record", [{"epochs": 10**7}, {"batch_size": 10**9}, {"epoch": 3}, {"phases": [{"rate": 1}]}])
def test_that_a_strangers_project_file_is_refused_in_words(record: dict[str, Any], tmp_path: Path) -> None:
    store.create(Project(name="p", graph=edits.blank()), tmp_path / "p")
    body = read_json(tmp_path / "p" / "project.json")
    body["training"] |= record
    write_json(tmp_path / "p" / "project.json", body)
    with pytest.raises(WorkbenchError, match="training"):
        store.load(tmp_path / "p")


OWN = [
    (kind, spec.name, param.name)
    for kind in ("optimizers", "schedules")
    for spec in objects(kind)  # type: ignore[arg-type]
    for param in spec.params
]


@pytest.mark.parametrize(("kind", "name", "param"), OWN)
def test_that_an_objects_own_settings_are_numbers_that_keras_can_hold(kind: str, name: str, param: str) -> None:
    for words in ("1e300", "-1e300", "NaN", "Infinity", '"x"', "{}"):
        value = json.loads(words)
        with pytest.raises(ValueError, match=f"{param}="):
            if kind == "optimizers":
                TrainingSettings(optimizer=name, optimizer_params={param: value})
            else:
                Schedule(name=name, params={param: value})


@pytest.mark.parametrize("spec", objects("schedules"), ids=lambda spec: spec.name)
def test_that_every_curve_can_be_drawn_however_large_its_settings(spec: Any) -> None:
    for value in (0, 1, 1e-30, 1e30):
        for param in spec.params:
            try:
                schedule = Schedule(name=spec.name, params={param.name: value})
            except ValueError:
                continue
            settings = TrainingSettings(schedule=schedule, epochs=100_000)
            for step in (0, 1, 99, 10**6, 10**7):
                assert not math.isnan(learning_rate_at(settings, 100, step))
            lengths = schedule_arguments(settings, 100)
            asked = [lengths.get(name) for name in ("decay_steps", "first_decay_steps")]
            assert all(length <= MOST_BATCHES for length in asked if length is not None)
