"""Two runs compared: by model, settings and figures; in words and as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from workbench.cli import main
from workbench.core.errors import ProjectError
from workbench.data.spec import DatasetSpec
from workbench.graph import edits
from workbench.project import store as projects
from workbench.project.model import Project, RunRecord
from workbench.runs import store
from workbench.runs.compare import compare_runs


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with two runs that differ, and a third like the second."""
    first = Project(name="mine", graph=edits.append(edits.blank(), "Dense", {"units": 8})[0])
    dense = first.graph.of_layer("Dense")[0].id
    grown, _ = edits.append(edits.set_params(first.graph, dense, {"units": 16}), "ReLU")
    training = first.training.model_copy(update={"epochs": first.training.epochs + 1})
    second = first.model_copy(
        update={"graph": grown, "training": training, "dataset": DatasetSpec(source="builtin", location="iris")}
    )
    projects.save(second, tmp_path)
    for project, figures in ((first, {"loss": 0.5}), (second, {"loss": 0.25, "accuracy": 0.9}), (second, {})):
        plan = store.new_run(tmp_path, project)
        store.write_record(tmp_path, RunRecord(run=plan.run, created=plan.created, outcome="done", metrics=figures))
    return tmp_path


def test_that_what_differs_between_two_runs_is_found(folder: Path) -> None:
    found = compare_runs(folder, "run-001", "run-002")
    epochs = Project().training.epochs
    assert [node.layer for node in found.model.added] == ["ReLU"]
    assert [change.params for change in found.model.changed] == [{"units": (8, 16)}]
    assert found.settings["training.epochs"] == (epochs, epochs + 1)
    assert found.settings["dataset.location"] == (None, "iris")
    assert not any(path.startswith(("graph", "name", "info")) for path in found.settings)
    assert found.metrics == {"loss": (0.5, 0.25), "accuracy": (None, 0.9)}


def test_that_the_json_holds_every_part(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    value = answered(capsys, "compare", folder, "run-001", "run-002")
    assert value["runs"] == ["run-001", "run-002"]
    assert value["same"] is False
    assert value["model"]["added"] == [{"name": "re_lu", "layer": "ReLU"}]
    assert value["model"]["removed"] == []
    assert value["model"]["changed"][0]["settings"] == {"units": {"before": 8, "after": 16}}
    (rewired,) = value["model"]["rewired"]
    assert (rewired["before"], rewired["after"]) == (["dense"], ["re_lu"])
    assert value["metrics"]["loss"] == {"before": 0.5, "after": 0.25, "difference": -0.25}
    assert value["metrics"]["accuracy"]["difference"] is None


def test_that_runs_alike_are_told_to_be_the_same(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert answered(capsys, "compare", folder, "run-002", "run-003")["same"] is True
    assert main(["compare", str(folder), "run-002", "run-003"]) == 0
    assert capsys.readouterr().out.count("the two are the same.") == 2


def test_that_the_words_say_before_and_after(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(folder), "run-001", "run-002"]) == 0
    words = capsys.readouterr().out
    for part in ("+ re_lu (ReLU)", "units: 8 → 16", "dataset.location: not set → iris", "0.2500"):
        assert part in words


@pytest.mark.parametrize("run", ["run-009", "../run-001"])
def test_that_an_unknown_run_is_refused_in_words(folder: Path, run: str) -> None:
    with pytest.raises(ProjectError, match="run"):
        compare_runs(folder, "run-001", run)


def answered(capsys: pytest.CaptureFixture[str], *words: object) -> Any:
    capsys.readouterr()
    assert main([*map(str, words), "--json"]) == 0
    return json.loads(capsys.readouterr().out)
