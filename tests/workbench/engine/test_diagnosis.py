"""The doctor at real runs: some of the benchmark's patients, and whether what it offers heals them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.doctor import project_of
from tests.benchmarks.doctor_healthy import HEALTHY
from tests.benchmarks.doctor_sick import SICK
from workbench.core.events import EpochEnded, Finding
from workbench.project.remedy import healed

PATIENTS = {patient.name: patient for patient in (*SICK, *HEALTHY)}


def _examined(project: Any, dataset: Any, folder: Path) -> tuple[list[EpochEnded], dict[str, Finding]]:
    """Train it; its epochs, and what accuses it by rule."""
    from workbench.core.control import RunControl
    from workbench.engine.trainer import train
    from workbench.runs import store

    told: list[Any] = []
    train(folder, store.new_run(folder, project), told.append, RunControl(), dataset)
    found = {event.rule: event for event in told if isinstance(event, Finding) and event.severity != "info"}
    return [event for event in told if isinstance(event, EpochEnded)], found


def _patient(name: str, folder: Path) -> tuple[Any, Any, str]:
    patient = PATIENTS[name]
    dataset = patient.source(folder, 0)
    return project_of(patient, dataset, 0), dataset, patient.illness


@pytest.mark.parametrize(
    "name",
    [
        "a linear network, long steps",
        "Adam at a millionth",
        "nine sigmoid layers",
        "tanh of large weights",
        "straight lines for corners",
        "a third of wrong labels",
        "the answer as a column",
    ],
)
def test_that_a_planted_illness_is_named(name: str, tmp_path: Path) -> None:
    project, dataset, illness = _patient(name, tmp_path)
    _, found = _examined(project, dataset, tmp_path)
    assert illness in found
    assert found[illness].source
    assert found[illness].hint


@pytest.mark.parametrize("name", ["digits, small CNN", "iris, tanh, SGD", "diabetes, MLP"])
def test_that_a_healthy_run_is_left_in_peace(name: str, tmp_path: Path) -> None:
    project, dataset, _ = _patient(name, tmp_path)
    _, found = _examined(project, dataset, tmp_path)
    assert found == {}


@pytest.mark.parametrize(
    ("name", "better"),
    [
        ("Adam at 0.5", 0.5),
        ("biases far below zero", 0.5),
        ("all weights zero", 0.5),
        ("inputs that hardly differ", 0.6),
    ],
)
def test_that_the_offered_remedy_heals(name: str, better: float, tmp_path: Path) -> None:
    project, dataset, illness = _patient(name, tmp_path)
    before, found = _examined(project, dataset, tmp_path)
    project = healed(project, found[illness].remedy)
    after, left = _examined(project, dataset, tmp_path)
    assert illness not in left
    assert after[-1].metrics["loss"] < better * before[-1].metrics["loss"]


def test_that_the_remedy_for_overfitting_keeps_the_validation_loss_down(tmp_path: Path) -> None:
    project, dataset, _ = _patient("credit known by heart", tmp_path)
    before, found = _examined(project, dataset, tmp_path)
    project = healed(project, found["overfitting"].remedy)
    assert project.graph.of_layer("Dropout")
    after, _ = _examined(project, dataset, tmp_path)
    assert after[-1].metrics["val_loss"] < 0.7 * before[-1].metrics["val_loss"]
    assert len(after) < len(before)


def test_that_the_remedy_for_imbalance_lets_rare_classes_count(tmp_path: Path) -> None:
    project, dataset, _ = _patient("three in a hundred", tmp_path)
    _, found = _examined(project, dataset, tmp_path)
    project = healed(project, found["imbalance"].remedy)
    assert project.training.class_weights == "balanced"
    _, left = _examined(project, dataset, tmp_path)
    assert "imbalance" not in left
