"""Further targets by command line: the fixed fields tell of the main one, the others stand beside them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Workbench = Callable[..., Any]


@pytest.fixture
def shells(tmp_path: Path) -> Path:
    path = tmp_path / "shells.csv"
    rows = [f"{'MFI'[row % 3]},{row * 7 % 11},{row * 5 % 13},{row % 29}.5" for row in range(90)]
    path.write_text("\n".join(["sex,a,b,rings", *rows]) + "\n")
    return path


def test_that_two_targets_are_made_trained_and_measured(shells: Path, workbench: Workbench, tmp_path: Path) -> None:
    made = workbench("new", tmp_path / "p", "--data", shells, "--target", "rings", "--also", "0", "--json")
    assert made.status == 0, made
    assert (made.value["target"], made.value["task"]) == ("rings", "regression")
    assert made.value["further"] == [{"target": "sex", "task": "classification", "classes": ["F", "I", "M"]}]
    assert made.value["training"]["outputs"]["sex"]["target"] == "sex"
    assert workbench("check", tmp_path / "p", "--json").value["ok"]
    told = workbench("train", tmp_path / "p", "--set", "training.epochs=1", "--json")
    assert told.lines[-1]["outcome"] == "done"
    epoch = next(line for line in told.lines if line["event"] == "epoch")
    assert {"loss", "val_loss", "val_sex_accuracy", "val_output_mean_absolute_error"} <= set(epoch["metrics"])
    measured = workbench("evaluate", tmp_path / "p", "--json").value
    assert (measured["classes"], measured["confusion_matrix"], measured["target"]) == ([], None, "rings")
    assert measured["further"]["sex"]["classes"] == ["F", "I", "M"]
    assert "accuracy" in measured["further"]["sex"]["metrics"]
    words = workbench("evaluate", tmp_path / "p").words
    assert "\nsex:\n" in words
    script = workbench("code", tmp_path / "p")
    assert script.status == 0, script


def test_that_further_targets_that_cannot_be_are_told(shells: Path, workbench: Workbench, tmp_path: Path) -> None:
    twice = workbench("new", tmp_path / "p", "--data", shells, "--target", "rings", "--also", "rings", "--json")
    assert twice.status == 1
    assert twice.value["error"]["received"] == "'rings' twice"
    assert workbench("new", tmp_path / "q", "--also", "sex", "--json").status == 2
