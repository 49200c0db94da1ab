"""--set reaches every setting and refuses what does not fit, in words."""

from __future__ import annotations

from typing import Any

import pytest

from workbench.core.errors import UsageError
from workbench.data.spec import DatasetSpec
from workbench.graph import edits
from workbench.project.model import EarlyStopping, Project, TrainingSettings
from workbench.project.setting import assign


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


def test_that_every_field_of_the_plan_can_be_set(project: Project) -> None:
    for name, value in TrainingSettings().model_dump(mode="json").items():
        if name != "early_stopping":
            text = value if isinstance(value, str) else str(value).replace("'", '"')
            assert assign(project, f"training.{name}={text}") == project
    for name in EarlyStopping.model_fields:
        value = getattr(EarlyStopping(), name)
        assert assign(project, f"training.early_stopping.{name}={value}") == project


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
