"""A table row as a form: one field a column, filled with a real row, each edit a new question to the model."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QWidget

from ui.pages.data_table import exact
from ui.theme import S1, S2
from ui.widgets import ElidedLabel, set_state
from workbench.data.spec import CategoricalColumn, TablePreparation

Row = dict[str, str | float | None]


class RowForm(QWidget):
    """`changed` tells that the row is another one; `row()` is None while a number cannot be read."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns: TablePreparation | None = None
        self.fields: dict[str, QLineEdit | QComboBox] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(S2)
        self._grid.setVerticalSpacing(S1)
        self._grid.setColumnStretch(0, 2)
        self._grid.setColumnStretch(1, 3)

    def show_columns(self, columns: TablePreparation) -> None:
        """Make a field for each column that the model reads."""
        if columns == self._columns:
            return
        self._columns = columns
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.fields = {}
        for row, column in enumerate(columns.columns):
            field = self._choice(column) if isinstance(column, CategoricalColumn) else self._number()
            field.setAccessibleName(column.name)
            field.setObjectName(f"field_{column.name}")
            self.fields[column.name] = field
            self._grid.addWidget(ElidedLabel(column.name, "muted"), row, 0)
            self._grid.addWidget(field, row, 1)

    def _number(self) -> QLineEdit:
        field = QLineEdit()
        field.setPlaceholderText(self.tr("missing"))
        field.textEdited.connect(self._edited)
        return field

    def _choice(self, column: CategoricalColumn) -> QComboBox:
        field = QComboBox()
        field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        field.setMinimumContentsLength(6)
        field.addItem(self.tr("missing"), None)
        for category in column.categories:
            field.addItem(category, category)
        field.activated.connect(self._edited)
        return field

    def fill(self, row: dict[str, Any]) -> None:
        """Show the values of a row without telling."""
        for name, field in self.fields.items():
            value = row.get(name)
            with QSignalBlocker(field):
                if isinstance(field, QLineEdit):
                    field.setText("" if value is None else exact(value))
                    set_state(field, "invalid", False)
                else:
                    place = field.findData(None if value is None else str(value))
                    if place < 0:  # never seen in training; the model reads it as none of its categories
                        field.addItem(str(value), str(value))
                        place = field.count() - 1
                    field.setCurrentIndex(place)

    def row(self) -> Row | None:
        """The values as they stand, None where a number cannot be read."""
        values: Row = {}
        for name, field in self.fields.items():
            if isinstance(field, QComboBox):
                values[name] = field.currentData()
                continue
            number = self._read(field.text())
            if number is not None and math.isinf(number):
                return None
            values[name] = number
        return values

    def _read(self, text: str) -> float | None:
        """The number in a text; None where it is empty, infinity where it is no number."""
        text = text.strip()
        if not text:
            return None
        try:
            number = float(text)
        except ValueError:
            return math.inf
        return number if math.isfinite(number) else math.inf

    def _edited(self) -> None:
        for field in self.fields.values():
            if isinstance(field, QLineEdit):
                number = self._read(field.text())
                set_state(field, "invalid", number is not None and math.isinf(number))
        self.changed.emit()
