"""Forms made from declarations: every kind of setting is shown, typed, checked, and given back its default."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from ui.forms.form import ParamForm
from workbench.catalog.layers import layers
from workbench.core.params import Param

UP, DOWN = Qt.Key.Key_Up, Qt.Key.Key_Down
SHIFT = Qt.KeyboardModifier.ShiftModifier

INITIALIZERS = ("glorot_uniform", "he_normal", "zeros", "ones")


class Sheet:
    """A form that keeps what it is told, as a document would."""

    def __init__(self, qtbot: QtBot, *params: Param, values: dict[str, Any] | None = None) -> None:
        self.form, self.params, self.values = ParamForm(), params, dict(values or {})
        self.told: list[tuple[str, Any]] = []
        self.visits: list[int] = []
        qtbot.addWidget(self.form)
        self.form.edited.connect(self._keep)
        self.form.show_params(params, self.values, owner="x")
        self.form.show()

    def _keep(self, name: str, value: Any) -> None:
        self.told.append((name, value))
        self.visits.append(self.form.visit)
        self.values[name] = value
        self.values = {key: kept for key, kept in self.values.items() if kept is not ...}
        self.form.show_params(self.params, self.values, owner="x")

    def editor(self, kind: type, name: str) -> Any:
        return self.form.findChild(kind, f"field_{name}")

    def message(self, name: str) -> str:
        label = self.form.findChild(QLabel, f"message_{name}")
        return label.text() if label.isVisible() else ""


@pytest.mark.parametrize(
    ("param", "typed", "stored"),
    [
        (Param("units", "integer", 32, required=True, minimum=1), "64", 64),
        (Param("rate", "number", 0.5, minimum=0, maximum=1), "0.25", 0.25),
        (Param("kernel_size", "integers", 3, minimum=1, length=2), "3, 5", [3, 5]),
        (Param("kernel_size", "integers", 3, minimum=1, length=2), "5x5", 5),
        (Param("target_shape", "shape", [1]), "4, 4, -1", [4, 4, -1]),
        (Param("mean", "numbers", None, nullable=True), "0.5, 1", [0.5, 1.0]),
        (Param("note", "text", ""), "hello", "hello"),
    ],
)
def test_that_what_is_typed_is_stored_in_its_kind(qtbot, param, typed, stored):
    sheet = Sheet(qtbot, param)
    line = sheet.editor(QLineEdit, param.name)
    line.clear()
    qtbot.keyClicks(line, typed)
    assert sheet.told[-1] == (param.name, stored)
    assert line.text() == typed
    assert sheet.message(param.name) == ""


@pytest.mark.parametrize(
    ("param", "typed", "rule"),
    [
        (Param("units", "integer", 32, required=True, minimum=1), "0", "whole number of at least 1"),
        (Param("units", "integer", 32, required=True, minimum=1), "many", "whole number"),
        (Param("rate", "number", 0.5, minimum=0, maximum=1), "7", "at most 1"),
        (Param("target_shape", "shape", [1]), "0", "list of whole numbers"),
    ],
)
def test_that_a_broken_rule_is_said_under_the_field_and_nothing_is_stored(qtbot, param, typed, rule):
    sheet = Sheet(qtbot, param)
    line = sheet.editor(QLineEdit, param.name)
    line.selectAll()
    qtbot.keyClicks(line, typed)
    assert rule in sheet.message(param.name)
    assert sheet.values.get(param.name) != typed
    assert line.property("invalid") == "true"
    line.selectAll()
    qtbot.keyClicks(line, "1")
    assert sheet.message(param.name) == ""
    assert sheet.told[-1][1] == ((param.kind == "shape" and [1]) or 1)


def test_that_an_emptied_field_goes_back_to_the_default(qtbot):
    sheet = Sheet(qtbot, Param("rate", "number", 0.5), values={"rate": 0.1})
    line = sheet.editor(QLineEdit, "rate")
    line.selectAll()
    qtbot.keyClick(line, Qt.Key.Key_Delete)
    assert sheet.told == [("rate", ...)]
    assert line.placeholderText() == "0.5"


def test_that_the_arrows_step_a_number_and_shift_doubles_it(qtbot):
    sheet = Sheet(qtbot, Param("units", "integer", 32, required=True, minimum=1), Param("rate", "number", 0.01))
    line = sheet.editor(QLineEdit, "units")
    qtbot.keyClick(line, UP)
    qtbot.keyClick(line, UP, SHIFT)
    assert sheet.values["units"] == 66
    for _ in range(10):
        qtbot.keyClick(line, DOWN, SHIFT)
    assert sheet.values["units"] == 1
    rate = sheet.editor(QLineEdit, "rate")
    qtbot.keyClick(rate, UP)
    assert sheet.values["rate"] == pytest.approx(0.02)
    qtbot.keyClick(rate, DOWN)
    qtbot.keyClick(rate, DOWN)
    assert sheet.values["rate"] == pytest.approx(0.009)


def test_that_a_check_box_a_choice_and_a_named_object_are_picked(qtbot):
    sheet = Sheet(
        qtbot,
        Param("use_bias", "boolean", True),
        Param("padding", "choice", "valid", choices=("valid", "same")),
        Param("activation", "choice", None, choices=("relu", "tanh"), nullable=True),
        Param("kernel_initializer", "initializer", "glorot_uniform", choices=INITIALIZERS),
    )
    box = sheet.editor(QCheckBox, "use_bias")
    qtbot.mouseClick(
        box,
        Qt.MouseButton.LeftButton,
        pos=box.rect().center()
        - box.rect().center()
        + box.rect().topLeft()
        + type(box.rect().center())(8, box.height() // 2),
    )
    assert sheet.values["use_bias"] is False
    for name, key, value in (
        ("padding", "s", "same"),
        ("activation", "t", "tanh"),
        ("kernel_initializer", "he_n", "he_normal"),
    ):
        combo = sheet.editor(QComboBox, name)
        combo.setFocus()
        qtbot.keyClicks(combo, key)
        qtbot.keyClick(combo, Qt.Key.Key_Return)
        place = combo.findText(value)
        combo.setCurrentIndex(place)
        combo.activated.emit(place)
        assert sheet.values[name] == value
    combo = sheet.editor(QComboBox, "activation")
    combo.activated.emit(combo.findText("not set"))
    assert sheet.values["activation"] is None


def test_that_the_strength_of_a_regularizer_is_typed_beside_it(qtbot):
    sheet = Sheet(qtbot, Param("kernel_regularizer", "regularizer", None, nullable=True, choices=("l1", "l2")))
    combo = sheet.editor(QComboBox, "kernel_regularizer")
    number = sheet.form.rows["kernel_regularizer"].field.number
    assert not number.isVisible()
    combo.activated.emit(combo.findText("l2"))
    assert sheet.values["kernel_regularizer"] == "l2"
    assert number.isVisible()
    number.selectAll()
    qtbot.keyClicks(number, "0.5")
    assert sheet.values["kernel_regularizer"] == {"class_name": "L2", "config": {"l2": 0.5}}
    assert combo.currentText() == "l2"
    number.selectAll()
    qtbot.keyClicks(number, "-")
    assert "above 0" in sheet.message("kernel_regularizer")


def test_that_a_value_the_catalogue_does_not_offer_is_shown_and_kept(qtbot):
    odd = {"class_name": "Mine", "config": {}}
    sheet = Sheet(
        qtbot,
        Param("kernel_initializer", "initializer", "zeros", choices=INITIALIZERS),
        values={"kernel_initializer": odd},
    )
    assert sheet.editor(QComboBox, "kernel_initializer").currentText() == "Mine"
    assert sheet.told == []


def test_that_a_nested_layer_has_a_form_of_its_own(qtbot):
    params = layers()["Bidirectional"].params
    sheet = Sheet(qtbot, *params)
    combo = sheet.editor(QComboBox, "layer")
    place = combo.findText("GRU")
    combo.setCurrentIndex(place)
    combo.activated.emit(place)
    assert sheet.values["layer"] == {"layer": "GRU", "params": {}}
    units = sheet.editor(QLineEdit, "units")
    units.selectAll()
    qtbot.keyClicks(units, "12")
    assert sheet.values["layer"] == {"layer": "GRU", "params": {"units": 12}}


def test_that_reset_gives_the_default_back(qtbot):
    sheet = Sheet(qtbot, Param("rate", "number", 0.5), values={"rate": 0.1})
    reset = sheet.form.findChild(QToolButton, "reset_rate")
    assert reset.isVisible()
    qtbot.mouseClick(reset, Qt.MouseButton.LeftButton)
    assert sheet.told == [("rate", ...)]
    assert sheet.editor(QLineEdit, "rate").text() == "0.5"
    assert not reset.isVisible()


def test_that_rare_settings_are_folded_until_asked_for_or_set(qtbot):
    params = (Param("units", "integer", 1), Param("seed", "integer", None, nullable=True, advanced=True))
    sheet = Sheet(qtbot, *params)
    button = sheet.form.findChild(QToolButton, "advanced_button")
    assert "seed" not in sheet.form.rows
    for visible in (True, False, True):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert sheet.editor(QLineEdit, "seed").isVisible() == visible
    other = Sheet(qtbot, *params, values={"seed": 3})
    assert other.editor(QLineEdit, "seed").isVisible()


def test_that_one_visit_to_a_field_is_one_step_and_the_next_another(qtbot):
    sheet = Sheet(qtbot, Param("units", "integer", 32, required=True), Param("rate", "number", 0.5))
    line = sheet.editor(QLineEdit, "units")
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, "128")
    assert len(set(sheet.visits)) == 1
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.keyClicks(line, "0")
    assert len(set(sheet.visits)) == 2


def test_that_undo_belongs_to_the_document_while_a_field_is_typed_in(qtbot):
    sheet = Sheet(qtbot, Param("units", "integer", 32, required=True))
    line = sheet.editor(QLineEdit, "units")
    line.selectAll()
    qtbot.keyClicks(line, "7")
    qtbot.keyClick(line, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert line.text() == "7"


@pytest.mark.parametrize("layer", layers())
def test_that_every_layer_of_the_catalogue_has_a_form(qtbot, layer):
    params = layers()[layer].params
    form = ParamForm()
    qtbot.addWidget(form)
    told = []
    form.edited.connect(lambda *edit: told.append(edit))
    form.show_params(params, {param.name: param.default for param in params}, owner=layer)
    assert form.rows.keys() == {param.name for param in params}
    assert all(row.toolTip() for row in form.rows.values())
    assert told == []


CELLS = Param(
    "cells",
    "layers",
    [{"layer": "LSTMCell", "params": {"units": 64}}],
    required=True,
    choices=("LSTMCell", "GRUCell"),
)


def test_that_layers_are_added_to_a_list_changed_and_removed(qtbot: QtBot) -> None:
    sheet = Sheet(qtbot, CELLS)
    add = sheet.form.findChild(QPushButton, "add_cells")
    assert sheet.form.findChild(QToolButton, "remove_cells_0").isHidden(), "one is always left"
    qtbot.mouseClick(add, Qt.MouseButton.LeftButton)
    assert [cell["layer"] for cell in sheet.values["cells"]] == ["LSTMCell", "LSTMCell"]
    second = sheet.form.findChild(QComboBox, "field_cells_1")
    second.setCurrentText("GRUCell")
    second.activated.emit(second.currentIndex())
    assert [cell["layer"] for cell in sheet.values["cells"]] == ["LSTMCell", "GRUCell"]
    qtbot.mouseClick(sheet.form.findChild(QToolButton, "remove_cells_0"), Qt.MouseButton.LeftButton)
    assert [cell["layer"] for cell in sheet.values["cells"]] == ["GRUCell"]


def test_that_words_are_typed_as_a_list(qtbot: QtBot) -> None:
    sheet = Sheet(qtbot, Param("vocabulary", "texts", None, nullable=True))
    line = sheet.editor(QLineEdit, "vocabulary")
    qtbot.keyClicks(line, "cat, dog")
    assert sheet.values["vocabulary"] == ["cat", "dog"]


def test_that_some_of_several_are_ticked_and_all_of_them_are_the_default(qtbot: QtBot) -> None:
    sheet = Sheet(qtbot, Param("columns", "texts", None, nullable=True, choices=("age", "sex")))
    age, sex = (sheet.editor(QCheckBox, f"columns_{name}") for name in ("age", "sex"))
    assert age.isChecked()
    assert sex.isChecked()
    age.click()
    assert sheet.values["columns"] == ["sex"]
    age.click()
    assert "columns" not in sheet.values


def test_that_another_owner_of_the_same_settings_takes_the_rows_and_nothing_that_was_begun(qtbot: QtBot) -> None:
    params = (
        Param("units", "integer", 32, required=True, minimum=1),
        Param("padding", "choice", "valid", choices=("valid", "same")),
        Param("seed", "integer", None, nullable=True, advanced=True),
    )
    sheet = Sheet(qtbot, *params, values={"units": 8, "padding": "odd", "seed": 3})
    line, combo, visit = sheet.editor(QLineEdit, "units"), sheet.editor(QComboBox, "padding"), sheet.form.visit
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, "0")
    assert sheet.message("units")
    sheet.form.show_params(params, {"units": 8}, owner="y")
    assert sheet.editor(QLineEdit, "units") is line, "the row is not made anew"
    assert line.text() == "8"
    assert not sheet.message("units")
    assert not line.hasFocus()
    assert [combo.itemText(place) for place in range(combo.count())] == ["valid", "same"]
    assert combo.currentText() == "valid"
    assert not sheet.editor(QLineEdit, "seed").isVisible(), "what y has not set is folded away"
    assert sheet.form.visit > visit, "an edit is a step of its own"


def test_that_letters_typed_for_one_owner_are_no_beginning_for_the_next(qtbot: QtBot) -> None:
    params, form = (Param("padding", "choice", "valid", choices=("valid", "same")),), ParamForm()
    qtbot.addWidget(form)
    for owner in ("x", "y"):
        form.show_params(params, {}, owner=owner)
        combo = form.findChild(QComboBox, "field_padding")
        assert combo.currentText() == "valid"
        qtbot.keyClicks(combo, "same")
        assert combo.currentText() == "same"
