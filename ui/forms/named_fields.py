"""Editors for Keras objects known by name: initializers, regularizers, constraints, with the one number some take."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ui.forms.choice_fields import ChoiceField
from ui.forms.field import Check
from ui.forms.text_fields import DocumentLineEdit, LineField
from workbench.core.params import Param

# Name: the class, the argument that matters, and Keras's default for it.
NUMBERED = {
    "l1": ("L1", "l1", 0.01),
    "l2": ("L2", "l2", 0.01),
    "max_norm": ("MaxNorm", "max_value", 2.0),
}
_NAMES = {class_name: name for name, (class_name, _, _) in NUMBERED.items()}


class NamedField(ChoiceField):
    """A named object; where one number decides what it does (the strength of L2), it stands beside the name."""

    def __init__(self, param: Param, check: Check | None = None, parent: QWidget | None = None) -> None:
        super().__init__(param, check, parent)
        self._value: Any = param.default
        self.number = DocumentLineEdit()
        self.number.setFixedWidth(64)
        self.number.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.number.textEdited.connect(self._number_typed)
        self.number.editingFinished.connect(self.finished)
        self.row.addWidget(self.number)
        self.number.hide()

    def show_value(self, value: Any) -> None:
        self._value = value
        name, number = self._split(value)
        super().show_value(name)
        self.number.setVisible(number is not None)
        if number is not None and not (self.number.hasFocus() and self._typed_number() == number):
            self.number.setText(LineField.text_of(number))
            self.number.setToolTip(NUMBERED[name][1])
            self.number.setAccessibleName(f"{self.param.title}: {NUMBERED[name][1]}")

    def renew(self) -> None:
        super().renew()
        self.number.clear()

    @staticmethod
    def _split(value: Any) -> tuple[Any, float | None]:
        if isinstance(value, str) and value in NUMBERED:
            return value, NUMBERED[value][2]
        if isinstance(value, dict) and value.get("class_name") in _NAMES:
            name = _NAMES[value["class_name"]]
            _, argument, default = NUMBERED[name]
            config = value.get("config") or {}
            if isinstance(config, dict) and set(config) <= {argument, "axis"}:
                return name, float(config.get(argument, default))
        return value, None

    def _typed_number(self) -> float | None:
        try:
            return float(self.number.text())
        except ValueError:
            return None

    def _number_typed(self) -> None:
        number = self._typed_number()
        name, _ = self._split(self._value)
        class_name, argument, _ = NUMBERED[name]
        if number is None or not 0 < number < float("inf"):
            self.refused.emit(self.tr("%1 must be a number above 0.").replace("%1", argument))
            return
        self.submit({"class_name": class_name, "config": {argument: number}})
