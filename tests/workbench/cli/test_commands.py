"""Each command answers as the contract says, and fails in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.catalog import every_layer

Workbench = Callable[..., Any]


def test_that_datasets_presets_and_layers_are_lists_of_named_objects(workbench: Workbench) -> None:
    for command in ("datasets", "presets", "layers"):
        answer = workbench(command, "--json")
        assert answer.status == 0
        assert all(isinstance(entry["name"], str) and entry["name"] for entry in answer.value)
    assert {entry["name"] for entry in answer.value} == set(every_layer())
    assert {entry["name"] for entry in answer.value if entry["reason"]} >= {"TFSMLayer", "TorchModuleWrapper"}
    assert {"name", "kind", "default"} <= set(answer.value[3]["params"][0])


def test_that_what_keras_trains_with_is_listed_with_its_settings_or_the_reason(workbench: Workbench) -> None:
    for kind in ("optimizers", "schedules", "losses", "metrics", "callbacks"):
        found = workbench("catalog", kind, "--json").value
        assert all(entry.get("reason") or entry["doc"] for entry in found)
    adam = workbench("catalog", "optimizers", "--json").value[0]
    assert (adam["name"], adam["class_name"], adam["params"][0]["name"]) == ("adam", "Adam", "beta_1")
    assert "Cannot be chosen" in workbench("catalog", "losses").words
    assert workbench("catalog", "sorcery").status == 2


def test_that_people_get_tables(workbench: Workbench) -> None:
    for command in ("datasets", "presets", "layers", "doctor"):
        answer = workbench(command)
        assert answer.status == 0
        assert len(answer.words.splitlines()) > 3


def test_that_a_new_project_from_data_alone_gets_an_architecture(tmp_path: Path, workbench: Workbench) -> None:
    answer = workbench("new", tmp_path / "p", "--data", "iris", "--json")
    assert answer.status == 0
    assert answer.value["task"] == "classification"
    assert answer.value["layers"][0] == "Input"
    assert answer.value["layers"][-1] == "Output"
    checked = workbench("check", tmp_path / "p", "--json")
    assert checked.status == 0
    assert checked.value["ok"] is True
    assert checked.value["problems"] == []
    assert checked.value["total_params"] == sum(node["params"] for node in checked.value["nodes"])
    assert {"id", "layer", "name", "output_shape", "params"} <= set(checked.value["nodes"][0])


def test_that_a_project_preset_can_take_other_data(tmp_path: Path, workbench: Workbench) -> None:
    assert workbench("new", tmp_path / "p", "--preset", "iris-mlp", "--data", "wine").status == 0
    checked = workbench("check", tmp_path / "p", "--json").value
    assert checked["nodes"][-1]["output_shape"] == [3]


def test_that_a_project_without_data_is_told_to_pick_some(tmp_path: Path, workbench: Workbench) -> None:
    assert workbench("new", tmp_path / "p").status == 0
    answer = workbench("check", tmp_path / "p", "--json")
    assert answer.status == 1
    assert answer.value["ok"] is False
    assert answer.value["problems"]
    trained = workbench("train", tmp_path / "p", "--json")
    assert trained.status == 1
    assert trained.lines[-1]["event"] == "run_ended"
    assert trained.lines[-1]["outcome"] == "failed"
    assert "data" in trained.lines[-1]["message"]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["unheard-of"], 2),
        (["new"], 2),
        (["train", "nowhere"], 1),
        (["new", "p", "--preset", "unheard-of"], 2),
        (["new", "p", "--data", "no/such/file.csv"], 1),
        (["new", "p", "--target", "y"], 2),
        (["export", "p", "--format", "unheard-of", "--out", "m"], 2),
        (["evaluate", "nowhere", "--split", "future"], 2),
        (["predict", "nowhere", "a.png"], 1),
        (["runs", "nowhere"], 1),
    ],
)
def test_that_a_mistake_is_an_error_object_and_a_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workbench: Workbench, words: list[str], status: int
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = workbench(*words, "--json")
    assert answer.status == status
    assert set(answer.value["error"]) == {"rule", "received", "hint"}
    assert answer.value["error"]["rule"]
    assert "Traceback" not in answer.errors
    assert answer.errors.strip()
    assert list(tmp_path.iterdir()) == []


def test_that_a_wrong_setting_leaves_no_run(tmp_path: Path, workbench: Workbench) -> None:
    workbench("new", tmp_path / "p", "--data", "iris")
    answer = workbench("train", tmp_path / "p", "--set", "training.epochs=0", "--json")
    assert answer.status == 2
    assert not (tmp_path / "p" / "runs").exists()


def test_that_a_training_streams_its_events_and_is_listed(tmp_path: Path, workbench: Workbench) -> None:
    folder = tmp_path / "p"
    workbench("new", folder, "--data", "iris")
    answer = workbench("train", folder, "--set", "training.epochs=2", "--set", "training.seed=3", "--json")
    assert answer.status == 0
    kinds = [line["event"] for line in answer.lines]
    assert kinds[0] == "run_started"
    assert kinds[-1] == "run_ended"
    assert kinds.count("run_ended") == 1
    epochs = [line for line in answer.lines if line["event"] == "epoch"]
    assert [line["epoch"] for line in epochs] == [1, 2]
    assert {"loss", "accuracy", "val_loss", "val_accuracy"} <= set(epochs[0]["metrics"])
    assert answer.lines[-1]["outcome"] == "done"
    listed = workbench("runs", folder, "--json").value
    assert [run["name"] for run in listed] == ["run-001"]
    assert listed[0]["outcome"] == "done"
    plan = json.loads((folder / "runs" / "run-001" / "plan.json").read_text())
    assert plan["project"]["training"]["seed"] == 3
    evaluated = workbench("evaluate", folder, "--split", "validation", "--json").value
    assert evaluated["split"] == "validation"
    assert evaluated["classes"] == ["setosa", "versicolor", "virginica"]
    assert sum(map(sum, evaluated["confusion_matrix"])) == evaluated["samples"]
    assert 0 <= evaluated["metrics"]["accuracy"] <= 1


def test_that_a_run_goes_on_is_extended_branched_and_done_again(tmp_path: Path, workbench: Workbench) -> None:
    folder = tmp_path / "p"
    workbench("new", folder, "--data", "iris")
    assert workbench("train", folder, "--resume", "--json").lines[-1]["error"]["received"] == "no such run"
    first = workbench("train", folder, "--set", "training.epochs=2", "--json")
    longer = workbench("train", folder, "--resume", "run-001", "--set", "training.epochs=3", "--json")
    assert [line["epoch"] for line in longer.lines if line["event"] == "epoch"] == [3]
    assert longer.lines[0]["resumed_epochs"] == 2
    again = workbench("train", folder, "--plan", "run-001", "--json")
    told = [line for answer in (first, longer) for line in answer.lines if line["event"] == "epoch"]
    assert _figures(again.lines) == _figures(told)
    branched = workbench(
        "train", folder, "--branch", "run-001:2", "--set", "training.epochs=3", "--set", "training.seed=1", "--json"
    )
    assert [line["epoch"] for line in branched.lines if line["event"] == "epoch"] == [3]
    wrong = workbench("train", folder, "--branch", "run-001:9", "--json")
    assert wrong.status == 1
    assert "kept: 2, 3" in wrong.lines[-1]["error"]["received"]


def _figures(lines: list[Any]) -> list[Any]:
    return [(line["epoch"], line["metrics"]) for line in lines if line["event"] == "epoch"]


@pytest.mark.parametrize(
    "words",
    [
        ("run-001",),
        ("--resume", "--plan", "run-001"),
        ("--resume", "--set", "training.seed=3"),
        ("--branch", "run-001"),
        ("--plan", "run-001", "--set", "training.epochs=2"),
    ],
)
def test_that_ways_of_training_that_exclude_each_other_are_bad_usage(
    words: tuple[str, ...], tmp_path: Path, workbench: Workbench
) -> None:
    workbench("new", tmp_path / "p", "--data", "iris")
    answer = workbench("train", tmp_path / "p", *words, "--json")
    assert answer.status == 2
    assert not (tmp_path / "p" / "runs").exists()
