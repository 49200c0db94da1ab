"""Further targets, chosen on the Data page."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QComboBox

from workbench.data.spec import FurtherTarget
from workbench.graph.head import head
from workbench.project.training import OutputSettings

from .conftest import Stage


def choose(stage: Stage, box: QComboBox, data: str) -> None:
    place = box.findData(data)
    assert place >= 0, [box.itemData(at) for at in range(box.count())]
    box.setCurrentIndex(place)
    box.activated.emit(place)
    stage.settle()


def heads(stage: Stage) -> dict[str, object]:
    graph = stage.session.project.graph
    return {node.name: head(graph, node).dense.params["units"] for node in graph.outputs}


def test_that_a_further_target_comes_with_a_head_and_goes_with_one_undo(stage: Stage, csv: Path) -> None:
    stage.pick(str(csv))
    further = stage.page.found.further
    assert [further.more.itemData(place) for place in range(further.more.count())] == [None, "age", "city", "income"]
    choose(stage, further.more, "city")
    assert stage.spec.further == (FurtherTarget(name="city"),)
    assert list(further.rows) == ["city"]
    assert further.rows["city"].words.text() == "3 classes: Lima, Oslo, Rome"
    assert ("Also", "city") in stage.page.found.fact_words(stage.session.project.info)
    assert heads(stage) == {"output": 2, "city": 3}
    assert stage.session.project.training.outputs == {"city": OutputSettings(target="city")}
    names = [column.name for column in stage.page.found.columns.view.columns_model.columns]
    assert names == ["age", "income"], "what is predicted is no column to tick"
    stage.session.undo()
    stage.settle()
    assert stage.spec.further == ()
    assert heads(stage) == {"output": 2}
    assert list(further.rows) == []


def test_that_its_task_can_be_chosen_and_it_can_be_taken_away(stage: Stage, csv: Path) -> None:
    stage.pick(str(csv))
    further = stage.page.found.further
    choose(stage, further.more, "age")
    row = further.rows["age"]
    assert row.task.currentData() == "regression"
    assert row.words.text() == "20 to 59"
    choose(stage, row.task, "classification")
    assert stage.spec.further == (FurtherTarget(name="age", task="classification"),)
    assert heads(stage) == {"output": 2, "age": 40}
    stage.click(further.rows["age"].remove)
    stage.settle()
    assert stage.spec.further == ()
    assert heads(stage) == {"output": 2}


def test_that_what_is_the_main_target_or_the_weights_is_no_further_one(stage: Stage, csv: Path) -> None:
    stage.pick(str(csv))
    further, target = stage.page.found.further, stage.page.found.target
    choose(stage, further.more, "income")
    choose(stage, further.more, "city")
    place = target.target.findText("city")
    target.target.setCurrentIndex(place)
    target.target.activated.emit(place)
    stage.settle()
    assert stage.session.project.info.target == "city"
    assert stage.spec.further == (FurtherTarget(name="income"),)
    stage.session.undo()
    stage.settle()
    stage.click(further.rows["city"].remove)
    stage.settle()
    choose(stage, target.weights, "age")
    assert stage.spec.weight_column == "age"
    offered = [further.more.itemData(place) for place in range(further.more.count())]
    assert offered == [None, "city"], "what weighs the samples is nothing to learn"


def test_that_arrays_have_further_targets_too_and_pictures_in_folders_none(
    stage: Stage, tmp_path: Path, pictures: Path
) -> None:
    random = np.random.default_rng(0)
    path = tmp_path / "arrays.npz"
    np.savez(path, x=random.normal(size=(60, 4)), y=np.arange(60) % 3, size=random.normal(size=60), odd=np.ones(3))
    stage.pick(str(path))
    further = stage.page.found.further
    assert [further.more.itemData(place) for place in range(further.more.count())] == [None, "size"]
    choose(stage, further.more, "size")
    assert heads(stage) == {"output": 3, "size": 1}
    assert further.more.isHidden(), "nothing is left to add"
    stage.pick(str(pictures))
    assert further.isHidden()
