from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Workbench = Callable[..., Any]


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    path = tmp_path / "survey.csv"
    rows = [f"{row * 7 % 11},{row * 5 % 13},{'yn'[row % 2]},{1 + row % 3}" for row in range(60)]
    path.write_text("\n".join(["a,b,answer,weight", *rows]) + "\n")
    return path


def test_that_a_column_of_weights_is_named_and_trained_with(survey: Path, workbench: Workbench, tmp_path: Path) -> None:
    made = workbench("new", tmp_path / "p", "--data", survey, "--target", "answer", "--weights", "weight", "--json")
    assert made.status == 0, made
    assert (made.value["target"], made.value["weights"]) == ("answer", "weight")
    told = workbench("train", tmp_path / "p", "--set", "training.epochs=1", "--json")
    assert told.lines[-1]["outcome"] == "done"
    measured = workbench("evaluate", tmp_path / "p")
    assert "Each sample counts by its weight in 'weight', as while training." in measured.words
    assert measured.words.splitlines()[2].split() == ["metric", "value", "unweighted"]


def test_that_weights_that_are_not_there_are_told(survey: Path, workbench: Workbench, tmp_path: Path) -> None:
    missing = workbench("new", tmp_path / "p", "--data", survey, "--weights", "no such", "--json")
    assert missing.status == 1
    assert "'weight'" in missing.value["error"]["hint"]
    assert workbench("new", tmp_path / "q", "--weights", "weight", "--json").status == 2
