"""The editor of a layer inside a layer (Bidirectional's LSTM): which one, and its own form."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.forms.choice_fields import QuietCombo
from ui.forms.field import Check, Field
from workbench.catalog.layers import layer_spec, layers
from workbench.core.params import Param


class LayerField(Field):
    """A nested layer, stored as {"layer": class name, "params": {...}}."""

    def __init__(self, param: Param, check: Check | None = None, parent: QWidget | None = None) -> None:
        super().__init__(param, check, parent)
        # The form makes its fields through this module's registry, so neither can import the other at the top.
        from ui.forms.form import ParamForm

        self._value: dict[str, Any] = dict(param.default or {"layer": "", "params": {}})
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.combo = QuietCombo()
        names = param.choices or tuple(name for name, spec in layers().items() if spec.category != "io")
        self.combo.addItems(list(names))
        self.combo.activated.connect(self._picked)
        self.form = ParamForm()
        self.form.edited.connect(self._inner_edited)
        self.form.finished.connect(self.finished)
        column.addWidget(self.combo)
        column.addWidget(self.form)
        self.row.addWidget(holder, 1)
        self.setFocusProxy(self.combo)
        self.combo.setAccessibleName(param.title)
        self.combo.setObjectName(f"field_{param.name}")

    def show_value(self, value: Any) -> None:
        self._value = dict(value or {"layer": "", "params": {}})
        name = str(self._value.get("layer", ""))
        if self.combo.findText(name) < 0:
            self.combo.addItem(name)
        self.combo.setCurrentText(name)
        spec = layer_spec(name)
        self.form.show_params(spec.params if spec else (), self._value.get("params", {}), owner=name)

    def _picked(self) -> None:
        self.submit({"layer": self.combo.currentText(), "params": {}})
        self.finished.emit()

    def _inner_edited(self, name: str, value: Any) -> None:
        params = {**self._value.get("params", {}), name: value}
        self.submit({**self._value, "params": {key: kept for key, kept in params.items() if kept is not ...}})
