"""A form over a settings model: its rows, bounds, sentences and steps come from the model's fields."""

from __future__ import annotations

import dataclasses
from typing import Literal

import pytest
from pydantic import BaseModel, Field
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit

from ui.forms.settings_form import SettingsForm
from ui.forms.settings_params import settings_of
from workbench.core.errors import UsageError
from workbench.project.training import TrainingSettings


class Inner(BaseModel):
    depth: int = Field(2, ge=1, le=4, description="How deep.")


class Outer(BaseModel):
    inner: Inner = Inner()
    size: float = Field(0.5, gt=0, lt=1, description="How large.")
    kind: Literal["a", "b"] = "a"
    names: tuple[str, ...] = ()
    label: str | None = None
    code: str = Field("ab", pattern="^[ab]+$")


def setting(path):
    return next(setting for setting in settings_of(Outer) if setting.path == path)


def test_that_declarations_follow_the_fields():
    found = {setting.path: setting.param for setting in settings_of(Outer)}
    assert found["inner.depth"].kind == "integer"
    assert (found["inner.depth"].minimum, found["inner.depth"].maximum) == (1, 4)
    assert (found["size"].kind, found["size"].minimum, found["size"].exclusive) == ("number", 0, True)
    assert found["kind"].choices == ("a", "b")
    assert found["label"].nullable
    assert found["inner.depth"].doc == "How deep."
    assert setting("names").names
    assert setting("inner.depth").group == "Inner"


@pytest.mark.parametrize(
    ("path", "value"), [("size", "1"), ("size", 0), ("inner.depth", 9), ("code", "c"), ("kind", "c")]
)
def test_that_what_the_model_refuses_is_refused(path, value):
    with pytest.raises(UsageError):
        setting(path).check(value)


def test_that_what_the_model_takes_is_stored_as_json():
    assert setting("size").check("0.25") == 0.25
    assert setting("names").check(("x", "y")) == ["x", "y"]
    assert setting("label").check("") is None


@pytest.fixture
def form(qtbot):
    form = SettingsForm(TrainingSettings)
    qtbot.addWidget(form)
    form.set_values(TrainingSettings(epochs=5))
    form.show()
    return form


def test_that_every_setting_has_a_row_with_its_sentence(form):
    assert "early_stopping.patience" in form.rows
    assert form.findChild(QLineEdit, "field_epochs").text() == "5"
    words = [label.text() for label in form.findChildren(QLabel)]
    assert TrainingSettings.model_fields["epochs"].description in words


def test_that_typing_tells_the_path_and_merges_within_a_visit(form, qtbot):
    told, keys = [], []
    form.changed.connect(lambda change: (told.append(change), keys.append(form.merge_key)))
    line = form.findChild(QLineEdit, "field_epochs")
    line.selectAll()
    qtbot.keyClicks(line, "12")
    assert told == [{"epochs": 1}, {"epochs": 12}]
    assert len(set(keys)) == 1
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.keyClicks(line, "3")
    assert told[-1] == {"epochs": 123}
    assert len(set(keys)) == 2


def test_that_a_rule_is_said_and_nothing_told(form, qtbot):
    told = []
    form.changed.connect(told.append)
    line = form.findChild(QLineEdit, "field_learning_rate")
    line.selectAll()
    qtbot.keyClicks(line, "-")
    assert told == []
    assert "number" in form.findChild(QLabel, "message_learning_rate").text()


def test_that_nested_settings_are_told_by_dotted_path(form, qtbot):
    told = []
    form.changed.connect(told.append)
    form.findChild(QCheckBox, "field_early_stopping.enabled").click()
    assert told == [{"early_stopping.enabled": False}]


def test_that_reset_tells_the_models_default(form):
    told = []
    form.changed.connect(told.append)
    row = form.rows["epochs"]
    assert row.reset.isVisible()
    row.reset.click()
    assert told == [{"epochs": 20}]


def test_that_choices_can_follow_the_data(form, qtbot):
    told = []
    form.changed.connect(told.append)
    loss = dataclasses.replace(form.settings["loss"].param, kind="choice", choices=("auto", "huber"))
    form.set_override("loss", loss)
    combo = form.findChild(QComboBox, "field_loss")
    assert combo.currentText() == "auto"
    combo.setCurrentIndex(1)
    combo.activated.emit(1)
    assert told == [{"loss": "huber"}]


def test_that_a_list_of_names_is_checked_boxes_or_words(form, qtbot):
    told = []
    form.changed.connect(told.append)
    line = form.findChild(QLineEdit, "field_metrics")
    line.selectAll()
    qtbot.keyClicks(line, "a, b")
    assert told[-1] == {"metrics": ["a", "b"]}
    param = dataclasses.replace(form.settings["metrics"].param, choices=("auto", "accuracy"))
    form.set_override("metrics", param)
    form.findChild(QCheckBox, "field_metrics_accuracy").click()
    assert told[-1] == {"metrics": ["auto", "accuracy"]}


def test_that_a_hidden_row_hides_and_its_group_with_it(form):
    for path in form.rows:
        if path.startswith("early_stopping"):
            form.set_row_visible(path, False)
    assert not form.rows["early_stopping.enabled"].isVisible()
    assert "Early stopping" not in [label.text() for label in form.findChildren(QLabel) if label.isVisible()]
