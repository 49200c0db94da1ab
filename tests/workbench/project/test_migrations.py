"""Older project files become today's."""

from __future__ import annotations

from typing import Any

import pytest

from workbench.project.migrations import migrate
from workbench.project.training import TrainingSettings


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({}, TrainingSettings()),
        ({"optimizer": "momentum"}, TrainingSettings(optimizer="sgd", optimizer_params={"momentum": 0.9})),
        (
            {"optimizer": "nesterov", "momentum": 0.8},
            TrainingSettings(optimizer="sgd", optimizer_params={"momentum": 0.8, "nesterov": True}),
        ),
        ({"optimizer": "adamw", "weight_decay": 0.01}, TrainingSettings(optimizer="adamw", weight_decay=0.01)),
        ({"optimizer": "adam", "weight_decay": 0.01}, TrainingSettings()),
    ],
)
def test_that_optimizers_of_the_first_version_are_those_of_keras(old: dict[str, Any], new: TrainingSettings) -> None:
    body = migrate({"version": 1, "training": old}, "project.json")
    assert TrainingSettings.model_validate(body["training"]) == new
