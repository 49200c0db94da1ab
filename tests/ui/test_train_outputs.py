"""Which target each output learns, in the plan beside the curves."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from tests.ui.test_train_plan import IRIS, found
from ui.pages.train.plan import PlanPanel
from ui.session import Session
from workbench.data.spec import DatasetSpec, FurtherTarget, TargetInfo
from workbench.project.model import Project
from workbench.project.suggest import suggested_project
from workbench.project.training import OutputSettings

SIZE = TargetInfo(name="size", task="regression", range=(0.0, 2.0))


@pytest.fixture
def panel(qtbot: QtBot, bare_session: Session) -> PlanPanel:
    spec = DatasetSpec(source="csv", location="/iris.csv", further=(FurtherTarget(name="size"),))
    info = IRIS.model_copy(update={"target": "species", "further": (SIZE,), "further_choices": ("size",)})
    bare_session.do("Open", lambda _: suggested_project(Project(), spec, info).model_copy(update={"dataset": None}))
    made = PlanPanel(bare_session)
    qtbot.addWidget(made)
    made.show()
    made.folds["outputs"].unfold(True)
    return made


def choose(panel: PlanPanel, card: str, field: str, data: str) -> None:
    box = found(panel.outputs.cards[card], QComboBox, f"field_{field}")
    place = box.findData(data)
    assert place >= 0, [box.itemData(at) for at in range(box.count())]
    box.setCurrentIndex(place)
    box.activated.emit(place)


def items(panel: PlanPanel, card: str, field: str) -> list[str]:
    box = found(panel.outputs.cards[card], QComboBox, f"field_{field}")
    return [box.itemText(at) for at in range(box.count())]


def test_that_each_output_offers_the_targets_and_what_fits_the_one_it_learns(panel: PlanPanel) -> None:
    assert items(panel, "size", "target") == ["species (main)", "size"]
    assert items(panel, "size", "loss")[0] == "Automatic"
    assert "mean_absolute_error" in panel.outputs.cards["size"].metrics.boxes
    assert items(panel, "output", "loss")[0] == "The plan's"
    assert "accuracy" in panel.outputs.cards["output"].metrics.boxes
    choose(panel, "size", "loss", "huber")
    panel.outputs.cards["size"].metrics.boxes["r2_score"].click()
    own = OutputSettings(target="size", loss="huber", metrics=("r2_score",))
    assert panel.session.project.training.outputs["size"] == own


def test_that_another_target_brings_its_own_losses(panel: PlanPanel) -> None:
    choose(panel, "size", "loss", "huber")
    choose(panel, "size", "target", "")
    assert panel.session.project.training.outputs == {}
    assert items(panel, "size", "loss")[0] == "The plan's"
    panel.session.undo()
    assert panel.session.project.training.outputs["size"] == OutputSettings(target="size", loss="huber")


def test_that_renaming_an_output_keeps_what_it_learns(panel: PlanPanel) -> None:
    from workbench.graph.edits import rename

    node = panel.session.project.graph.outputs[1].id
    panel.session.edit_graph("Rename", lambda graph: rename(graph, node, "how large"))
    assert items(panel, "how large", "target") == ["species (main)", "size"]
    assert panel.session.project.training.outputs == {"how large": OutputSettings(target="size")}
