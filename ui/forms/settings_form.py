"""A form over a pydantic settings model: one explained row a field, grouped as the model is."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.forms.choice_fields import ChoicesField, NamesField
from ui.forms.field import Field
from ui.forms.registry import make_field
from ui.forms.row import FormRow
from ui.forms.settings_params import Setting, settings_of
from ui.theme import S3
from ui.widgets import SectionHeader
from workbench.core.params import Param


class SettingsForm(QWidget):
    """Edits a settings model by its dotted paths.

    Args:
        model: The settings class; its fields' metadata say bounds, choices and help.
        overrides: Declarations that take a field's place by path, for choices that depend on the data; for a list of
            names, `choices` makes check boxes.
        hidden: Paths that get no row.
        only: The paths that get one, in this order and without titles over groups; all where not given.
        explained: Whether each row's sentence stands under it.

    `changed` carries {path: checked value}; a reset carries the model's default. `merge_key` is, during that signal,
    the same for all edits of one visit to one field.
    """

    changed = Signal(dict)

    def __init__(
        self,
        model: type[BaseModel],
        *,
        overrides: Mapping[str, Param] | None = None,
        hidden: Collection[str] = (),
        only: Sequence[str] = (),
        explained: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.merge_key = ""
        self.rows: dict[str, FormRow] = {}
        shown = [setting for setting in settings_of(model) if setting.path not in hidden]
        shown.sort(key=lambda setting: bool(setting.group))
        if only:
            known = {setting.path: setting for setting in shown}
            shown = [dataclasses.replace(known[path], group="") for path in only]
        self.settings = {setting.path: setting for setting in shown}
        self._overrides = dict(overrides or {})
        self._explained = explained
        self._visit = 0
        self._values: dict[str, Any] = {}
        self._headers: dict[str, SectionHeader] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(S3)
        group = ""
        for setting in self.settings.values():
            if setting.group != group:
                group = setting.group
                self._headers[group] = SectionHeader(group)
                self._column.addWidget(self._headers[group])
            self._column.addWidget(self._make_row(setting))
        self._column.addStretch(1)

    def set_values(self, model: BaseModel) -> None:
        """Show a settings object."""
        dumped = model.model_dump(mode="json")
        for path, setting in self.settings.items():
            value: Any = dumped
            for step in path.split("."):
                value = value[step]
            self._values[path] = value
            self.rows[path].show_value(value, is_set=value != setting.param.default)

    def set_override(self, path: str, param: Param) -> None:
        """Put another declaration in the place of a row's (its choices follow the data)."""
        if self._overrides.get(path) == param:
            return
        self._overrides[path] = param
        old = self.rows[path]
        row = self._make_row(self.settings[path])
        self._column.replaceWidget(old, row)
        row.setVisible(not old.isHidden())
        old.hide()
        old.deleteLater()
        if path in self._values:
            value = self._values[path]
            row.show_value(value, is_set=value != self.settings[path].param.default)

    def set_row_visible(self, path: str, visible: bool) -> None:
        """Show or hide one row, and its group's header when it is the last to go."""
        self.rows[path].setVisible(visible)
        group = self.settings[path].group
        if group in self._headers:
            alive = any(
                not self.rows[other].isHidden() for other, setting in self.settings.items() if setting.group == group
            )
            self._headers[group].setVisible(alive)

    def _make_row(self, setting: Setting) -> FormRow:
        row = FormRow(self._make_field(setting), explained=self._explained)
        row.edited.connect(lambda value, path=setting.path: self._edited(path, value))
        row.finished.connect(self._leave)
        self.rows[setting.path] = row
        return row

    def _make_field(self, setting: Setting) -> Field:
        param = self._overrides.get(setting.path, setting.param)
        if setting.names:
            return (ChoicesField if param.choices else NamesField)(param, setting.check)
        return make_field(param, dataclasses.replace(setting, param=param).check)

    def _edited(self, path: str, value: Any) -> None:
        self.merge_key = f"settings:{path}:{self._visit}"
        self.changed.emit({path: self.settings[path].param.default if value is ... else value})

    def _leave(self) -> None:
        self._visit += 1
