"""Editors in which a value is picked: yes or no, one of several, some of several."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QSizePolicy, QVBoxLayout, QWidget

from ui.forms.field import Check, Field
from ui.forms.text_fields import DocumentLineEdit
from workbench.core.params import Param


class QuietCombo(QComboBox):
    """A combo box that the wheel only turns once it has the focus, so that scrolling a form changes nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class BooleanField(Field):
    """A check box."""

    def __init__(self, param: Param, check: Check | None = None, parent: QWidget | None = None) -> None:
        super().__init__(param, check, parent)
        self.box = QCheckBox()
        self.box.clicked.connect(self._clicked)
        self.adopt(self.box)

    def show_value(self, value: Any) -> None:
        self.box.setChecked(bool(value))

    def _clicked(self, checked: bool) -> None:
        self.submit(checked)
        self.finished.emit()


class ChoiceField(Field):
    """One of several. The stored value is the item's data; None is shown as "not set"."""

    def __init__(self, param: Param, check: Check | None = None, parent: QWidget | None = None) -> None:
        super().__init__(param, check, parent)
        self.combo = QuietCombo()
        if param.nullable:
            self.combo.addItem(self.tr("not set"), None)
        for value, title in self.items():
            self.combo.addItem(title, value)
        self._offered = self.combo.count()
        self._visited = False
        self.combo.activated.connect(self._picked)
        self.adopt(self.combo)

    def items(self) -> list[tuple[Any, str]]:
        """What can be picked: the stored value and the words for it."""
        if self.param.kind == "boolean":
            return [(True, self.tr("yes")), (False, self.tr("no"))]
        names = self.param.choices
        return list(zip(names, self.param.labels or names, strict=True))

    def show_value(self, value: Any) -> None:
        place = self._place(value)
        if place < 0:
            # A project may hold a value that the catalogue does not offer: it is shown as it is, not lost.
            self.combo.addItem(self.words_for(value), value)
            place = self.combo.count() - 1
        self.combo.setCurrentIndex(place)

    def renew(self) -> None:
        while self.combo.count() > self._offered:
            self.combo.removeItem(self._offered)
        if self._visited:
            # Letters that were typed for the one before are no beginning of a word for the next.
            self.combo.view().keyboardSearch("")
            self._visited = False

    def words_for(self, value: Any) -> str:
        """The words for a value that is not among the choices."""
        return str(value["class_name"]) if isinstance(value, dict) and "class_name" in value else str(value)

    def _place(self, value: Any) -> int:
        return next((place for place in range(self.combo.count()) if self.combo.itemData(place) == value), -1)

    def _picked(self, place: int) -> None:
        self._visited = True
        self.submit(self.combo.itemData(place))
        self.finished.emit()


class ChoicesField(Field):
    """Some of several, one check box each; the stored value is a list in the order of the choices.

    Where nothing set is a value, it means all of them.
    """

    tall = True

    def __init__(self, param: Param, check: Check | None = None, parent: QWidget | None = None) -> None:
        super().__init__(param, check or (lambda value: value), parent)
        self._boxes: dict[str, QCheckBox] = {}
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for name in param.choices:
            box = self._boxes[name] = QCheckBox(name)
            box.setObjectName(f"field_{param.name}_{name}")
            box.setToolTip(name)
            # A long name is cut off rather than widening the form.
            box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            box.clicked.connect(self._clicked)
            column.addWidget(box)
        self.row.addWidget(holder, 1)
        if self._boxes:
            self.setFocusProxy(next(iter(self._boxes.values())))

    def show_value(self, value: Any) -> None:
        chosen = set(self._boxes if value is None and self.param.nullable else value or ())
        for name, box in self._boxes.items():
            box.setChecked(name in chosen)

    def _clicked(self) -> None:
        chosen = [name for name, box in self._boxes.items() if box.isChecked()]
        if self.param.nullable and len(chosen) == len(self._boxes):
            self.edited.emit(...)
        else:
            self.submit(chosen)
        self.finished.emit()


class NamesField(Field):
    """A list of names where no choices are known, parted by commas."""

    def __init__(self, param: Param, check: Check | None = None, parent: QWidget | None = None) -> None:
        super().__init__(param, check or (lambda value: value), parent)
        self.line = DocumentLineEdit()
        self.line.textEdited.connect(self._typed)
        self.line.editingFinished.connect(self.finished)
        self.adopt(self.line)

    def show_value(self, value: Any) -> None:
        if self._names() != list(value or ()):
            self.line.setText(", ".join(value or ()))

    def renew(self) -> None:
        self.line.clear()

    def _names(self) -> list[str]:
        return [name.strip() for name in self.line.text().split(",") if name.strip()]

    def _typed(self) -> None:
        self.submit(self._names())
