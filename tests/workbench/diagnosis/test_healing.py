"""A remedy is carried out on a project."""

from __future__ import annotations

import pytest

from workbench.core.errors import UsageError
from workbench.diagnosis.found import remedy
from workbench.diagnosis.healing import healed
from workbench.project.presets import preset


def test_that_a_remedy_sets_settings_of_the_plan_and_of_layers() -> None:
    project = preset("digits-mlp").project
    layer = project.graph.of_layer("Dense")[0]
    told = remedy("Use less", {"training.learning_rate": 0.0003, f"model.{layer.name}.activation": "leaky_relu"})
    after = healed(project, told)
    assert after.training.learning_rate == 0.0003
    assert after.graph.of_layer("Dense")[0].params["activation"] == "leaky_relu"
    assert project.training.learning_rate != 0.0003, "the project itself is as it was"


def test_that_a_remedy_repairs_the_drawing() -> None:
    project = preset("digits-mlp").project
    layer = project.graph.of_layer("Dense")[0]
    step = {"action": "insert_before", "node": layer.id, "args": {"layer": "Dropout", "params": {"rate": 0.3}}}
    after = healed(project, remedy("Insert Dropout", repairs=[step]))
    assert len(after.graph.of_layer("Dropout")) == len(project.graph.of_layer("Dropout")) + 1


def test_that_a_remedy_for_what_is_gone_is_refused_in_words() -> None:
    with pytest.raises(UsageError, match="LAYER"):
        healed(preset("digits-mlp").project, remedy("Mend", {"model.gone.units": 3}))
