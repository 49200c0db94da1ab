"""--set reaches every setting and refuses what does not fit, in words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from workbench.core.errors import UsageError
from workbench.data.spec import DatasetSpec
from workbench.graph import edits
from workbench.project.model import Project
from workbench.project.setting import assign
from workbench.project.training import TrainingSettings


@pytest.fixture
def project() -> Project:
    graph, _ = edits.append(edits.blank(), "Dense", {"units": 3})
    return Project(name="p", dataset=DatasetSpec(source="builtin", location="digits"), graph=graph)


@pytest.mark.parametrize(
    ("assignment", "path", "value"),
    [
        ("training.epochs=3", "training.epochs", 3),
        ("training.optimizer=sgd", "training.optimizer", "sgd"),
        ("training.learning_rate=1e-2", "training.learning_rate", 0.01),
        ("training.early_stopping.enabled=false", "training.early_stopping.enabled", False),
        ('training.metrics=["accuracy"]', "training.metrics", ("accuracy",)),
        ("dataset.split.seed=7", "dataset.split.seed", 7),
        ("dataset.color=grayscale", "dataset.color", "grayscale"),
        ("dataset.target=none", "dataset.target", None),
        ("name=better", "name", "better"),
    ],
)
def test_that_a_setting_is_reached_by_its_path(project: Project, assignment: str, path: str, value: Any) -> None:
    found: Any = assign(project, assignment)
    for key in path.split("."):
        found = getattr(found, key)
    assert found == value


def paths(record: dict[str, Any], prefix: str) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name, value in record.items():
        path = f"{prefix}.{name}"
        found += paths(value, path) if isinstance(value, dict) and value else [(path, value)]
    return found


def test_that_every_field_of_the_plan_can_be_set(project: Project) -> None:
    for path, value in paths(TrainingSettings().model_dump(mode="json"), "training"):
        text = value if isinstance(value, str) else json.dumps(value)
        assert assign(project, f"{path}={text}") == project


def test_that_the_settings_of_a_keras_object_are_reached_by_name(project: Project) -> None:
    changed = assign(project, "training.optimizer_params.beta_1=0.8")
    assert changed.training.optimizer_params == {"beta_1": 0.8}
    assert assign(changed, "training.optimizer_params.beta_1=0.9").training.optimizer_params == {"beta_1": 0.9}


def test_that_a_layer_is_reached_by_its_name(project: Project) -> None:
    changed = assign(project, "model.dense.units=64")
    assert changed.graph.nodes[2].params == {"units": 64}


@pytest.mark.parametrize(
    "assignment",
    [
        "epochs=3",
        "training.epochs",
        "training.epoch=3",
        "training.epochs=none",
        "training.epochs=0",
        "training.epochs.more=3",
        "training.optimizer=adamax2",
        "dataset.split.train=0.9",
        "model.dense.units=0",
        "model.nowhere.units=3",
        "model.dense.wings=2",
        "model=3",
    ],
)
def test_that_what_does_not_fit_is_refused(project: Project, assignment: str) -> None:
    with pytest.raises(UsageError):
        assign(project, assignment)


def test_that_a_dataset_setting_needs_a_dataset() -> None:
    with pytest.raises(UsageError, match="no dataset"):
        assign(Project(name="p"), "dataset.split.seed=1")
