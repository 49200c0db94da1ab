"""The editors of a layer inside a layer (Bidirectional's LSTM), and of several (the cells of an RNN)."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.forms.choice_fields import QuietCombo
from ui.forms.field import Check, Field
from ui.widgets.buttons import IconButton, QuietButton
from workbench.catalog.layers import layer_spec, layers
from workbench.core.params import Param


class LayerField(Field):
    """A nested layer, stored as {"layer": class name, "params": {...}}."""

    def __init__(self, param: Param, check: Check | None = None, parent: QWidget | None = None) -> None:
        super().__init__(param, check, parent)
        # The form makes its fields through this module's registry, so neither can import the other at the top.
        from ui.forms.form import ParamForm

        self._value: dict[str, Any] = dict(param.default or {"layer": "", "params": {}})
        self._visit = 0
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.combo = QuietCombo()
        names = param.choices or tuple(name for name, spec in layers().items() if spec.nestable)
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
        self.form.show_params(spec.params if spec else (), self._value.get("params", {}), owner=f"{self._visit} {name}")

    def renew(self) -> None:
        self._visit += 1

    def _picked(self) -> None:
        self.submit({"layer": self.combo.currentText(), "params": {}})
        self.finished.emit()

    def _inner_edited(self, name: str, value: Any) -> None:
        params = {**self._value.get("params", {}), name: value}
        self.submit({**self._value, "params": {key: kept for key, kept in params.items() if kept is not ...}})


class LayersField(Field):
    """Several nested layers, in order; there is always at least one."""

    def __init__(self, param: Param, check: Check | None = None, parent: QWidget | None = None) -> None:
        super().__init__(param, check, parent)
        first = (param.default or [{"layer": "", "params": {}}])[0]
        self._one = dataclasses.replace(param, kind="layer", default=first)
        self._value: list[dict[str, Any]] = []
        self.fields: list[LayerField] = []
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._column = QVBoxLayout()
        self._column.setSpacing(8)
        column.addLayout(self._column)
        self.add_button = QuietButton(self.tr("Add"), "plus")
        self.add_button.setObjectName(f"add_{param.name}")
        self.add_button.setAccessibleName(self.tr("Add to %1").replace("%1", param.title.lower()))
        self.add_button.clicked.connect(self._add)
        column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.row.addWidget(holder, 1)
        self.setFocusProxy(self.add_button)

    def renew(self) -> None:
        for field in self.fields:
            field.renew()

    def show_value(self, value: Any) -> None:
        self._value = list(value or [])
        if len(self._value) != len(self.fields):
            self._rebuild()
        for field, inner in zip(self.fields, self._value, strict=True):
            field.show_value(inner)

    def _rebuild(self) -> None:
        while (item := self._column.takeAt(0)) is not None:
            if (line := item.widget()) is not None:
                line.hide()
                line.setParent(None)
                line.deleteLater()
        self.fields = []
        for place in range(len(self._value)):
            holder = QWidget()
            row = QHBoxLayout(holder)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(4)
            field = LayerField(self._one)
            field.combo.setObjectName(f"field_{self.param.name}_{place}")
            field.edited.connect(lambda value, place=place: self._changed(place, value))
            field.refused.connect(self.refused)
            field.finished.connect(self.finished)
            row.addWidget(field, 1)
            remove = IconButton("x", self.tr("Remove"), size=16)
            remove.setObjectName(f"remove_{self.param.name}_{place}")
            remove.setVisible(len(self._value) > 1)
            remove.clicked.connect(lambda _=False, place=place: self._remove(place))
            row.addWidget(remove, 0, Qt.AlignmentFlag.AlignTop)
            self._column.addWidget(holder)
            self.fields.append(field)

    def _changed(self, place: int, value: Any) -> None:
        self.submit([*self._value[:place], value, *self._value[place + 1 :]])

    def _add(self) -> None:
        self.submit([*self._value, dict(self._one.default)])
        self.finished.emit()

    def _remove(self, place: int) -> None:
        self.submit([*self._value[:place], *self._value[place + 1 :]])
        self.finished.emit()
