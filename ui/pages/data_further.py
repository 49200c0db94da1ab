"""Further targets: what else the network learns to predict from the same samples, each by an output of its own."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QVBoxLayout, QWidget

from ui.canvas.words import counted
from ui.pages.data_choices import Choices, narrow
from ui.theme import S1, S2, S3
from ui.widgets import Caption, ElidedLabel, IconButton
from workbench.data.spec import DatasetInfo, DatasetSpec, FurtherTarget, TargetInfo

MOST_NAMED = 6


class FurtherRow(QWidget):
    """One further target: its name, its task, and a way to take it away."""

    task_wanted = Signal(str)
    removed = Signal()

    def __init__(self, target: TargetInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = ElidedLabel(target.name, "strong")
        self.task = QComboBox()
        self.task.setObjectName(f"further_task_{target.name}")
        self.task.setAccessibleName(self.tr("Task of {name}").format(name=target.name))
        self.task.addItem(self.tr("Classification"), "classification")
        self.task.addItem(self.tr("Regression"), "regression")
        self.task.setCurrentIndex(self.task.findData(target.task))
        self.task.setToolTip(self.tr("Classification names a class; regression estimates a number"))
        narrow(self.task)
        self.task.activated.connect(lambda: self.task_wanted.emit(self.task.currentData()))
        self.remove = IconButton("x", self.tr("Predict “{name}” no more").format(name=target.name), size=16)
        self.remove.setObjectName(f"further_remove_{target.name}")
        self.remove.clicked.connect(self.removed)
        self.words = Caption(self._found(target))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(S2)
        grid.setVerticalSpacing(S1)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 3)
        grid.addWidget(self.name, 0, 0)
        grid.addWidget(self.task, 0, 1)
        grid.addWidget(self.remove, 0, 2)
        grid.addWidget(self.words, 1, 0, 1, 3)

    def _found(self, target: TargetInfo) -> str:
        if target.range is not None:
            low, high = target.range
            return self.tr("{low} to {high}").format(low=f"{low:g}", high=f"{high:g}")
        named = ", ".join(target.classes[:MOST_NAMED]) + ("…" if len(target.classes) > MOST_NAMED else "")
        return f"{counted(len(target.classes), self.tr('1 class'), self.tr('%1 classes'))}: {named}"


class FurtherChoices(Choices):
    """The further targets there are, and a list to add one from."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[str, FurtherRow] = {}
        self._found: tuple[TargetInfo, ...] = ()
        self.more = QComboBox()
        self.more.setObjectName("further_chooser")
        self.more.setAccessibleName(self.tr("Add a target"))
        self.more.setToolTip(
            self.tr("A column or array that the network learns as well, by an output of its own, and does not see")
        )
        narrow(self.more)
        self.more.activated.connect(self._add)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(S3)
        self._column.addWidget(self.more)

    def show_choices(self, info: DatasetInfo, spec: DatasetSpec) -> None:
        """Show the present targets, and what may be added."""
        self.spec = spec
        if info.further != self._found:
            self._remake(info.further)
        taken = {target.name for target in info.targets}
        free = [name for name in info.further_choices if name not in taken]
        with QSignalBlocker(self.more):
            self.more.clear()
            self.more.addItem(self.tr("Add a target…"), None)
            for name in free:
                self.more.addItem(name, name)
        self.more.setVisible(bool(free))

    def _remake(self, found: tuple[TargetInfo, ...]) -> None:
        for row in self.rows.values():
            row.hide()
            self._column.removeWidget(row)
            row.deleteLater()
        self.rows, self._found = {}, found
        for place, target in enumerate(found):
            row = self.rows[target.name] = FurtherRow(target)
            row.task_wanted.connect(lambda task, place=place: self._set_task(place, task))
            row.removed.connect(lambda place=place: self._remove(place))
            self._column.insertWidget(place, row)

    def _add(self) -> None:
        spec, name = self.spec, self.more.currentData()
        self.more.setCurrentIndex(0)
        if spec is None or name is None:
            return
        kept = {
            field: tuple(other for other in getattr(spec, field) if other != name)
            for field in ("ignored", "categorical", "used")
        }
        further = (*spec.further, FurtherTarget(name=name))
        label = self.tr("Predict “{name}” as well").format(name=name)
        self.ask(label, None, further=further, **kept)

    def _set_task(self, place: int, task: str) -> None:
        if self.spec is not None and place < len(self.spec.further):
            targets = list(self.spec.further)
            targets[place] = FurtherTarget.model_validate({"name": targets[place].name, "task": task})
            self.ask(self.tr("Choose the task"), None, further=tuple(targets))

    def _remove(self, place: int) -> None:
        if self.spec is not None and place < len(self.spec.further):
            gone = self.spec.further[place].name
            further = tuple(target for other, target in enumerate(self.spec.further) if other != place)
            self.ask(self.tr("Predict “{name}” no more").format(name=gone), None, further=further)
