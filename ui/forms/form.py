"""A form over declared parameters: the plain ones first, the rare ones folded away."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QToolButton, QVBoxLayout, QWidget

from ui.forms.registry import make_field
from ui.forms.row import FormRow
from ui.theme import S2, S3
from workbench.core.params import Param


class ParamForm(QWidget):
    """Shows what is set and tells each edit; the document answers by calling `show_params` again.

    `edited` carries the name and the checked value (... for "back to the default"); `visit` tells one stay in a field
    from the next, so that typing in one field can be one undo step.
    """

    edited = Signal(str, object)
    finished = Signal()

    def __init__(self, *, explained: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.visit = 0
        self.rows: dict[str, FormRow] = {}
        self._explained = explained
        self._declared: tuple[str, tuple[Param, ...]] | None = None
        self._values: Mapping[str, Any] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(S2)
        self._body: QWidget | None = None
        self._unfolded = False
        self._unfold: Callable[[bool], None] = lambda wanted: None

    def show_params(self, params: Sequence[Param], values: Mapping[str, Any], owner: str = "") -> None:
        """Show these parameters with what is set; rows are made anew only for other parameters."""
        before, declared, self._values = self._declared, (owner, tuple(params)), values
        self._declared = declared
        unfolded = any(param.advanced and param.name in values for param in params)
        if before is None or before[1] != declared[1]:
            self._make(declared[1], unfolded)
        elif before[0] != owner:
            self._renew(unfolded)
        for row in self.rows.values():
            self._show(row)

    def _renew(self, unfolded: bool) -> None:
        """Take the rows for another owner: nothing that was begun for the one before stays."""
        self.visit += 1
        body, focus = self._body, QApplication.focusWidget()
        if body is not None and focus is not None and body.isAncestorOf(focus):
            body.hide()
            body.show()
        for row in self.rows.values():
            row.field.renew()
        self._unfold(unfolded or self._unfolded)

    def _show(self, row: FormRow) -> None:
        param = row.param
        row.show_value(self._values.get(param.name, param.default), is_set=param.name in self._values)

    def focus(self, name: str) -> None:
        """Put the cursor in one field."""
        if name in self.rows:
            self.rows[name].field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _make(self, params: tuple[Param, ...], unfolded: bool) -> None:
        self.visit += 1
        self.rows = {}
        self._unfold = lambda wanted: None
        if self._body is not None:
            self._body.hide()
            self._body.setParent(None)
            self._body.deleteLater()
        self._body = QWidget()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S3 if self._explained else S2)
        for param in params:
            if not param.advanced:
                column.addWidget(self._make_row(param))
        advanced = [param for param in params if param.advanced]
        if advanced:
            column.addLayout(self._make_fold(advanced, unfolded or self._unfolded))
        self._column.addWidget(self._body)

    def _make_fold(self, params: list[Param], unfolded: bool) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(S2)
        button = QToolButton()
        button.setObjectName("advanced_button")
        button.setText(self.tr("Advanced"))
        button.setToolTip(self.tr("Settings that rarely need a change"))
        button.setAutoRaise(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        holder = QWidget()
        rows = QVBoxLayout(holder)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(S2)

        def unfold(wanted: bool) -> None:
            # Rows cost time, and most forms are never unfolded: they are made when they are first seen.
            for param in params if wanted and not rows.count() else ():
                row = self._make_row(param)
                rows.addWidget(row)
                self._show(row)
            holder.setVisible(wanted)
            button.setArrowType(Qt.ArrowType.DownArrow if wanted else Qt.ArrowType.RightArrow)

        def turn() -> None:
            self._unfolded = holder.isHidden()
            unfold(self._unfolded)

        button.clicked.connect(turn)
        self._unfold = unfold
        unfold(unfolded)
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(holder)
        return column

    def _make_row(self, param: Param) -> FormRow:
        row = FormRow(make_field(param), explained=self._explained)
        row.edited.connect(lambda value, name=param.name: self.edited.emit(name, value))
        row.finished.connect(self._leave)
        self.rows[param.name] = row
        return row

    def _leave(self) -> None:
        self.visit += 1
        self.finished.emit()
