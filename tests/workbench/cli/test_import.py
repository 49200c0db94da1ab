"""`workbench import`: a project from a Keras model, with data or without."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Workbench = Callable[..., Any]


@pytest.fixture
def model(tmp_path: Path) -> Path:
    import keras

    path = tmp_path / "model.json"
    stack = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8, "relu"), keras.layers.Dense(5, "softmax")])
    path.write_text(stack.to_json(), encoding="utf-8")
    return path


def test_that_an_imported_model_can_be_checked_without_data(tmp_path: Path, model: Path, workbench: Workbench) -> None:
    answer = workbench("import", model, tmp_path / "p", "--json")
    assert answer.status == 0
    assert answer.value["layers"] == ["Input", "Dense", "Dense", "Output"]
    assert answer.value["weights"] is None
    checked = workbench("check", tmp_path / "p", "--json")
    assert checked.status == 0
    assert checked.value["total_params"] == 4 * 8 + 8 + 8 * 5 + 5


def test_that_a_head_that_misfits_the_data_is_made_to_fit(tmp_path: Path, model: Path, workbench: Workbench) -> None:
    assert workbench("import", model, tmp_path / "p", "--data", "iris").status == 0
    checked = workbench("check", tmp_path / "p", "--json").value
    assert checked["ok"]
    assert checked["nodes"][-1]["output_shape"] == [3]


def test_that_a_refused_model_leaves_no_project(tmp_path: Path, workbench: Workbench) -> None:
    (tmp_path / "bad.json").write_text('{"class_name": "Lambda", "config": {}}', encoding="utf-8")
    answer = workbench("import", tmp_path / "bad.json", tmp_path / "p", "--json")
    assert answer.status == 1
    assert "Lambda" in answer.value["error"]["received"]
    assert not (tmp_path / "p").exists()


def test_that_a_folder_with_something_in_it_is_left_alone(tmp_path: Path, model: Path, workbench: Workbench) -> None:
    answer = workbench("import", model, tmp_path, "--json")
    assert answer.status == 1
    assert "holds something" in answer.value["error"]["received"]
