"""The plan beside the curves: what is chosen brings its own settings, and every edit can be undone."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from ui.pages.train.plan import MORE, PARTS, USUAL, PlanPanel
from ui.session import Session
from workbench.data.spec import DatasetInfo
from workbench.graph.edits_base import add
from workbench.graph.edits_links import connect
from workbench.project import presets
from workbench.project.model import Project
from workbench.project.plan import with_setting
from workbench.project.training import OutputSettings, Phase, TrainingSettings

IRIS = DatasetInfo(
    title="Iris",
    kind="table",
    task="classification",
    input_shape=(4,),
    classes=("setosa", "versicolor", "virginica"),
    samples=150,
    train_samples=105,
    validation_samples=22,
    test_samples=23,
)


@pytest.fixture
def panel(qtbot: QtBot, bare_session: Session) -> PlanPanel:
    drawn = presets.preset("iris-mlp").project
    project = Project(name="iris", graph=drawn.graph, info=IRIS, training=TrainingSettings())
    bare_session.do("Open", lambda _: project)
    made = PlanPanel(bare_session)
    qtbot.addWidget(made)
    made.resize(320, 800)
    made.show()
    for fold in made.folds.values():
        fold.unfold(True)
    return made


def found(panel: QWidget, kind: Any, name: str) -> Any:
    child = panel.findChild(kind, name)
    assert child is not None, name
    return child


def pick(panel: PlanPanel, path: str, value: str) -> None:
    combo = found(panel, QComboBox, f"field_{path}")
    place = combo.findData(value)
    assert place >= 0, [combo.itemData(at) for at in range(combo.count())]
    combo.setCurrentIndex(place)
    combo.activated.emit(place)


def test_that_every_setting_of_the_plan_has_an_editor() -> None:
    shown = {path.partition(".")[0] for paths in (USUAL, *PARTS.values(), *MORE.values()) for path in paths}
    assert set(TrainingSettings.model_fields) - shown == {"metrics", "metric_params"}
    for name in ("schedule", "gradients", "averaging", "early_stopping", "reduce_on_plateau", "checkpoints", "logs"):
        paths = {path for part in (*PARTS.values(), *MORE.values()) for path in part if path.startswith(f"{name}.")}
        fields = type(getattr(TrainingSettings(), name)).model_fields
        assert {path.partition(".")[2] for path in paths} == set(fields)


def test_that_an_optimizer_brings_its_own_settings_and_takes_along_what_it_shares(panel: PlanPanel) -> None:
    assert set(panel.optimizer.rows) >= {"beta_1", "beta_2"}
    pick(panel, "optimizer", "sgd")
    assert panel.session.project.training.optimizer == "sgd"
    assert set(panel.optimizer.rows) == {"momentum", "nesterov"}
    assert panel.folds["optimizer"].button.text() == "Settings of SGD"


def test_that_a_setting_of_an_optimizer_is_one_step_that_can_be_undone(panel: PlanPanel, qtbot: QtBot) -> None:
    pick(panel, "optimizer", "sgd")
    field = found(panel.optimizer, QLineEdit, "field_momentum")
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "0.95")
    assert panel.session.project.training.optimizer_params == {"momentum": 0.95}
    assert panel.folds["optimizer"].badge.text() == "1 set"
    panel.session.undo()
    assert panel.session.project.training.optimizer_params == {}
    assert panel.folds["optimizer"].badge.isHidden()


def test_that_choices_are_named_in_plain_words(panel: PlanPanel) -> None:
    losses = found(panel, QComboBox, "field_loss")
    assert losses.itemText(0) == "Automatic"
    assert losses.itemText(losses.findData("categorical_focal_crossentropy")) == "Focal cross-entropy"
    schedules = found(panel, QComboBox, "field_schedule.name")
    assert schedules.itemText(schedules.findData("cosine_decay_restarts")) == "Cosine with restarts"


def test_that_the_learning_rate_is_drawn_before_the_run_and_follows_every_edit(panel: PlanPanel) -> None:
    assert set(panel.curve.rates) == {0.001}
    pick(panel, "schedule.name", "cosine_decay")
    assert set(panel.schedule.rows) == {"decay_epochs", "alpha"}
    assert panel.curve.rates[0] == 0.001
    assert panel.curve.rates[-1] < 0.0001
    panel.session.do("Warm", lambda project: with_setting(project, "schedule.warmup_epochs", 2.0))
    assert panel.curve.rates[0] == pytest.approx(0.001 / 8), "four batches an epoch, two epochs"
    assert max(panel.curve.rates) == pytest.approx(0.001, rel=0.05)


def test_that_classes_are_weighed_one_by_one(panel: PlanPanel, qtbot: QtBot) -> None:
    assert panel.weights.isHidden()
    pick(panel, "class_weights", "custom")
    assert not panel.weights.isHidden()
    field = found(panel.weights, QLineEdit, "field_virginica")
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "3")
    assert panel.session.project.training.class_weight == {"virginica": 3.0}


def test_that_a_press_makes_stages_that_train_the_head_first(panel: PlanPanel, qtbot: QtBot) -> None:
    qtbot.mouseClick(found(panel, QPushButton, "fine_tune"), Qt.MouseButton.LeftButton)
    first, then = panel.session.project.training.phases
    layers = [node.name for node in panel.session.project.graph.nodes if node.layer == "Dense"]
    assert list(first.frozen) == layers[:-1]
    assert (then.frozen, then.learning_rate) == ((), pytest.approx(0.0001))
    boxes = panel.phases.cards[0].boxes
    assert [name for name, box in boxes.items() if box.isChecked()] == layers[:-1]
    assert panel.form.rows["epochs"].isHidden(), "the stages take the place of the epochs"
    panel.session.undo()
    assert panel.session.project.training.phases == ()
    assert panel.phases.cards == []


def test_that_stages_are_added_moved_and_removed(panel: PlanPanel, qtbot: QtBot) -> None:
    def press(kind: Any, name: str) -> None:
        qtbot.mouseClick(found(panel, kind, name), Qt.MouseButton.LeftButton)

    press(QPushButton, "add_phase")
    press(QPushButton, "add_phase")
    card = panel.phases.cards[1]
    name = found(card, QLineEdit, "field_name")
    name.setFocus()
    qtbot.keyClicks(name, "last")
    box = next(iter(card.boxes.values()))
    assert isinstance(box, QCheckBox)
    box.click()
    assert panel.session.project.training.phases[1] == Phase(name="last", frozen=(box.text(),))
    press(QToolButton, "phase_up_1")
    assert [phase.name for phase in panel.session.project.training.phases] == ["last", ""]
    press(QToolButton, "phase_remove_0")
    assert [phase.name for phase in panel.session.project.training.phases] == [""]


def test_that_several_outputs_have_each_their_own_loss_and_metrics(panel: PlanPanel) -> None:
    assert panel.folds["outputs"].isHidden()
    graph = panel.session.project.graph
    source = graph.incoming[graph.outputs[0].id][0].source
    graph, side = add(graph, "Output")
    graph = connect(graph, source, side)
    name = graph.by_id[side].name
    panel.session.edit_graph("Add an output", lambda _: graph)
    assert not panel.folds["outputs"].isHidden()
    card = panel.outputs.cards[name]
    combo = found(card, QComboBox, "field_loss")
    combo.setCurrentIndex(combo.findData("kl_divergence"))
    combo.activated.emit(combo.currentIndex())
    card.metrics.boxes["f1_score"].click()
    own = panel.session.project.training.outputs
    assert own == {name: OutputSettings(loss="kl_divergence", metrics=("f1_score",))}
    panel.session.undo()
    assert panel.session.project.training.outputs[name].metrics == ("auto",)


def test_that_rare_metrics_are_a_press_away_and_stay_where_they_are_chosen(panel: PlanPanel) -> None:
    assert panel.metrics.boxes["mean_iou"].isHidden()
    panel.metrics.more.click()
    assert not panel.metrics.boxes["mean_iou"].isHidden()
    panel.metrics.boxes["mean_iou"].click()
    panel.metrics.more.click()
    assert panel.session.project.training.metrics == ("mean_iou",)
    assert not panel.metrics.boxes["mean_iou"].isHidden()
    assert panel.metrics.boxes["iou"].isHidden()


def test_that_epochs_can_be_judged_by_any_figure_that_is_measured(panel: PlanPanel) -> None:
    session = panel.session
    session.do("", lambda project: with_setting(project, "metrics", ["accuracy", "f1_score"]))

    def combo_of(path: str) -> QComboBox:
        form = next(form for form in panel.forms.values() if path in form.rows)
        return found(form.rows[path], QComboBox, f"field_{path}")

    combo = combo_of("early_stopping.monitor")
    offered = {combo.itemData(at): combo.itemText(at) for at in range(combo.count())}
    assert offered == {
        "auto": "Automatic",
        "val_loss": "Validation loss",
        "val_accuracy": "Validation accuracy",
        "val_f1_score": "Validation f1 score",
        "loss": "Training loss",
        "accuracy": "Training accuracy",
        "f1_score": "Training f1 score",
    }
    for path in ("checkpoints.monitor", "early_stopping.monitor"):
        combo = combo_of(path)
        combo.setCurrentIndex(combo.findData("val_f1_score"))
        combo.activated.emit(combo.currentIndex())
    training = session.project.training
    assert (training.checkpoints.monitor, training.early_stopping.monitor) == ("val_f1_score", "val_f1_score")
    session.do("", lambda project: with_setting(project, "metrics", ["accuracy"]))
    combo = combo_of("early_stopping.monitor")
    assert combo.currentData() == "val_f1_score", "what is chosen stays shown, also where it is no longer measured"
